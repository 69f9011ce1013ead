/// Why a file is not a ZIP archive that can be read.
public enum ZIPError: Error, Equatable, CustomStringConvertible {
    /// Not a ZIP archive, or one whose directory contradicts the file; in libzip's words.
    case notAnArchive(path: String, reason: String)
    /// Two entries with the same name.
    case duplicateEntry(path: String, entry: String)
    /// An entry that needs a password.
    case encrypted(path: String, entry: String)
    /// An entry whose compression method this libzip does not read; the number is the ZIP format's.
    case unsupportedCompression(path: String, entry: String, method: Int)
    /// An entry whose compressed bytes could never inflate to the size that it claims.
    case impossibleSize(path: String, entry: String, claimed: Int, compressed: Int)
    /// An entry that inflates to far more bytes than any useful data would.
    case inflatesTooFar(path: String, entry: String, size: Int, compressed: Int, most: Int)
    /// An entry that cannot be read to its end: how many of its bytes could be read, how many it claims, and why, in libzip's
    /// words. A wrong checksum shows only after all bytes.
    case damaged(path: String, entry: String, found: Int, expected: Int, reason: String)
    /// An entry that inflates to more bytes than it claims.
    case longerThanClaimed(path: String, entry: String, claimed: Int)

    /// One line: the path, the entry, what was found and what was expected.
    public var description: String {
        switch self {
        case .notAnArchive(let path, let reason):
            "\(path): not a ZIP archive: \(reason)"
        case .duplicateEntry(let path, let entry):
            "\(path): two entries are named '\(entry)'"
        case .encrypted(let path, let entry):
            "\(path), entry '\(entry)': encrypted; expected an entry without a password"
        case .unsupportedCompression(let path, let entry, let method):
            "\(path), entry '\(entry)': compressed with \(Self.name(ofMethod: method)), which this machine's libzip does not "
                + "read; write the file again uncompressed or with deflate (np.savez_compressed)"
        case .impossibleSize(let path, let entry, let claimed, let compressed):
            "\(path), entry '\(entry)': claims \(claimed) bytes, more than its \(compressed) compressed bytes can hold"
        case .inflatesTooFar(let path, let entry, let size, let compressed, let most):
            "\(path), entry '\(entry)': its \(compressed) compressed bytes inflate to \(size); expected at most \(most) "
                + "(--max-file-size \(size) reads it)"
        case .damaged(let path, let entry, let found, let expected, let reason):
            "\(path), entry '\(entry)': damaged after \(found) of \(expected) bytes: \(reason)"
        case .longerThanClaimed(let path, let entry, let claimed):
            "\(path), entry '\(entry)': holds more than the \(claimed) bytes that it claims"
        }
    }

    private static func name(ofMethod method: Int) -> String {
        switch method {
        case 12: "bzip2"
        case 93: "Zstandard"
        case 95: "XZ"
        default: "method \(method)"
        }
    }
}
