/// How to handle a photograph's EXIF orientation, in JPEG, WebP and PNG (`eXIf`).
public enum EXIFUse: String, Sendable, CaseIterable, Codable {
    /// The image is rotated upright, as the annotators saw it.
    case apply
    /// The pixels are used as stored, as torchvision and TensorFlow do by default.
    case ignore
}

/// How an image must be mirrored and rotated to be upright. The raw values are EXIF's; the names give the sides to which the
/// stored image's first row and first column belong.
enum EXIFOrientation: Int {
    case upright = 1, topRight, bottomRight, bottomLeft, leftTop, rightTop, rightBottom, leftBottom

    /// Whether width and height are exchanged.
    var isTurned: Bool { rawValue >= EXIFOrientation.leftTop.rawValue }

    /// From the content of a JPEG file's APP1 segment. Nil if it is not EXIF or does not give the orientation; errors in it are
    /// no reason to reject the image.
    init?(segment: ArraySlice<UInt8>) {
        let signature = [UInt8]("Exif".utf8) + [0, 0]
        guard segment.starts(with: signature) else { return nil }
        self.init(tiff: Array(segment.dropFirst(signature.count)))
    }

    /// From the same content without the segment's signature.
    init?(tiff: [UInt8]) {
        // A TIFF file: byte order, 42, the offset of the first directory.
        let isBigEndian = tiff.starts(with: [0x4D, 0x4D, 0, 42])
        guard isBigEndian || tiff.starts(with: [0x49, 0x49, 42, 0]) else { return nil }
        func number(at offset: Int, byteCount: Int) -> Int? {
            guard offset >= 0, offset + byteCount <= tiff.count else { return nil }
            let bytes = tiff[offset..<offset + byteCount]
            return (isBigEndian ? Array(bytes) : bytes.reversed()).reduce(0) { $0 << 8 | Int($1) }
        }
        // A directory: the number of entries, then 12 bytes per entry: tag, type, count, value.
        guard let directory = number(at: 4, byteCount: 4), let count = number(at: directory, byteCount: 2) else {
            return nil
        }
        for entry in 0..<count {
            let offset = directory + 2 + entry * 12
            guard let tag = number(at: offset, byteCount: 2) else { return nil }
            if tag != 0x0112 { continue }
            let shortType = 3
            guard number(at: offset + 2, byteCount: 2) == shortType, let value = number(at: offset + 8, byteCount: 2)
            else { return nil }
            self.init(rawValue: value)
            return
        }
        return nil
    }
}

extension RGBImage {
    /// The upright image.
    /// - Complexity: O(number of pixels).
    func oriented(_ orientation: EXIFOrientation, _ use: EXIFUse) -> RGBImage {
        if orientation == .upright || use == .ignore { return self }
        let (right, bottom) = (width - 1, height - 1)
        // The source position of the new image's first pixel, and the steps in the old image that correspond to one column and
        // one row of the new.
        let (x, y, column, row): (Int, Int, (x: Int, y: Int), (x: Int, y: Int)) =
            switch orientation {
            case .upright: (0, 0, (1, 0), (0, 1))
            case .topRight: (right, 0, (-1, 0), (0, 1))
            case .bottomRight: (right, bottom, (-1, 0), (0, -1))
            case .bottomLeft: (0, bottom, (1, 0), (0, -1))
            case .leftTop: (0, 0, (0, 1), (1, 0))
            case .rightTop: (0, bottom, (0, -1), (1, 0))
            case .rightBottom: (right, bottom, (0, -1), (-1, 0))
            case .leftBottom: (right, 0, (0, 1), (-1, 0))
            }
        let (newWidth, newHeight) = orientation.isTurned ? (height, width) : (width, height)
        let columnStep = (column.y * width + column.x) * 3
        let rowStep = (row.y * width + row.x) * 3
        let old = pixels
        let pixels = [UInt8](unsafeUninitializedCapacity: old.count) { target, initialized in
            var next = 0
            for newRow in 0..<newHeight {
                var source = (y * width + x) * 3 + newRow * rowStep
                for _ in 0..<newWidth {
                    for channel in 0..<3 { target[next + channel] = old[source + channel] }
                    next += 3
                    source += columnStep
                }
            }
            initialized = next
        }
        return RGBImage(width: newWidth, height: newHeight, pixels: pixels)
    }
}
