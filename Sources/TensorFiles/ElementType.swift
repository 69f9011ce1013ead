/// How a file stores one number, and how it becomes a `Float`.
///
/// Conversion rounds to nearest: integers beyond 2²⁴ and `float64` lose precision, numbers beyond the range of `Float`
/// become infinite, `bool` becomes 0 or 1.
enum ElementType: Equatable, Sendable {
    case bool, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float16, bfloat16, float32, float64

    /// In bytes.
    var size: Int {
        switch self {
        case .bool, .int8, .uint8: 1
        case .int16, .uint16, .float16, .bfloat16: 2
        case .int32, .uint32, .float32: 4
        case .int64, .uint64, .float64: 8
        }
    }

    /// Converts the next `count` numbers of `stream`, a part at a time so that no more than 1 MiB is taken beside the
    /// result. The caller has checked them against the stream's size. Throws what the stream throws.
    func read(_ count: Int, from stream: some ByteStream, bigEndian: Bool = false) throws -> [Float] {
        let partSize = (1 << 20) / size
        var part = [UInt8](repeating: 0, count: min(count, partSize) * size)
        return try [Float](unsafeUninitializedCapacity: count) { values, initialized in
            while initialized < count {
                let length = min(partSize, count - initialized)
                try part.withUnsafeMutableBytes { buffer in
                    let bytes = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(length * size)])
                    try stream.read(into: bytes)
                    let rest = UnsafeMutableBufferPointer(rebasing: values[initialized..<initialized + length])
                    convert(UnsafeRawBufferPointer(bytes), into: rest, bigEndian: bigEndian)
                }
                initialized += length
            }
        }
    }

    private func convert(
        _ bytes: UnsafeRawBufferPointer, into values: UnsafeMutableBufferPointer<Float>, bigEndian: Bool
    ) {
        func each<Bits: FixedWidthInteger>(_: Bits.Type, _ number: (Bits) -> Float) {
            for index in values.indices {
                let bits = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Bits>.size, as: Bits.self)
                values.initializeElement(at: index, to: number(bigEndian ? bits.bigEndian : bits.littleEndian))
            }
        }
        switch self {
        case .bool: each(UInt8.self) { $0 == 0 ? 0 : 1 }
        case .int8: each(Int8.self) { Float($0) }
        case .int16: each(Int16.self) { Float($0) }
        case .int32: each(Int32.self) { Float($0) }
        case .int64: each(Int64.self) { Float($0) }
        case .uint8: each(UInt8.self) { Float($0) }
        case .uint16: each(UInt16.self) { Float($0) }
        case .uint32: each(UInt32.self) { Float($0) }
        case .uint64: each(UInt64.self) { Float($0) }
        case .float16: each(UInt16.self) { Float(Float16(bitPattern: $0)) }
        case .bfloat16: each(UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
        case .float32: each(UInt32.self) { Float(bitPattern: $0) }
        case .float64: each(UInt64.self) { Float(Double(bitPattern: $0)) }
        }
    }
}
