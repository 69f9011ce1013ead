import Foundation
import Testing
import TestSupport

@testable import TensorFiles

@Suite struct ForeignJSONTests {
    private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

    private static let notText: [(parts: [[UInt8]], value: UInt8, offset: Int)] = [
        ([text("{"), [0xFD], text("\"fo\":")], 0xFD, 1),
        ([text("\"é"), [0xC3]], 0xC3, 3),
        ([[0xFF, 0xFE, 0x7B, 0x00]], 0xFF, 0),
        ([[0x7B, 0x00, 0x7D, 0x00]], 0x00, 1),
        ([text("\""), [0xED, 0xA0, 0x80], text("\"")], 0xED, 1),
    ]

    @Test(arguments: notText)
    func bytesThatAreNoTextAreNamed(parts: [[UInt8]], value: UInt8, offset: Int) {
        let bytes = Array(parts.joined())
        let invalid = ForeignJSON.InvalidByte(value: value, offset: offset)
        #expect(ForeignJSON.invalidByte(in: bytes) == invalid)
        #expect(ForeignJSON.syntaxProblem(in: bytes) == invalid.description)
        let error = thrown(DecodingError.self) { try ForeignJSON.decode([String: Int].self, from: bytes) }
        guard case .dataCorrupted(let context) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(context.underlyingError as? ForeignJSON.InvalidByte == invalid)
    }

    /// A sparse file of zeros is refused before any byte is read.
    @Test func aFileOfTooManyBytesIsRefused() throws {
        let folder = try TemporaryFolder()
        let url = try folder.file("large.json", holding: [])
        #expect(truncate(url.path, 3 << 30) == 0)
        let error = FileReadError.tooLarge(path: url.path, size: 3 << 30, most: 256 << 20)
        #expect(throws: error) { try ForeignJSON.bytes(of: url) }
        #expect(
            error.description == "\(url.path): found 3221225472 bytes; expected at most 268435456 (--max-file-size "
                + "3221225472 reads it)")
    }

    @Test func textIsDecoded() throws {
        let bytes = Array("{\"größe\": 3, \"\\u0000\": 4}".utf8)
        #expect(try ForeignJSON.decode([String: Int].self, from: bytes) == ["größe": 3, "\0": 4])
        #expect(ForeignJSON.syntaxProblem(in: bytes) == nil)
    }

    /// Foundation keeps one of the values and says nothing.
    @Test(arguments: [
        (#"{"a": 1, "a": 2}"#, "a", ""), (#"{"a": {"b": [1, {"c": 2, "\u0063": 3}]}}"#, "c", "a b 1"),
        (#"[{"k": 1}, {"k": 1, "x": {}, "k": [2]}]"#, "k", "1"), (#"{"é": [], "e\u0301": 0}"#, "é", ""),
    ]) func repeatedKeysAreFound(text: String, key: String, path: String) {
        let found = ForeignJSON.repeatedKey(in: Array(text.utf8))
        #expect(found?.key == key && found?.path.map(\.stringValue).joined(separator: " ") == path)
        for count in 0..<text.utf8.count { _ = ForeignJSON.repeatedKey(in: Array(text.utf8.prefix(count))) }
    }

    @Test(arguments: [
        #"{"a": {"a": "a"}, "b": ["a", "a", {"a": "\"a\": 1,"}], "c": [{"a": 1}, {"a": 1}], "d": {}}"#, "[]", "3", "",
        #"["a", "a"]"#, "]", "}", ",", #""\"#, #"{"\"#,
    ]) func otherKeysAreNot(text: String) {
        #expect(ForeignJSON.repeatedKey(in: Array(text.utf8)) == nil)
    }
}
