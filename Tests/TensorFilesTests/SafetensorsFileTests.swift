import Foundation
import Testing
import TestSupport

@testable import TensorFiles

@Suite struct SafetensorsFileTests {
    private static func file(_ header: String, data: Int = 0) -> [UInt8] {
        let length = header.utf8.count
        return [UInt8(length & 0xFF), UInt8(length >> 8), 0, 0, 0, 0, 0, 0] + Array(header.utf8)
            + [UInt8](repeating: 0, count: data)
    }

    private static func entry(_ name: String, _ shape: String, _ offsets: String, dtype: String = "F32") -> String {
        "\"\(name)\":{\"dtype\":\"\(dtype)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
    }

    private func error(_ bytes: [UInt8]) throws -> SafetensorsError? {
        let folder = try TemporaryFolder()
        let url = try folder.file("a.safetensors", holding: bytes)
        do {
            _ = try SafetensorsFile.read(url)
            return nil
        } catch let error as SafetensorsError {
            #expect(error.description.hasPrefix(url.path))
            return error
        }
    }

    @Test func readsWhatTheLibraryWrites() throws {
        let folder = try TemporaryFolder()
        let bytes = try #require(Data(base64Encoded: ReferenceFiles.safetensors))
        let file = try SafetensorsFile.read(folder.file("a", holding: Array(bytes)))
        #expect(file.metadata == ["format": "pt", "note": "line\nbreak \\ ✓ 𝛼"])
        #expect(Set(file.names) == Set(ReferenceFiles.tensors.map(\.name)))
        for reference in ReferenceFiles.tensors {
            let array = try #require(file[reference.name])
            #expect(array.shape == reference.shape)
            #expect(array.values == reference.values, "\(reference.name)")
        }
        #expect(file["absent"] == nil)
    }

    @Test func writesWhatTheLibraryWrote() throws {
        let folder = try TemporaryFolder()
        var file = SafetensorsFile(metadata: ["epoch": "3"])
        file.append("bias", NumericArray(shape: [1], values: [0.5]))
        file.append("weight", NumericArray(shape: [2, 3], values: [0, 1, 2, 3, 4, 5]))
        try file.write(to: folder.file("a"))
        #expect(try Data(contentsOf: folder.file("a")).base64EncodedString() == ReferenceFiles.smallSafetensors)
    }

    @Test func whatIsWrittenReadsBack() throws {
        let folder = try TemporaryFolder()
        var file = SafetensorsFile(metadata: ["b\"\\\n\u{1}": "𝛼", "a": ""])
        file.append("z", NumericArray(shape: [3], values: [.infinity, -0.0, .leastNonzeroMagnitude]))
        file.append("a \"quoted\"\t", NumericArray(shape: [], values: [7]))
        file.append("", NumericArray(shape: [2, 0], values: []))
        try file.write(to: folder.file("a"))
        let again = try SafetensorsFile.read(folder.file("a"))
        #expect(again == file)
        #expect(again.names == ["z", "a \"quoted\"\t", ""])
    }

    @Test func aFileWithoutTensorsIsAllRight() throws {
        let folder = try TemporaryFolder()
        try SafetensorsFile().write(to: folder.file("a"))
        #expect(try SafetensorsFile.read(folder.file("a")) == SafetensorsFile())
    }

    @Test func everyCutIsAnError() throws {
        let whole = Array(try #require(Data(base64Encoded: ReferenceFiles.smallSafetensors)))
        for length in 0..<whole.count {
            #expect(try error(Array(whole.prefix(length))) != nil, "cut at \(length)")
        }
    }

    @Test func lyingSizesAreRefusedBeforeAnythingIsAllocated() throws {
        let folder = try TemporaryFolder()
        let short = try folder.file("a", holding: [1, 2])
        #expect(throws: SafetensorsError.cutShort(path: short.path, size: 2)) { try SafetensorsFile.read(short) }
        let huge = try folder.file("b", holding: [UInt8](repeating: 0xFF, count: 9))
        #expect(throws: SafetensorsError.headerTooLong(path: huge.path, stated: .max, available: 1)) {
            try SafetensorsFile.read(huge)
        }
        let shape = "[4611686018427387904,2]"
        guard case .shapeTooLarge(_, "w", _) = try error(Self.file("{\(Self.entry("w", shape, "[0,8]"))}", data: 8))
        else {
            Issue.record("a shape beyond memory was not refused")
            return
        }
        let terabyte = Self.entry("w", "[250000000000]", "[0,1000000000000]")
        guard case .wrongFileSize(_, 8, 1_000_000_000_000) = try error(Self.file("{\(terabyte)}", data: 8)) else {
            Issue.record("a tensor beyond the file was not refused")
            return
        }
    }

