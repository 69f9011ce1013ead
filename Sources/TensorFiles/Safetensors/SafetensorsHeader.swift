/// The JSON at the head of a safetensors file: names, types, shapes and offsets of the tensors, and some metadata.
///
/// It has its own parser, since it must preserve the order of the tensors and detect duplicate keys. The parser understands
/// only the format's two levels, so deep nesting cannot exhaust the stack.
struct SafetensorsHeader {
    struct Entry {
        var name: String
        var dtype: String
        var shape: [Int]
        /// The first byte and the byte after the last, counted from the end of the header.
        var begin: Int
        var end: Int
    }

    private(set) var metadata: [String: String] = [:]
    /// In the order of the header.
    private(set) var entries: [Entry] = []

    /// Parses `bytes`, which begin at `offset` in the file. Throws `SafetensorsError`.
    init(_ bytes: [UInt8], path: String, offset: Int) throws(SafetensorsError) {
        var parser = JSONScanner(bytes: bytes, path: path, offset: offset)
        var seen: Set<String> = []
        try parser.object { (parser, name) throws(SafetensorsError) in
            if !seen.insert(name).inserted { throw .duplicateName(path: path, name: name) }
            if name == "__metadata__" {
                try parser.object { (parser, key) throws(SafetensorsError) in
                    if metadata[key] != nil { throw .duplicateField(path: path, name: name, field: key) }
                    metadata[key] = try parser.string()
                }
            } else {
                entries.append(try Self.entry(name, &parser))
            }
        }
        try parser.end()
    }

    private static func entry(_ name: String, _ parser: inout JSONScanner) throws(SafetensorsError) -> Entry {
        let path = parser.path
        var dtype: String?
        var shape: [Int]?
        var offsets: [Int]?
        try parser.object { (parser, field) throws(SafetensorsError) in
            switch field {
            case "dtype" where dtype == nil: dtype = try parser.string()
            case "shape" where shape == nil: shape = try parser.integers()
            case "data_offsets" where offsets == nil:
                let position = parser.position
                let pair = try parser.integers()
                guard pair.count == 2, pair[0] <= pair[1] else {
                    parser.position = position
                    throw parser.malformed("two numbers, the second not below the first")
                }
                offsets = pair
            case "dtype", "shape", "data_offsets": throw .duplicateField(path: path, name: name, field: field)
            default: throw .unknownField(path: path, name: name, field: field)
            }
        }
        guard let dtype else { throw .missingField(path: path, name: name, field: "dtype") }
        guard let shape else { throw .missingField(path: path, name: name, field: "shape") }
        guard let offsets else { throw .missingField(path: path, name: name, field: "data_offsets") }
        return Entry(name: name, dtype: dtype, shape: shape, begin: offsets[0], end: offsets[1])
    }
}
