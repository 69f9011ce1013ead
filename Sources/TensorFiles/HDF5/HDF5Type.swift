/// The element type of an array or an attribute.
///
/// Format: HDF5 File Format Specification 3.0, IV.A.2.d.
struct HDF5Type: Equatable {
    enum Kind: Equatable {
        case number(ElementType, bigEndian: Bool)
        /// Texts of a fixed length, padded.
        case text
        /// Texts kept in a heap.
        case variableText
        /// Bytes without meaning, such as Keras' numbers of type `bfloat16`.
        case opaque
        /// Anything else; it is not read.
        case other
    }

    let kind: Kind
    /// In bytes.
    let size: Int

    /// Whether the elements are texts, of whatever length.
    var isText: Bool { kind == .text || kind == .variableText }

    /// Throws `HDF5Error.malformed`.
    init(_ message: HDF5Cursor) throws(HDF5Error) {
        var cursor = message
        let first = try cursor.byte()
        let bits = try cursor.number(3)
        size = try cursor.word()
        guard (1...3).contains(first >> 4), size > 0 else { throw cursor.malformed("a type of an unknown version") }
        switch first & 0xF {
        case 0: kind = try Self.integer(&cursor, bits: bits, size: size)
        case 1: kind = try Self.float(&cursor, bits: bits, size: size)
        case 3: kind = .text
        case 5: kind = .opaque
        case 8: kind = try Self.isBool(&cursor, bits: bits, size: size) ? .number(.bool, bigEndian: false) : .other
        case 9 where bits & 0xF == 1 && size == 16: kind = .variableText
        default: kind = .other
        }
    }

    private static func integer(_ cursor: inout HDF5Cursor, bits: UInt64, size: Int) throws(HDF5Error) -> Kind {
        let offset = try cursor.short(), precision = try cursor.short()
        guard offset == 0, precision == 8 * size else { return .other }
        let bigEndian = bits & 1 != 0
        switch (size, bits & 0x8 != 0) {
        case (1, true): return .number(.int8, bigEndian: bigEndian)
        case (2, true): return .number(.int16, bigEndian: bigEndian)
        case (4, true): return .number(.int32, bigEndian: bigEndian)
        case (8, true): return .number(.int64, bigEndian: bigEndian)
        case (1, false): return .number(.uint8, bigEndian: bigEndian)
        case (2, false): return .number(.uint16, bigEndian: bigEndian)
        case (4, false): return .number(.uint32, bigEndian: bigEndian)
        case (8, false): return .number(.uint64, bigEndian: bigEndian)
        default: return .other
        }
    }

    /// Accepts only IEEE 754 floats, with their parts where the standard puts them.
    private static func float(_ cursor: inout HDF5Cursor, bits: UInt64, size: Int) throws(HDF5Error) -> Kind {
        let offset = try cursor.short(), precision = try cursor.short()
        let exponentPlace = try cursor.byte(), exponentSize = try cursor.byte()
        let fractionPlace = try cursor.byte(), fractionSize = try cursor.byte()
        let bias = try cursor.word()
        let type: ElementType
        switch (size, exponentSize, fractionSize, bias) {
        case (2, 5, 10, 15): type = .float16
        case (2, 8, 7, 127): type = .bfloat16
        case (4, 8, 23, 127): type = .float32
        case (8, 11, 52, 1023): type = .float64
        default: return .other
        }
        let signPlace = Int(bits >> 8 & 0xFF)
        // Bits 6 and 0 together mean VAX byte order; the leading bit of the significand is implied.
        guard offset == 0, precision == 8 * size, fractionPlace == 0, exponentPlace == fractionSize,
            signPlace == precision - 1, bits & 0x40 == 0, bits >> 4 & 0x3 == 2
        else { return .other }
        return .number(type, bigEndian: bits & 1 != 0)
    }

    /// Whether an enumeration is what h5py makes of `bool`: two values of a byte.
    private static func isBool(_ cursor: inout HDF5Cursor, bits: UInt64, size: Int) throws(HDF5Error) -> Bool {
        guard size == 1, bits & 0xFFFF == 2 else { return false }
        return try HDF5Type(cursor.part(12)).kind == .number(.int8, bigEndian: false)
    }
}

/// The extents of an array or attribute.
enum HDF5Shape {
    /// The most dimensions of an array.
    static let dimensionLimit = 16

    /// Empty for a single element, nil for a null attribute, which has no shape. Throws `HDF5Error.malformed`.
    static func read(_ message: HDF5Cursor) throws(HDF5Error) -> [Int]? {
        var cursor = message
        let version = try cursor.byte()
        let dimensions = try cursor.byte()
        try cursor.skip(1)
        guard version == 1 || version == 2, dimensions <= dimensionLimit else {
            throw cursor.malformed("a shape of version \(version) and \(dimensions) dimensions")
        }
        let kind = try cursor.byte()
        if version == 2 && kind == 2 { return nil }
        if version == 1 { try cursor.skip(4) }
        var shape: [Int] = []
        for _ in 0..<dimensions { shape.append(try cursor.length()) }
        return shape
    }
}
