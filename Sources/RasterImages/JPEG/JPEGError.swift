/// Why bytes are not a readable JPEG image.
public enum JPEGError: Error, Equatable, CustomStringConvertible {
    /// The bytes do not begin with JPEG's start marker.
    case notJPEG
    /// The bytes end at `byteCount`, before the image does.
    case cutShort(byteCount: Int)
    /// The header states more pixels than this program accepts.
    case tooLarge(width: Int, height: Int)
    /// The header states more pixels than so few bytes can hold, however well they are compressed.
    case implausibleSize(width: Int, height: Int, byteCount: Int)
    /// More passes over the image than any encoder produces.
    case tooManyScans(Int)
    /// libjpeg found an error in the content, or does not support this kind of JPEG.
    case damaged(String)

    /// What was found and what was expected.
    public var description: String {
        switch self {
        case .notJPEG:
            "not a JPEG image: its start marker (SOI) is missing"
        case .cutShort(let byteCount):
            "the JPEG image is cut short: it ends after \(byteCount) bytes without its end marker (EOI)"
        case .tooLarge(let width, let height):
            "the JPEG header says \(width) × \(height) pixels; the limit is \(JPEGCodec.largestPixelCount) in all"
        case .implausibleSize(let width, let height, let byteCount):
            "the JPEG header says \(width) × \(height) pixels, more than \(byteCount) bytes can hold"
        case .tooManyScans(let count):
            "the JPEG image has \(count) scans; the limit is \(JPEGCodec.largestScanCount)"
        case .damaged(let message):
            "the JPEG image is damaged or of an unsupported kind (libjpeg: \(message))"
        }
    }
}
