/// The header of a JPEG file, read and checked before libjpeg allocates anything for it.
struct JPEGHeader {
    let width: Int
    let height: Int
    let orientation: EXIFOrientation

    /// Walks over the segments to the end marker. Throws `JPEGError` if the bytes are not a JPEG, end too early, or are too few
    /// for the number of pixels.
    /// - Complexity: O(number of bytes).
    init(_ bytes: [UInt8]) throws(JPEGError) {
        if !bytes.starts(with: [0xFF, 0xD8]) {
            throw bytes == [0xFF] ? .cutShort(byteCount: 1) : .notJPEG
        }
        var size: (width: Int, height: Int)?
        var orientation: EXIFOrientation?
        var scanCount = 0
        var offset = 2
        while true {
            guard let marker = Self.marker(in: bytes, from: &offset) else { throw .cutShort(byteCount: bytes.count) }
            switch marker {
            case .end:
                guard let size, scanCount > 0 else { throw .damaged("the image has no content") }
                if scanCount > JPEGCodec.largestScanCount { throw .tooManyScans(scanCount) }
                (width, height) = size
                self.orientation = orientation ?? .upright
                return
            case .standalone: continue
            case .frame, .scan, .exif, .other: break
            }
            if bytes.count - offset < 2 { throw .cutShort(byteCount: bytes.count) }
            let length = Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
            if bytes.count - offset < length { throw .cutShort(byteCount: bytes.count) }
            let content = bytes[offset..<offset + max(length, 2)].dropFirst(2)
            offset += max(length, 2)
            switch marker {
            case .frame where size == nil: size = try Self.size(content, byteCount: bytes.count)
            case .scan: scanCount += 1
            case .exif where orientation == nil: orientation = EXIFOrientation(segment: content)
            default: break
            }
        }
    }

    private enum Marker {
        /// Begins the description of the image.
        case frame
        /// Begins a pass over the image; its data follow the segment.
        case scan
        /// May contain the orientation.
        case exif
        /// Begins a segment that is irrelevant here.
        case other
        /// Without a segment.
        case standalone
        case end
    }

    /// The next marker, skipping whatever precedes it; leaves `offset` after it. Nil if there is none.
    private static func marker(in bytes: [UInt8], from offset: inout Int) -> Marker? {
        bytes.withUnsafeBufferPointer { bytes in
            while offset < bytes.count - 1 {
                if bytes[offset] != 0xFF {
                    offset += 1
                    continue
                }
                let code = bytes[offset + 1]
                // A fill byte, which belongs to the next marker.
                offset += code == 0xFF ? 1 : 2
                switch code {
                case 0x00, 0xFF: continue
                case 0xC4, 0xC8, 0xCC: return .other
                case 0xC0...0xCF: return .frame
                case 0x01, 0xD0...0xD8: return .standalone
                case 0xD9: return .end
                case 0xDA: return .scan
                case 0xE1: return .exif
                default: return .other
                }
            }
            return nil
        }
    }

    /// From a frame's segment: bits per sample, height, width, and more that libjpeg reads.
    private static func size(
        _ frame: ArraySlice<UInt8>, byteCount: Int
    ) throws(JPEGError) -> (width: Int, height: Int) {
        let numbers = frame.prefix(5).map(Int.init)
        if numbers.count < 5 { throw .damaged("the header is too short") }
        let (height, width) = (numbers[1] << 8 | numbers[2], numbers[3] << 8 | numbers[4])
        if width == 0 || height == 0 { throw .damaged("the header's fields are invalid") }
        if width * height > JPEGCodec.largestPixelCount { throw .tooLarge(width: width, height: height) }
        // At least one bit per block of 8 × 8 samples; each sample represents up to 4 pixels if the channels' sampling factors
        // differ as much as possible.
        if width * height > byteCount * 8 * 256 {
            throw .implausibleSize(width: width, height: height, byteCount: byteCount)
        }
        return (width, height)
    }
}
