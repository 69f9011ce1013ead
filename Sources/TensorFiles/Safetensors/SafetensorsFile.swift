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
    /// In the order of the header.
    public private(set) var tensors: [Tensor] = []
    private var positions: [String: Int] = [:]

    /// A file without tensors.
    public init(metadata: [String: String] = [:]) {
        self.metadata = metadata
    }

    /// Adds a tensor after the others. Traps if there is already one of that name, or the name is `__metadata__`.
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

    /// Reads all tensors and converts them to `Float` (floats of 8 to 64 bits, integers and BOOL), rounding to nearest.
    /// Throws `SafetensorsError` or `FileReadError`.
    ///
    /// The header is checked against the file's size before anything is allocated for the data, by the rules of the format:
    /// data without overlaps and gaps, up to the end of the file.
    /// - Complexity: O(size of the file + n log n) for n tensors; takes 4 bytes per element in addition to the header.
    public static func read(_ url: URL) throws -> SafetensorsFile {
        let index = try SafetensorsIndex(url)
        var result = SafetensorsFile(metadata: index.metadata)
        for entry in index.entries { result.append(entry.name, try index.read(entry)) }
        return result
    }

    /// Writes all tensors as F32. The same content gives the same bytes: metadata is sorted by key, tensors keep their order,
    /// and data begin at a multiple of eight. Throws `FileWriteError`.
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
