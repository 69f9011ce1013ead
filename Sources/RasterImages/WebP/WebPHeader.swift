import CWebP

/// What a WebP file says of itself, read and checked before libwebp allocates anything for it.
struct WebPHeader {
    /// Of the stored image, which may have to be turned.
    let width: Int
    let height: Int
    let orientation: EXIFOrientation
    /// The bytes of the image, without what follows it in the file.
    let byteCount: Int

    /// More pixels than these must be justified by bytes: a lossless image of one colour has any number of pixels in a few
    /// bytes.
    static let freePixelCount = 1 << 22
    /// A macroblock of 16 × 16 pixels takes two bits at least of a lossy image.
    private static let mostPixelsPerByte = 8 * 128

    /// Walks over the chunks to the end. Throws `WebPError` where the bytes are no WebP, end too early, or are too few for
    /// the number of pixels.
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
                // Some programs write the signature of JPEG's segment before it.
                let signature = [UInt8]("Exif".utf8) + [0, 0]
                let segment = content.starts(with: signature) ? content : (signature + content)[...]
                orientation = EXIFOrientation(segment: segment)
            }
            // Chunks of odd sizes are followed by a byte.
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
