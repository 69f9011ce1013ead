import Foundation

extension ElementType {
    /// Whether numbers of this type may lose digits when converted to `Float`.
    var isWide: Bool {
        switch self {
        case .int32, .uint32, .int64, .uint64, .float64: true
        default: false
        }
    }

    /// Some columns of a matrix in double precision, read in parts from the next `rows` × `columns` elements of `stream`. The
    /// caller has checked them against the stream's size. Traps unless the type is wide. Throws what the stream throws.
    ///
    /// - Complexity: O(`rows` × `columns`) time; takes 8 bytes per requested number.
    func readColumns(
        _ wanted: [Int], rows: Int, columns: Int, isColumnMajor: Bool = false, from stream: some ByteStream,
        bigEndian: Bool = false
    ) throws -> [[Double]] {
        precondition(isWide, "\(rawValue) is no wider than Float")
        var places = [Int](repeating: -1, count: columns)
        for (place, column) in wanted.enumerated() { places[column] = place }
        var result = wanted.map { _ in [Double](repeating: 0, count: rows) }
        let count = rows * columns
        let partSize = (1 << 20) / size
        var done = 0
        while done < count {
            let length = min(partSize, count - done)
            let part = try stream.bytes(length * size)
            part.withUnsafeBytes { bytes in
                for index in 0..<length {
                    let element = done + index
                    let (row, column) =
                        isColumnMajor
                        ? (element % rows, element / rows) : (element / columns, element % columns)
                    if places[column] < 0 { continue }
                    result[places[column]][row] = double(bytes, at: index * size, bigEndian: bigEndian)
                }
            }
            done += length
        }
        return result
    }

    /// Whether this is a type of whole numbers.
    var isInteger: Bool {
        switch self {
        case .int8, .uint8, .int16, .uint16, .int32, .uint32, .int64, .uint64: true
        default: false
        }
    }

    /// The next `count` whole numbers of `stream` in decimal. The caller has checked them against the stream's size. Traps
    /// for other types. Throws what the stream throws.
    func integerTexts(_ count: Int, from stream: some ByteStream, bigEndian: Bool = false) throws -> [String] {
        precondition(isInteger, "\(rawValue) is not a type of whole numbers")
        let isSigned = rawValue.hasPrefix("i")
        var texts: [String] = []
        while texts.count < count {
            let part = try stream.bytes(min(1 << 16, count - texts.count) * size)
            for start in stride(from: 0, to: part.count, by: size) {
                let bytes = part[start..<start + size]
                let bits = (bigEndian ? Array(bytes) : bytes.reversed()).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                let spare = 64 - 8 * size
                texts.append(isSigned ? "\(Int64(bitPattern: bits << spare) >> spare)" : "\(bits)")
            }
        }
        return texts
    }

    private func double(_ bytes: UnsafeRawBufferPointer, at offset: Int, bigEndian: Bool) -> Double {
        func bits<Bits: FixedWidthInteger>(_: Bits.Type) -> Bits {
            let bits = bytes.loadUnaligned(fromByteOffset: offset, as: Bits.self)
            return bigEndian ? bits.bigEndian : bits.littleEndian
        }
        return switch self {
        case .int32: Double(bits(Int32.self))
        case .uint32: Double(bits(UInt32.self))
        case .int64: Double(bits(Int64.self))
        case .uint64: Double(bits(UInt64.self))
        default: Double(bitPattern: bits(UInt64.self))
        }
    }
}

extension NumericArray {
    /// The shape without the dimensions of extent one after the first, such as networks leave around their features, unless
    /// fewer than two would remain. The order of the elements is the same without them.
    package static func withoutOnes(_ shape: [Int]) -> [Int] {
        let kept = shape.prefix(1) + shape.dropFirst().filter { $0 != 1 }
        return kept.count == 1 && shape.count > 1 ? kept + [1] : Array(kept)
    }
}

extension NPYFile {
    /// Columns of a matrix in double precision; nil if its numbers are no wider than `Float`. The file has been read before.
    /// Throws as `read` does.
    package static func columns(_ wanted: [Int], of url: URL) throws -> [[Double]]? {
        let stream = FileStream(try InputFile(url))
        let (header, dataSize) = try NPYHeader.read(from: stream)
        return try columns(wanted, header, dataSize: dataSize, from: stream)
    }

    static func columns(
        _ wanted: [Int], _ header: NPYHeader, dataSize: Int, from stream: some ByteStream
    ) throws -> [[Double]]? {
        let shape = NumericArray.withoutOnes(header.shape)
        guard let (type, bigEndian) = header.elementType, type.isWide, shape.count == 2 else { return nil }
        _ = try header.count(elementSize: type.size, dataSize: dataSize, path: stream.path)
        return try type.readColumns(
            wanted, rows: shape[0], columns: shape[1], isColumnMajor: header.fortranOrder, from: stream,
            bigEndian: bigEndian)
    }
}

extension NPZFile {
    /// Columns of a matrix of this file in double precision; nil if its numbers are no wider than `Float`. Throws as
    /// `numbers(of:)` does.
    package func columns(_ wanted: [Int], of member: Member) throws -> [[Double]]? {
        guard member.header.elementType?.type.isWide == true else { return nil }
        return try read(member) { header, dataSize, stream in
            try NPYFile.columns(wanted, header, dataSize: dataSize, from: stream)
        }
    }

    /// The whole numbers of an array of this file as texts, in stored order; nil if the array does not hold whole numbers.
    /// Throws as `numbers(of:)` does.
    package func integerTexts(of member: Member) throws -> [String]? {
        guard let (type, bigEndian) = member.header.elementType, type.isInteger else { return nil }
        try requireMemory(48, for: member)
        return try read(member) { header, dataSize, stream in
            let count = try header.count(elementSize: type.size, dataSize: dataSize, path: stream.path)
            return try type.integerTexts(count, from: stream, bigEndian: bigEndian)
        }
    }
}
