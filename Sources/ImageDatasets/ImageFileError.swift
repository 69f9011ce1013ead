import TensorFiles

/// Why the image in a file could not be read.
public enum ImageFileError: Error, Equatable, CustomStringConvertible {
    /// The bytes could not be had.
    case unreadable(FileReadError)
    /// The bytes of the file at `path` are not a PNG image.
    case png(path: String, PNGError)

    /// The file, what was found and what was expected.
    public var description: String {
        switch self {
        case .unreadable(let error): error.description
        case .png(let path, let error): "\(path): \(error)"
        }
    }
}
