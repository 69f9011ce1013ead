/// The header of a PNG file, read and checked before libpng allocates anything for it.
struct PNGHeader {
    let width: Int
    let height: Int
    let bitsPerChannel: Int
    /// How the stored image must be rotated; width and height are those before rotation.
    let orientation: EXIFOrientation
    /// The ranges of whole chunks because of which libpng would brighten or darken the image.
    private let gammaChunks: [Range<Int>]

    /// Reads the header chunk and walks over the chunks to the end. Throws `PNGError` if the bytes are not a PNG, end too
    /// early, or are too few for the number of pixels.
    init(_ bytes: [UInt8]) throws(PNGError) {
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        if bytes.isEmpty || bytes.prefix(8) != signature.prefix(bytes.count)[...] { throw .notPNG }
        if bytes.count < 33 { throw .cutShort(byteCount: bytes.count) }
        func number(at offset: Int) -> Int {
            bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
        }
        let headerType = [UInt8]("IHDR".utf8)
        if number(at: 8) != 13 || bytes[12..<16] != headerType[...] { throw .notPNG }
        (width, height) = (number(at: 16), number(at: 20))
        bitsPerChannel = Int(bytes[24])
        let channels = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][bytes[25]] ?? 0
        if width == 0 || height == 0 || channels == 0 || ![1, 2, 4, 8, 16].contains(bitsPerChannel) {
            throw .damaged("the header's fields are invalid")
        }
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        if overflow || pixels > PNGCodec.largestPixelCount { throw .tooLarge(width: width, height: height) }
        // Deflate expands one byte to at most 1,032.
        if pixels * bitsPerChannel * channels / 8 > bytes.count * 1032 {
            throw .implausibleSize(width: width, height: height, byteCount: bytes.count)
        }
        let endType = [UInt8]("IEND".utf8), gammaType = [UInt8]("gAMA".utf8), exifType = [UInt8]("eXIf".utf8)
        var orientation: EXIFOrientation?
        var gammaChunks: [Range<Int>] = []
        var offset = 8
        while true {
            if bytes.count - offset < 12 { throw .cutShort(byteCount: bytes.count) }
            let length = number(at: offset)
            if bytes.count - offset - 12 < length { throw .cutShort(byteCount: bytes.count) }
            let type = bytes[offset + 4..<offset + 8]
            if type == endType[...] { break }
            if type == gammaType[...] { gammaChunks.append(offset..<offset + 12 + length) }
            if type == exifType[...], orientation == nil {
                orientation = EXIFOrientation(tiff: Array(bytes[offset + 8..<offset + 8 + length]))
            }
            offset += 12 + length
        }
        self.orientation = orientation ?? .upright
        self.gammaChunks = gammaChunks
    }

    /// The bytes that this header was read from, without the gamma.
    func withoutGamma(_ bytes: [UInt8]) -> [UInt8] {
        if gammaChunks.isEmpty { return bytes }
        var rest: [UInt8] = []
        rest.reserveCapacity(bytes.count)
        var start = 0
        for chunk in gammaChunks {
            rest += bytes[start..<chunk.lowerBound]
            start = chunk.upperBound
        }
        return rest + bytes[start...]
    }
}
