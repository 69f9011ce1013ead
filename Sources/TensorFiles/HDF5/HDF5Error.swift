/// Why a file is not a readable HDF5 file, or what it holds that is not supported.
public enum HDF5Error: Error, Equatable, CustomStringConvertible {
    /// The file ends before one of its structures does, or before the end that it states; in bytes.
    case cutShort(path: String, found: Int, expected: Int)
    /// The structure at a position is not what the format describes.
    case malformed(path: String, position: Int, problem: String)
    /// Something is referred to twice: a cycle, or structures that overlap.
    case repeated(path: String, position: Int)
    /// More bytes of structure than a file of this size can hold without naming some of them many times over.
    case overlapping(path: String, size: Int)
    /// More groups and arrays than any network has.
    case tooManyObjects(path: String, limit: Int)
    /// Groups nested more deeply than in any network.
    case tooDeep(path: String, limit: Int)
    /// A link to another name or another file; it was not followed.
    case foreignLink(path: String, name: String, kind: String)
    /// A part of the format that neither Keras nor h5py uses for weights.
    case unsupported(path: String, name: String, feature: String)
    /// A shape with more elements than any memory can hold.
    case shapeTooLarge(path: String, name: String, shape: [Int])
    /// The number of stored bytes does not match shape and type.
    case wrongDataSize(path: String, name: String, found: Int, expected: Int)
    /// A part of an array is missing, appears twice, or lies outside it.
    case badChunk(path: String, name: String, problem: String)
    /// The arrays would inflate to more than the file's size and `allowed` bytes: a compression bomb.
    case expanded(path: String, name: String, allowed: Int, needed: Int)
    /// Compressed bytes that do not inflate, or whose checksum is wrong.
    case damaged(path: String, name: String, problem: String)
    /// An object that is referred to by name does not exist.
    case missing(path: String, name: String)

    /// One line: the path, the position, what was found and what was expected.
    public var description: String {
        switch self {
        case .cutShort(let path, let found, let expected):
            "\(path): cut short: found \(found) bytes; expected \(expected)"
        case .malformed(let path, let position, let problem):
            "\(path): malformed HDF5 at byte \(position): \(problem)"
        case .repeated(let path, let position):
            "\(path): the structure at byte \(position) is referred to twice: a cycle, or an overlap"
        case .overlapping(let path, let size):
            "\(path): more structures than \(size) bytes can hold: they overlap"
        case .tooManyObjects(let path, let limit):
            "\(path): more than \(limit) groups and arrays"
        case .tooDeep(let path, let limit):
            "\(path): groups nested more than \(limit) deep"
        case .foreignLink(let path, let name, let kind):
            "\(path): '\(name)' is a \(kind) link, which is not followed; expected the array itself"
        case .unsupported(let path, let name, let feature):
            "\(path), '\(name)': \(feature), which is not read; write the file again with Keras, or with h5py, without libver and "
                + "with no compression but gzip"
        case .shapeTooLarge(let path, let name, let shape):
            "\(path), array '\(name)': shape \(shape) has more elements than memory could hold"
        case .wrongDataSize(let path, let name, let found, let expected):
            "\(path), array '\(name)': stores \(found) bytes; its shape and type need \(expected)"
        case .badChunk(let path, let name, let problem):
            "\(path), array '\(name)': \(problem)"
        case .expanded(let path, let name, let allowed, let needed):
            "\(path), array '\(name)': compressed arrays that inflate to \(needed) bytes more than the file's size; expected at "
                + "most \(allowed) (--max-file-size \(needed) reads them)"
        case .damaged(let path, let name, let problem):
            "\(path), array '\(name)': \(problem)"
        case .missing(let path, let name):
            "\(path): '\(name)' is named but does not exist"
        }
    }
}
