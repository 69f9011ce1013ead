/// How a file stores one number, and how it becomes a `Float`.
///
/// Conversion rounds to nearest: integers beyond 2²⁴ and `float64` lose precision, numbers beyond the range of `Float`
/// become infinite, `bool` becomes 0 or 1.
///
/// The raw values are PyTorch's names.
enum ElementType: String, Equatable, Sendable, CaseIterable {
    case bool, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float16, bfloat16, float32, float64
    case float8E4M3 = "float8_e4m3fn"
    case float8E5M2 = "float8_e5m2"
    case float8E4M3Unsigned = "float8_e4m3fnuz"
    case float8E5M2Unsigned = "float8_e5m2fnuz"
    case float8E8M0 = "float8_e8m0fnu"

    /// In bytes.
    var size: Int {
        switch self {
        case .bool, .int8, .uint8, .float8E4M3, .float8E5M2, .float8E4M3Unsigned, .float8E5M2Unsigned, .float8E8M0:
            1
        case .int16, .uint16, .float16, .bfloat16: 2
        case .int32, .uint32, .float32: 4
        case .int64, .uint64, .float64: 8
        }
    }

    /// Converts the next `count` numbers of `stream` in parts, so that it takes no more than 1 MiB in addition to the
    /// result. The caller has checked them against the stream's size. Throws what the stream throws, and
    /// `FileReadError.notEnoughMemory`.
    func read(_ count: Int, from stream: some ByteStream, bigEndian: Bool = false) throws -> [Float] {
        try FileReadError.checkMemory(count * MemoryLayout<Float>.size, for: stream.path)
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

    /// Converts the numbers that `bytes` holds contiguously.
    func numbers(in bytes: UnsafeRawBufferPointer, bigEndian: Bool) -> [Float] {
        [Float](unsafeUninitializedCapacity: bytes.count / size) { values, initialized in
            initialized = bytes.count / size
            convert(bytes, into: UnsafeMutableBufferPointer(rebasing: values[..<initialized]), bigEndian: bigEndian)
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
        case .float8E4M3: each(UInt8.self) { $0 & 0x7F == 0x7F ? .nan : Self.float8($0, fractionBits: 3, bias: 7) }
        case .float8E5M2: each(UInt8.self) { Float(Float16(bitPattern: UInt16($0) << 8)) }
        case .float8E4M3Unsigned: each(UInt8.self) { $0 == 0x80 ? .nan : Self.float8($0, fractionBits: 3, bias: 8) }
        case .float8E5M2Unsigned: each(UInt8.self) { $0 == 0x80 ? .nan : Self.float8($0, fractionBits: 2, bias: 16) }
        case .float8E8M0:
            each(UInt8.self) { $0 == 0xFF ? .nan : Float(sign: .plus, exponent: Int($0) - 127, significand: 1) }
        }
    }

    /// An eight-bit number, sign first, in the types without infinities (Micikevicius et al., "FP8 formats for deep learning",
    /// 2022; its "fnuz" variants have a single zero and a bias greater by one).
    private static func float8(_ bits: UInt8, fractionBits: Int, bias: Int) -> Float {
        let fraction = Int(bits) & ((1 << fractionBits) - 1)
        let exponent = Int(bits & 0x7F) >> fractionBits
        let significand = exponent == 0 ? fraction : fraction + 1 << fractionBits
        return Float(
            sign: bits >> 7 == 0 ? .plus : .minus, exponent: max(exponent, 1) - bias - fractionBits,
            significand: Float(significand))
    }
}
