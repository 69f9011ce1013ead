import Foundation
import TensorFiles

/// JSON as this program reads and writes it: sorted keys, indented, names in snake case, so the same content gives the same
/// bytes.
package enum JSONText {
    /// `value` as text without a final newline.
    package static func of(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// Writes `value` to a file. Throws `FileWriteError`.
    package static func write(_ value: some Encodable, to url: URL) throws {
        try AtomicFile.write(of(value) + "\n", to: url)
    }

    /// Writes an object to a file, together with the version of its format. Throws `FileWriteError`.
    package static func write(_ value: some Encodable, as format: FileFormat, to url: URL) throws {
        try write(VersionedContent(value, format), to: url)
    }

    /// Reads what `write` wrote. Throws `FileReadError`, `InputError.malformedJSON` with the position of the fault, or
    /// `InputError.newerFormat`.
    package static func read<Value: Decodable>(
        _ type: Value.Type, as format: FileFormat? = nil, from url: URL
    ) throws -> Value {
        let bytes = try ForeignJSON.bytes(of: url)
        let decoder = Self.decoder
        if let format { decoder.userInfo[ReadContent<Value>.newest] = format.version }
        do {
            let value = try ForeignJSON.decode(ReadContent<Value>.self, from: bytes, using: decoder).value
            // The decoder keeps one of two values with the same key.
            if let repeated = ForeignJSON.repeatedKey(in: bytes) {
                throw InputError.malformedJSON(
                    path: url.path,
                    problem:
                        "\(place(repeated.path))the key '\(repeated.key.displayed)' occurs twice; expected one value")
            }
            return value
        } catch let error as ReadContent<Value>.UnknownVersion {
            guard let format else { throw error }
            guard error.found < 1 else { throw InputError.newerFormat(path: url.path, format, found: error.found) }
            throw InputError.malformedJSON(
                path: url.path, problem: "format: found \(error.found); expected 1 to \(format.version)")
        } catch let error as DecodingError {
            throw InputError.malformedJSON(path: url.path, problem: describe(error))
        }
    }

    /// For the output of `of`.
    static var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return decoder
    }

    private static func place(_ path: [any CodingKey]) -> String {
        path.isEmpty ? "" : "\(path.map(\.stringValue).joined(separator: ".")): "
    }

    private static func describe(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context): "\(place(context.codingPath))'\(key.stringValue)' is missing"
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            "\(place(context.codingPath))expected \(type)"
        case .dataCorrupted(let context) where context.underlyingError is ForeignJSON.InvalidByte:
            "not JSON: \(context.debugDescription)"
        case .dataCorrupted(let context):
            context.codingPath.isEmpty
                ? "not JSON" : "\(place(context.codingPath))not understood (\(context.debugDescription))"
        @unknown default: "not the expected JSON"
        }
    }
}
