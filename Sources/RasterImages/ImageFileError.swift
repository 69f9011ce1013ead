import TensorFiles

/// Why the image in a file could not be read.
public enum ImageFileError: Error, Equatable, CustomStringConvertible {
    /// The bytes could not be read.
    case unreadable(FileReadError)
    /// The first bytes, up to four of them, belong to no supported format.
    case unknownFormat(path: String, start: [UInt8])
    /// An image in a known but unsupported format, with the format's name.
    case unreadFormat(path: String, name: String)
    /// The bytes of the file at `path` are not a PNG image.
    case png(path: String, PNGError)
    /// The bytes of the file at `path` are not a JPEG image.
    case jpeg(path: String, JPEGError)
    /// The bytes of the file at `path` are not a WebP image.
    case webp(path: String, WebPError)

    /// The image in the file at `path` would have too many pixels after upsampling.
    case upsampledTooLarge(path: String, width: Int, height: Int, factor: Int)

    /// The file, what was found and what was expected.
    public var description: String {
        switch self {
        case .unreadable(let error): error.description
        case .unknownFormat(let path, let start) where start.isEmpty:
            "\(path): the file is empty; expected a \(ImageFormat.wordsForRead) image"
        case .unknownFormat(let path, let start):
            "\(path): not a \(ImageFormat.wordsForRead) image; it begins with the bytes "
                + start.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: " ")
        case .unreadFormat(let path, let name):
            "\(path): a \(name) image; expected \(ImageFormat.wordsForRead): convert it"
        case .png(let path, let error): "\(path): \(error)"
        case .jpeg(let path, let error): "\(path): \(error)"
        case .webp(let path, let error): "\(path): \(error)"
        case .upsampledTooLarge(let path, let width, let height, let factor):
            "\(path): \(width) × \(height) pixels upsampled by \(factor) are more than the limit of "
                + "\(RGBImage.largestUpsampledPixelCount)"
        }
    }
}
