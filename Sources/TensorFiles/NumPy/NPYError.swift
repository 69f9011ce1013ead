/// Why a file is not an array in NumPy's `.npy` format (versions 1 to 3).
public enum NPYError: Error, Equatable, CustomStringConvertible {
    /// The file is shorter than the ten bytes that every `.npy` file begins with, or than its own header.
    case cutShort(path: String, size: Int, expected: Int)
    /// It does not begin with `\x93NUMPY`.
    case wrongMagic(path: String)
    /// A version other than 1, 2 or 3.
    case unknownVersion(path: String, major: Int)
    /// A header longer than any array of numbers or texts needs.
    case headerTooLong(path: String, stated: Int, limit: Int)
    /// The header is not the dictionary that it should be: at which byte, and what was expected there.
    case malformedHeader(path: String, position: Int, expected: String)
    /// The header lacks `key`.
    case missingKey(path: String, key: String)
    /// The header has `key` twice.
    case duplicateKey(path: String, key: String)
    /// The header has an unknown key.
    case unknownKey(path: String, key: String)
    /// A type that is not a real number: complex, text, objects, records.
    case unsupportedType(path: String, descr: String)
    /// A type that is not text, where text is needed.
    case notText(path: String, descr: String)
    /// A text that is neither UTF-32 (type `U`) nor UTF-8 (type `S`); rows are counted from 1.
    case invalidText(path: String, row: Int)
    /// A shape with more elements than any memory can hold.
    case shapeTooLarge(path: String, shape: [Int])
    /// The number of bytes after the header does not match shape and type.
    case wrongDataSize(path: String, shape: [Int], descr: String, found: Int, expected: Int)

    /// One line: the path, what was found and what was expected.
    public var description: String {
        switch self {
        case .cutShort(let path, let size, let expected):
            "\(path): cut short: found \(size) bytes; its header alone needs \(expected)"
        case .wrongMagic(let path):
            "\(path): not a .npy file: it does not begin with \\x93NUMPY"
        case .unknownVersion(let path, let major):
            "\(path): found .npy version \(major); expected 1, 2 or 3"
        case .headerTooLong(let path, let stated, let limit):
            "\(path): found a .npy header of \(stated) bytes; expected at most \(limit)"
        case .malformedHeader(let path, let position, let expected):
            "\(path): malformed .npy header at byte \(position): expected \(expected)"
        case .missingKey(let path, let key):
            "\(path): the .npy header lacks '\(key)'"
        case .duplicateKey(let path, let key):
            "\(path): the .npy header has '\(key)' twice"
        case .unknownKey(let path, let key):
            "\(path): the .npy header has the key '\(key)'; expected only descr, fortran_order and shape"
        case .unsupportedType(let path, let descr):
            "\(path): found element type '\(descr)'; expected a float, an integer or bool"
        case .notText(let path, let descr):
            "\(path): found element type '\(descr)'; expected text (U or S)"
        case .invalidText(let path, let row):
            "\(path), row \(row): not valid text"
        case .shapeTooLarge(let path, let shape):
            "\(path): shape \(shape) has more elements than memory could hold"
        case .wrongDataSize(let path, let shape, let descr, let found, let expected):
            "\(path): found \(found) bytes of data; shape \(shape) of type '\(descr)' needs \(expected)"
        }
    }
}
