import Foundation

/// The header of a safetensors file, checked against the file's size; tensors are read on request.
struct SafetensorsIndex {
    struct Entry {
        let name: String
        let shape: [Int]
        let type: ElementType
        /// The offset of the data, in bytes from the beginning of the file.
        let begin: Int
    }

    let metadata: [String: String]
    /// In the order of the header.
    let entries: [Entry]
    private let file: InputFile

    /// Throws `SafetensorsError` or `FileReadError`.
    init(_ url: URL) throws {
        let file = try InputFile(url)
        self.file = file
        let path = file.path
        if file.size < 8 { throw SafetensorsError.cutShort(path: path, size: file.size) }
        let stated = try file.bytes(at: 0, count: 8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let available = min(file.size - 8, 100_000_000)
        guard stated <= UInt64(available) else {
            throw SafetensorsError.headerTooLong(path: path, stated: stated, available: available)
        }
        let dataStart = 8 + Int(stated)
        let header = try SafetensorsHeader(file.bytes(at: 8, count: Int(stated)), path: path, offset: 8)
        let types = try header.entries.map { try Self.type(of: $0, path: path) }
        try Self.checkPlaces(header.entries, path: path, dataSize: file.size - dataStart)
        metadata = header.metadata
        entries = zip(header.entries, types).map { entry, type in
            Entry(name: entry.name, shape: entry.shape, type: type, begin: dataStart + entry.begin)
        }
    }

    /// The numbers of a tensor of this file. Throws `FileReadError`.
    func read(_ entry: Entry) throws -> NumericArray {
        let count = entry.shape.reduce(1, *)
        return NumericArray(
            shape: entry.shape, values: try entry.type.read(count, from: stream(of: entry)))
    }

    /// The elements of a tensor of this file, from the first on.
    func stream(of entry: Entry) -> FileStream { FileStream(file, from: entry.begin) }

    /// The element type of an entry whose shape fits its offsets.
    private static func type(of entry: SafetensorsHeader.Entry, path: String) throws(SafetensorsError) -> ElementType {
        let type: ElementType
        switch entry.dtype {
        case "BOOL": type = .bool
        case "I8": type = .int8
        case "I16": type = .int16
        case "I32": type = .int32
        case "I64": type = .int64
        case "U8": type = .uint8
        case "U16": type = .uint16
        case "U32": type = .uint32
        case "U64": type = .uint64
        case "F16": type = .float16
        case "BF16": type = .bfloat16
        case "F32": type = .float32
        case "F64": type = .float64
        case "F8_E4M3": type = .float8E4M3
        case "F8_E5M2": type = .float8E5M2
        case "F8_E8M0": type = .float8E8M0
        default: throw .unsupportedType(path: path, name: entry.name, dtype: entry.dtype)
        }
        guard let expected = NumericArray.count(of: entry.shape + [type.size]) else {
            throw .shapeTooLarge(path: path, name: entry.name, shape: entry.shape)
        }
        guard entry.end - entry.begin == expected else {
            throw .wrongDataSize(path: path, name: entry.name, found: entry.end - entry.begin, expected: expected)
        }
        return type
    }

    private static func checkPlaces(
        _ entries: [SafetensorsHeader.Entry], path: String, dataSize: Int
    ) throws(SafetensorsError) {
        var expected = 0
        for entry in entries.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
            if entry.begin != expected {
                throw .notContiguous(path: path, name: entry.name, begin: entry.begin, expected: expected)
            }
            expected = entry.end
        }
        if expected != dataSize { throw .wrongFileSize(path: path, found: dataSize, expected: expected) }
    }
}