    @Test(arguments: [
        ("", 8, "'{'"),
        ("[]", 8, "'{'"),
        ("{\"w\"", 12, "':'"),
        ("{\"w\":3}", 13, "'{'"),
        ("{\"w", 11, "the end of a string"),
        ("{\"w\\x\":3}", 12, "a valid JSON escape"),
        ("{\"w\\u12\":3}", 13, "four hexadecimal digits"),
        ("{\"\\ud800x\":3}", 16, "the second half of a surrogate pair"),
        ("{\"w\n\":3}", 11, "no control character within a string"),
        ("{\"w\":{\"dtype\":4}}", 22, "a string"),
        ("{\"w\":{\"shape\":4}}", 22, "'['"),
        ("{\"w\":{\"shape\":[-4]}}", 23, "a non-negative whole number"),
        ("{\"w\":{\"shape\":[1.5]}}", 24, "']'"),
        ("{\"w\":{\"shape\":[99999999999999999999]}}", 23, "a non-negative whole number"),
        ("{\"w\":{\"data_offsets\":[4]}}", 29, "two numbers, the second not below the first"),
        ("{\"w\":{\"data_offsets\":[4,0]}}", 29, "two numbers, the second not below the first"),
        ("{\"__metadata__\":{\"a\":1}}", 29, "a string"),
        ("{} {}", 11, "the header's end"),
        ("{,}", 9, "a string"),
    ])
    func aMalformedHeaderSaysWhereAndWhat(header: String, position: Int, expected: String) throws {
        let error = try error(Self.file(header))
        guard case .malformedHeader(_, position, expected) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func namesAndFieldsAreChecked() throws {
        let w = Self.entry("w", "[1]", "[0,4]")
        guard case .duplicateName(_, "w") = try error(Self.file("{\(w),\(w)}", data: 4)),
            case .duplicateField(_, "__metadata__", "a") = try error(
                Self.file("{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}")),
            case .duplicateField(_, "w", "shape") = try error(Self.file("{\"w\":{\"shape\":[],\"shape\":[]}}")),
            case .missingField(_, "w", "dtype") = try error(Self.file("{\"w\":{\"shape\":[],\"data_offsets\":[0,4]}}")),
            case .missingField(_, "w", "shape") = try error(Self.file("{\"w\":{\"dtype\":\"F32\"}}")),
            case .missingField(_, "w", "data_offsets") = try error(
                Self.file("{\"w\":{\"dtype\":\"F32\",\"shape\":[]}}")),
            case .unknownField(_, "w", "shapes") = try error(Self.file("{\"w\":{\"shapes\":[]}}"))
        else {
            Issue.record("a wrong name or field was not refused")
            return
        }
    }

    @Test func typesAndPlacesAreChecked() throws {
        let complex = Self.entry("w", "[1]", "[0,8]", dtype: "C64")
        guard case .unsupportedType(_, "w", "C64") = try error(Self.file("{\(complex)}", data: 8)) else {
            Issue.record("a complex tensor was not refused")
            return
        }
        guard case .wrongDataSize(_, "w", 4, 8) = try error(Self.file("{\(Self.entry("w", "[2]", "[0,4]"))}", data: 4))
        else {
            Issue.record("offsets that do not fit the shape were not refused")
            return
        }
        let v = Self.entry("v", "[2]", "[0,8]")
        let overlap = Self.entry("w", "[1]", "[4,8]")
        guard case .notContiguous(_, "w", 4, 8) = try error(Self.file("{\(overlap),\(v)}", data: 8)) else {
            Issue.record("an overlap was not refused")
            return
        }
        let gap = Self.entry("w", "[1]", "[12,16]")
        guard case .notContiguous(_, "w", 12, 8) = try error(Self.file("{\(v),\(gap)}", data: 16)) else {
            Issue.record("a gap was not refused")
            return
        }
        guard case .wrongFileSize(_, 9, 8) = try error(Self.file("{\(v)}", data: 9)) else {
            Issue.record("a trailing byte was not refused")
            return
        }
    }

    @Test func deepNestingIsRefusedAtOnce() throws {
        let folder = try TemporaryFolder()
        let depth = 1_000_000
        let size = withUnsafeBytes(of: UInt64(depth).littleEndian) { Array($0) }
        let url = try folder.file("a", holding: size + [UInt8](repeating: UInt8(ascii: "["), count: depth))
        #expect(throws: SafetensorsError.malformedHeader(path: url.path, position: 8, expected: "'{'")) {
            try SafetensorsFile.read(url)
        }
    }
}
