import Foundation

/// Any JSON, so that the parameters recorded by a run can be compared without knowing their types.
enum JSONValue: Codable, Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// Only numbers that exceed `integer`, so that equal numbers are equal values.
    case unsigned(UInt64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// The encoding of `value`.
    package init(encoding value: some Encodable) throws {
        self = try JSONDecoder().decode(JSONValue.self, from: Data(JSONText.of(value).utf8))
    }

    /// The value decoded as one of this package's types. Throws `DecodingError`.
    func decoded<Value: Decodable>(as type: Value.Type) throws -> Value {
        try JSONText.decoder.decode(type, from: Data(JSONText.of(self).utf8))
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(UInt64.self) {
            self = .unsigned(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .unsigned(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    /// The value in one line, for messages.
    var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else { return "?" }
        return String(decoding: data, as: UTF8.self)
    }

    /// The differences between two objects, one phrase per key: `epochs is 60, not 5`.
    static func differences(found: JSONValue, asked: JSONValue) -> [String] {
        guard case .object(let found) = found, case .object(let asked) = asked else {
            return found == asked ? [] : ["it is \(found.text), not \(asked.text)"]
        }
        return Set(found.keys).union(asked.keys).sorted().compactMap { key in
            found[key] == asked[key]
                ? nil : "\(key) is \(found[key]?.text ?? "not set"), not \(asked[key]?.text ?? "left out")"
        }
    }
}
