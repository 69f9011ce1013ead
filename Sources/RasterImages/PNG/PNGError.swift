/// Why bytes are not a readable PNG image, or why an image could not be encoded as one.
public enum PNGError: Error, Equatable, CustomStringConvertible {
    /// The bytes do not begin with PNG's signature and header chunk.
    case notPNG
    /// The bytes end at `byteCount`, before the image does.
    case cutShort(byteCount: Int)
    /// The header states more pixels than this program accepts.
    case tooLarge(width: Int, height: Int)
    /// The header states more pixels than so few bytes can hold, however well they are compressed.
    case implausibleSize(width: Int, height: Int, byteCount: Int)
    /// libpng found an error in the content.
    case damaged(String)
    /// libpng could not encode an image.
    case notEncoded(String)
    /// zlib ran out of memory for the pixels of a drawn image.
    case notCompressed

    /// What was found and what was expected.
    public var description: String {
        switch self {
        case .notPNG:
            "not a PNG image: its signature or header is missing"
        case .cutShort(let byteCount):
            "the PNG image is cut short: it ends after \(byteCount) bytes without its IEND chunk"
        case .tooLarge(let width, let height):
            "the PNG header says \(width) × \(height) pixels; the limit is \(PNGCodec.largestPixelCount) in all"
        case .implausibleSize(let width, let height, let byteCount):
            "the PNG header says \(width) × \(height) pixels, more than \(byteCount) bytes can hold"
        case .damaged(let message):
            "the PNG image is damaged (libpng: \(message))"
        case .notEncoded(let message):
            "the image could not be encoded as PNG (libpng: \(message))"
        case .notCompressed:
            "the image could not be compressed as PNG: zlib ran out of memory"
        }
    }
}
