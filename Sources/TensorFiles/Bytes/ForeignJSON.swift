import Foundation

/// The only way from untrusted bytes to Foundation's JSON decoder.
///
/// Foundation guesses UTF-16 and UTF-32 from zero bytes, and its lenient scanner (JSON5) traps on bytes that are not
/// UTF-8. So bytes are checked first, and JSON5 stays off.
public enum ForeignJSON {
    /// A byte that is not part of UTF-8 text, or is 0.
    public struct InvalidByte: Error, Equatable, CustomStringConvertible {
        /// The byte.
        public let value: UInt8
        /// Counted from 0.
        public let offset: Int

        /// The offset and the byte, without the file's name.
        public var description: String {
            "byte \(offset) is 0x\(String(value, radix: 16, uppercase: true)); expected UTF-8 text"
        }
    }

    /// The content of the file at `url`. Throws `FileReadError`, `tooLarge` beyond `FileLimits.mostJSON`.
    package static func bytes(of url: URL) throws(FileReadError) -> [UInt8] {
        let file = try InputFile(url)
        let most = FileLimits.current.mostJSON
        if file.size > most { throw .tooLarge(path: url.path, size: file.size, most: most) }
        return try file.contents(takingTimes: memoryFactor)
    }

    /// The memory that Foundation takes for JSON, at most, as a multiple of its size.
    package static let memoryFactor = 20

    /// Decodes `bytes`. Throws `DecodingError`; where the bytes are not text, its underlying error is `InvalidByte`.
    public static func decode<Value: Decodable>(
        _ type: Value.Type, from bytes: [UInt8], using decoder: JSONDecoder = JSONDecoder()
    ) throws -> Value {
        if let invalid = invalidByte(in: bytes) {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: [], debugDescription: invalid.description, underlyingError: invalid))
        }
        decoder.allowsJSON5 = false
        return try decoder.decode(type, from: Data(bytes))
    }

    /// What is wrong with the syntax of `bytes`, and where; nil if nothing is. The decoder itself does not say where.
    public static func syntaxProblem(in bytes: [UInt8]) -> String? {
        if let invalid = invalidByte(in: bytes) { return invalid.description }
        do {
            _ = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
            return nil
        } catch {
            return (error as NSError).userInfo["NSDebugDescription"] as? String
        }
    }

    /// The first byte at which `bytes` cease to be UTF-8 text without zeros.
    static func invalidByte(in bytes: [UInt8]) -> InvalidByte? {
        var parser = Unicode.UTF8.ForwardParser()
        var rest = bytes.makeIterator()
        var offset = 0
        while true {
            switch parser.parseScalar(from: &rest) {
            case .valid(let scalar):
                if scalar.first == 0 { return InvalidByte(value: 0, offset: offset) }
                offset += scalar.count
            case .error:
                return InvalidByte(value: bytes[offset], offset: offset)
            case .emptyInput:
                return nil
            }
        }
    }
}
