/// Why a file does not conform to the safetensors format.
public enum SafetensorsError: Error, Equatable, CustomStringConvertible {
    /// The file is shorter than the eight bytes that hold the header's length.
    case cutShort(path: String, size: Int)
    /// The header's length, as the file states it, exceeds the file or the format's bound of 100 MB.
    case headerTooLong(path: String, stated: UInt64, available: Int)
    /// The header is not the JSON that it should be: at which byte, and what was expected there.
    case malformedHeader(path: String, position: Int, expected: String)
    /// Two entries with the same name.
    case duplicateName(path: String, name: String)
    /// A tensor's entry has `field` twice.
    case duplicateField(path: String, name: String, field: String)
    /// A tensor's entry lacks `dtype`, `shape` or `data_offsets`.
    case missingField(path: String, name: String, field: String)
    /// A tensor's entry has an unknown field.
    case unknownField(path: String, name: String, field: String)
    /// A type that cannot be converted to `Float`.
    case unsupportedType(path: String, name: String, dtype: String)
    /// A shape with more elements than any memory can hold.
    case shapeTooLarge(path: String, name: String, shape: [Int])
    /// The number of bytes between the offsets does not match shape and type.
    case wrongDataSize(path: String, name: String, found: Int, expected: Int)
    /// A tensor's data begin before or after the end of those before it: the format allows neither overlaps nor gaps.
    case notContiguous(path: String, name: String, begin: Int, expected: Int)
    /// The data of all tensors do not add up to the bytes after the header.
    case wrongFileSize(path: String, found: Int, expected: Int)

    /// One line: the path, the tensor, what was found and what was expected.
    public var description: String {
        switch self {
        case .cutShort(let path, let size):
            "\(path): cut short: found \(size) bytes; a safetensors file begins with 8 bytes of header length"
        case .headerTooLong(let path, let stated, let available):
            "\(path): states a header of \(stated) bytes; at most \(available) are possible"
        case .malformedHeader(let path, let position, let expected):
            "\(path): malformed safetensors header at byte \(position): expected \(expected)"
        case .duplicateName(let path, let name):
            "\(path): '\(name)' appears twice in the header"
        case .duplicateField(let path, let name, let field):
            "\(path), tensor '\(name)': '\(field)' appears twice"
        case .missingField(let path, let name, let field):
            "\(path), tensor '\(name)': '\(field)' is missing"
        case .unknownField(let path, let name, let field):
            "\(path), tensor '\(name)': found '\(field)'; expected only dtype, shape and data_offsets"
        case .unsupportedType(let path, let name, let dtype):
            "\(path), tensor '\(name)': found type '\(dtype)'; expected a float, an integer or BOOL"
        case .shapeTooLarge(let path, let name, let shape):
            "\(path), tensor '\(name)': shape \(shape) has more elements than memory could hold"
        case .wrongDataSize(let path, let name, let found, let expected):
            "\(path), tensor '\(name)': data_offsets span \(found) bytes; its shape and type need \(expected)"
        case .notContiguous(let path, let name, let begin, let expected):
            "\(path), tensor '\(name)': its data begin at \(begin); expected \(expected) (no overlap, no gap)"
        case .wrongFileSize(let path, let found, let expected):
            "\(path): found \(found) bytes of data; the header accounts for \(expected)"
        }
    }
}
