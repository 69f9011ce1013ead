import Foundation
import TensorFiles

/// JSON from untrusted files, with errors that give the position.
enum JSONFile {
    /// Decodes the file at `url`. Throws `DatasetError.unreadable` or `.malformed`, also where an object repeats a key.
    static func decode<Value: Decodable>(_ type: Value.Type, from url: URL) throws(DatasetError) -> Value {
        let bytes: [UInt8]
        do throws(FileReadError) {
            bytes = try ForeignJSON.bytes(of: url)
        } catch {
            throw .unreadable(error)
        }
        let value: Value
        do {
            value = try ForeignJSON.decode(type, from: bytes)
        } catch let error as DecodingError {
            let (context, problem) = describe(error, in: bytes)
            throw .malformed(path: url.path, place: place(context.codingPath), problem: problem)
        } catch {
            throw .malformed(path: url.path, place: "the file", problem: "\(error)")
        }
        if let repeated = ForeignJSON.repeatedKey(in: bytes) {
            throw .malformed(
                path: url.path, place: place(repeated.path),
                problem: "the key \"\(repeated.key)\" occurs twice; expected one value")
        }
        return value
    }

    private static func describe(_ error: DecodingError, in bytes: [UInt8]) -> (DecodingError.Context, String) {
        switch error {
        case .keyNotFound(let key, let context):
            (context, "the key \"\(key.stringValue)\" is missing")
        case .typeMismatch(let type, let context):
            (context, "expected \(words(for: type))")
        case .valueNotFound(let type, let context):
            (context, "found null; expected \(words(for: type))")
        case .dataCorrupted(let context):
            (context, syntaxProblem(in: bytes) ?? "a value that cannot be represented (\(context.debugDescription))")
        @unknown default:
            (DecodingError.Context(codingPath: [], debugDescription: ""), "\(error)")
        }
    }

    private static func words(for type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Int.Type: "a whole number"
        case is Double.Type: "a number"
        default: "\(type)".hasPrefix("Array") ? "a list" : "an object"
        }
    }

    private static func syntaxProblem(in bytes: [UInt8]) -> String? {
        ForeignJSON.syntaxProblem(in: bytes).map { "not valid JSON (\($0))" }
    }

    /// For example `images[12].soft_gt`, counted from 0.
    private static func place(_ path: [any CodingKey]) -> String {
        let text = path.reduce("") { text, key in
            if let index = key.intValue { return "\(text)[\(index)]" }
            return text.isEmpty ? key.stringValue : "\(text).\(key.stringValue)"
        }
        return text.isEmpty ? "the file" : text
    }
}
