import CWebP

/// The header of a WebP file, read and checked before libwebp allocates anything for it.
struct WebPHeader {
    /// The width of the stored image, which may have to be rotated.
    let width: Int
    let height: Int
    let orientation: EXIFOrientation
    /// The number of bytes of the image, without what follows it in the file.
    let byteCount: Int

    /// Beyond this, the number of pixels must be justified by the number of bytes: a lossless image of one colour can have any
    /// number of pixels in a few bytes.
    static let freePixelCount = 1 << 22
    /// In a lossy image, a macroblock of 16 × 16 pixels takes at least two bits.
    private static let mostPixelsPerByte = 8 * 128

    /// Walks over the chunks to the end. Throws `WebPError` if the bytes are not a WebP, end too early, or are too few for the
    /// number of pixels.
    /// - Complexity: O(number of chunks).
    init(_ bytes: [UInt8]) throws(WebPError) {
        let (riff, webp) = ([UInt8]("RIFF".utf8), [UInt8]("WEBP".utf8))
        if !bytes.prefix(4).elementsEqual(riff.prefix(bytes.count)) || bytes.isEmpty { throw .notWebP }
        if bytes.count < 12 { throw .cutShort(byteCount: bytes.count) }
        if !bytes[8..<12].elementsEqual(webp) { throw .notWebP }
        func number(at offset: Int) -> Int {
            bytes[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        let end = 8 + number(at: 4)
        if end > bytes.count { throw .cutShort(byteCount: bytes.count) }
        var orientation: EXIFOrientation?
        var offset = 12
        while end - offset >= 8 {
            let size = number(at: offset + 4)
            if size > end - offset - 8 { throw .cutShort(byteCount: bytes.count) }
            let content = bytes[offset + 8..<offset + 8 + size]
            if orientation == nil, bytes[offset..<offset + 4].elementsEqual("EXIF".utf8) {
                // Some programs precede it with the signature of the JPEG segment.
                let signature = [UInt8]("Exif".utf8) + [0, 0]
                let segment = content.starts(with: signature) ? content : (signature + content)[...]
                orientation = EXIFOrientation(segment: segment)
            }
            // Chunks of odd size are padded with one byte.
            offset += 8 + size + size % 2
        }
        var features = WebPBitstreamFeatures()
        let status = bytes.withUnsafeBufferPointer { WebPGetFeatures($0.baseAddress, end, &features) }
        if let error = WebPCodec.error(status, byteCount: bytes.count) { throw error }
        if features.has_animation != 0 { throw .animated }
        (width, height) = (Int(features.width), Int(features.height))
        if width <= 0 || height <= 0 { throw .damaged("the header's fields are invalid") }
        let pixels = width * height
        if pixels > WebPCodec.largestPixelCount { throw .tooLarge(width: width, height: height) }
        if pixels > max(Self.freePixelCount, bytes.count * Self.mostPixelsPerByte) {
            throw .implausibleSize(width: width, height: height, byteCount: bytes.count)
        }
        self.orientation = orientation ?? .upright
        byteCount = end
    }
}
