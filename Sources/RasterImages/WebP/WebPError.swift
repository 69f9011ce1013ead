/// Why bytes are not a readable WebP image.
public enum WebPError: Error, Equatable, CustomStringConvertible {
    /// The bytes do not begin with WebP's signature.
    case notWebP
    /// The bytes end at `byteCount`, before the image does.
    case cutShort(byteCount: Int)
    /// The header states more pixels than this program accepts.
    case tooLarge(width: Int, height: Int)
    /// The header states more pixels than images with so few bytes have.
    case implausibleSize(width: Int, height: Int, byteCount: Int)
    /// Several images in sequence.
    case animated
    /// libwebp found an error in the content.
    case damaged(String)

    /// What was found and what was expected.
    public var description: String {
        switch self {
        case .notWebP:
            "not a WebP image: its signature is missing"
        case .cutShort(let byteCount):
            "the WebP image is cut short: it ends after \(byteCount) bytes"
        case .tooLarge(let width, let height):
            "the WebP header says \(width) × \(height) pixels; the limit is \(WebPCodec.largestPixelCount) in all"
        case .implausibleSize(let width, let height, let byteCount):
            "the WebP header says \(width) × \(height) pixels, more than \(byteCount) bytes can plausibly hold"
        case .animated:
            "the WebP image is an animation; expected a single image"
        case .damaged(let message):
            "the WebP image is damaged (libwebp: \(message))"
        }
    }
}
