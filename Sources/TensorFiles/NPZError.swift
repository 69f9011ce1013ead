/// Why a file is not an archive of arrays as `np.savez` writes it, or lacks the array that is needed.
///
/// What is wrong with an array's own bytes is said by `NPYError`, whose path then names the array too.
public enum NPZError: Error, Equatable, CustomStringConvertible {
    /// No ZIP archive, or one whose directory contradicts the file; in libzip's words.
    case notAnArchive(path: String, reason: String)
    /// Two entries of one name.
    case duplicateEntry(path: String, entry: String)
    /// An entry that needs a password.
    case encrypted(path: String, entry: String)
    /// An entry compressed by another method than deflate; the number is that of the ZIP format.
    case unsupportedCompression(path: String, entry: String, method: Int)
    /// An entry whose compressed bytes could never inflate to the size that it claims.
    case impossibleSize(path: String, entry: String, claimed: Int, compressed: Int)
    /// An entry that needs more memory than the machine has; in bytes.
    case tooLarge(path: String, entry: String, needed: Int, memory: Int)
    /// An entry that cannot be read to its end: how many of its bytes could be, how many it claims, and why, in libzip's
    /// words. A wrong checksum shows after all bytes.
    case damaged(path: String, entry: String, found: Int, expected: Int, reason: String)
    /// An entry that inflates to more bytes than it claims.
    case longerThanClaimed(path: String, entry: String, claimed: Int)
    /// No array of that name; `arrays` describes those that there are.
    case missingArray(path: String, name: String, arrays: [String])

    /// One line: the path, the entry, what was found and what was expected.
    public var description: String {
        switch self {
        case .notAnArchive(let path, let reason):
            "\(path): not a .npz archive: \(reason)"
        case .duplicateEntry(let path, let entry):
            "\(path): two entries are named '\(entry)'"
        case .encrypted(let path, let entry):
            "\(path), entry '\(entry)': encrypted, an entry without password expected"
        case .unsupportedCompression(let path, let entry, let method):
            "\(path), entry '\(entry)': compression method \(method) found, 0 (none) or 8 (deflate) expected"
        case .impossibleSize(let path, let entry, let claimed, let compressed):
            "\(path), entry '\(entry)': \(claimed) bytes claimed, which its \(compressed) compressed bytes cannot hold"
        case .tooLarge(let path, let entry, let needed, let memory):
            "\(path), entry '\(entry)': takes \(needed) bytes of memory, this machine has \(memory)"
        case .damaged(let path, let entry, let found, let expected, let reason):
            "\(path), entry '\(entry)': damaged after \(found) of \(expected) bytes: \(reason)"
        case .longerThanClaimed(let path, let entry, let claimed):
            "\(path), entry '\(entry)': more bytes found than the \(claimed) that it claims"
        case .missingArray(let path, let name, let arrays):
            "\(path): array '\(name)' expected, there are \(NPZFile.list(arrays))"
        }
    }
}
