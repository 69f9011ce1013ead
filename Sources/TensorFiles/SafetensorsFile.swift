import Foundation

/// Named tensors and some metadata, as the `safetensors` library stores them.
///
/// Format: https://github.com/huggingface/safetensors, section "Format".
public struct SafetensorsFile: Sendable, Equatable {
    /// One tensor and its name.
    public struct Tensor: Sendable, Equatable {
        /// Unique within a file.
        public let name: String
        /// Shape and values.
        public let array: NumericArray
    }

    /// Free text by key.
    public var metadata: [String: String]
    /// In the order in which the file names them.
    public private(set) var tensors: [Tensor] = []
    private var positions: [String: Int] = [:]

    /// A file without tensors.
    public init(metadata: [String: String] = [:]) {
        self.metadata = metadata
    }

    /// Adds a tensor behind the others. Traps where one of that name is there already, or the name is `__metadata__`.
    public mutating func append(_ name: String, _ array: NumericArray) {
        precondition(name != "__metadata__" && positions[name] == nil, "a second tensor named \(name)")
        positions[name] = tensors.count
        tensors.append(Tensor(name: name, array: array))
    }

    /// The tensor of that name, or nil.
    public subscript(name: String) -> NumericArray? {
        positions[name].map { tensors[$0].array }
    }

    /// The names of all tensors in their order.
    public var names: [String] { tensors.map(\.name) }

    /// Reads all tensors and converts them to `Float` (F16, BF16, F32, F64, all integers and BOOL), rounding to nearest.
    /// Throws `SafetensorsError` or `FileReadError`.
    ///
    /// The header is checked against the file's size before anything is allocated for the data, with the rules of the
    /// format: data without overlap and without gap, to the file's end.
    /// - Complexity: O(size of the file + n log n) for n tensors; takes 4 bytes an element beside the header.
    public static func read(_ url: URL) throws -> SafetensorsFile {
        let file = try InputFile(url)
        let path = file.path
        if file.size < 8 { throw SafetensorsError.cutShort(path: path, size: file.size) }
        let stated = try file.bytes(at: 0, count: 8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let available = min(file.size - 8, 100_000_000)
        guard stated <= UInt64(available) else {
            throw SafetensorsError.headerTooLong(path: path, stated: stated, available: available)
        }
        let dataStart = 8 + Int(stated)
        let header = try SafetensorsHeader(file.bytes(at: 8, count: Int(stated)), path: path, offset: 8)
        let types = try header.entries.map { try type(of: $0, path: path) }
        try checkPlaces(header.entries, path: path, dataSize: file.size - dataStart)

        var result = SafetensorsFile(metadata: header.metadata)
        for (entry, type) in zip(header.entries, types) {
            let count = (entry.end - entry.begin) / type.size
            let values = try type.read(count, from: FileStream(file, from: dataStart + entry.begin))
            result.append(entry.name, NumericArray(shape: entry.shape, values: values))
        }
        return result
    }

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

    /// Writes all tensors as F32. The same content gives the same bytes: metadata is sorted by key, tensors keep their
    /// order, data begin at a multiple of eight. Throws `FileWriteError`.
    public func write(to url: URL) throws {
        var members: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }.map { "\(Self.json($0.key)):\(Self.json($0.value))" }
            members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
        }
        var begin = 0
        for tensor in tensors {
            let end = begin + tensor.array.values.count * MemoryLayout<Float>.size
            let shape = tensor.array.shape.map(\.description).joined(separator: ",")
            members.append(
                "\(Self.json(tensor.name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(begin),\(end)]}")
            begin = end
        }
        var header = Array("{\(members.joined(separator: ","))}".utf8)
        header += [UInt8](repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
        try AtomicFile.write(to: url) { sink in
            try sink.write(withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) })
            try sink.write(header)
            for tensor in tensors { try sink.write(tensor.array.values) }
        }
    }

    private static func json(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case ..<" ":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
