import Foundation
import Testing
import TestSupport

@testable import TensorFiles

@Suite struct NPYFileTests {
    private static func header(_ text: String, major: UInt8 = 1) -> [UInt8] {
        let length = UInt8(text.utf8.count)
        let size: [UInt8] = major == 1 ? [length, 0] : [length, 0, 0, 0]
        return [0x93] + Array("NUMPY".utf8) + [major, 0] + size + Array(text.utf8)
    }

    private func error(_ bytes: [UInt8]) throws -> NPYError? {
        let folder = try TemporaryFolder()
        let url = try folder.file("a.npy", holding: bytes)
        do {
            _ = try NPYFile.read(url)
            return nil
        } catch let error as NPYError {
            #expect(error.description.hasPrefix(url.path + ": "))
            return error
        }
    }

    @Test(arguments: ReferenceFiles.npy) func readsWhatNumPyWrites(reference: ReferenceFiles.Array) throws {
        let folder = try TemporaryFolder()
        let bytes = try #require(Data(base64Encoded: reference.base64))
        let array = try NPYFile.read(folder.file("a.npy", holding: Array(bytes)))
        #expect(array.shape == reference.shape)
        #expect(array.values.map(\.bitPattern) == reference.values.map(\.bitPattern))
    }

    @Test func writesTheBytesThatNumPyWrites() throws {
        let folder = try TemporaryFolder()
        let same: Set = ["<f4", "three dimensions", "no dimension", "no element"]
        for reference in ReferenceFiles.npy where same.contains(reference.name) {
            try NPYFile.write(NumericArray(shape: reference.shape, values: reference.values), to: folder.file("a"))
            let written = try Data(contentsOf: folder.file("a"))
            let array = try NPYFile.read(folder.file("a"))
            #expect(array.shape == reference.shape && array.values == reference.values)
            #expect(written.count % 64 == reference.values.count * 4 % 64)
        }
    }

    @Test func readsAndWritesMoreThanOnePart() throws {
        let folder = try TemporaryFolder()
        let array = NumericArray(shape: [1000, 701], values: (0..<701_000).map(Float.init))
        try NPYFile.write(array, to: folder.file("a"))
        #expect(try NPYFile.read(folder.file("a")) == array)
    }

    @Test func everyCutIsAnError() throws {
        let whole = Array(try #require(Data(base64Encoded: ReferenceFiles.npy[0].base64)))
        for length in 0..<whole.count {
            #expect(try error(Array(whole.prefix(length))) != nil, "cut at \(length)")
        }
    }

    @Test func aShortFileSaysSo() throws {
        let folder = try TemporaryFolder()
        let url = try folder.file("a", holding: [0x93])
        #expect(throws: NPYError.cutShort(path: url.path, size: 1, expected: 10)) { try NPYFile.read(url) }
        let lying = try folder.file("b", holding: [0x93] + Array("NUMPY".utf8) + [2, 0, 0xFF, 0xFF, 0xFF, 0xFF])
        #expect(throws: NPYError.cutShort(path: lying.path, size: 12, expected: 12 + 0xFFFF_FFFF)) {
            try NPYFile.read(lying)
        }
    }

    @Test func otherFilesAreRecognised() throws {
        guard case .wrongMagic = try error(Array("id,f0\na,1\n".utf8)) else {
            Issue.record("a CSV file was not refused")
            return
        }
        guard case .unknownVersion(_, 4) = try error([0x93] + Array("NUMPY".utf8) + [4, 0, 0, 0, 0, 0]) else {
            Issue.record("version 4 was not refused")
            return
        }
    }

    @Test(arguments: [
        ("", 10, "'{'"),
        ("{'descr'", 18, "':'"),
        ("{'descr': 4}", 20, "a string"),
        ("{'descr': '<f4", 20, "a string without escapes"),
        ("{'descr': '<f\\4'}", 20, "a string without escapes"),
        ("{'fortran_order': 1}", 28, "True or False"),
        ("{'shape': 3}", 20, "'('"),
        ("{'shape': (-3,)}", 21, "a non-negative whole number"),
        ("{'shape': (99999999999999999999,)}", 21, "a non-negative whole number"),
        ("{'shape': (3 4)}", 23, "')'"),
        ("{'shape': (3,) 'descr': '<f4'}", 25, "'}'"),
        ("{'shape': (3,)} 1", 26, "the header's end"),
    ])
    func aMalformedHeaderSaysWhereAndWhat(text: String, position: Int, expected: String) throws {
        let error = try error(Self.header(text))
        guard case .malformedHeader(_, position, expected) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func keysAreChecked() throws {
        guard case .missingKey(_, "shape") = try error(Self.header("{'descr': '<f4', 'fortran_order': False}")),
            case .missingKey(_, "descr") = try error(Self.header("{'shape': (), 'fortran_order': False}")),
            case .missingKey(_, "fortran_order") = try error(Self.header("{'shape': (), 'descr': '<f4'}")),
            case .duplicateKey(_, "shape") = try error(Self.header("{'shape': (), 'shape': ()}")),
            case .unknownKey(_, "shapes") = try error(Self.header("{'shapes': ()}"))
        else {
            Issue.record("a wrong key was not refused")
            return
        }
    }

    @Test(arguments: ["<c8", "<U3", "|O", "|S1", "<f16", "f4", "", "|f4", "<M8[s]"])
    func otherTypesAreRefused(descr: String) throws {
        let error = try error(Self.header("{'descr': '\(descr)', 'fortran_order': False, 'shape': (1,)}"))
        guard case .unsupportedType(_, descr) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func recordsAreRefused() throws {
        let error = try error(Self.header("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,)}"))
        guard case .unsupportedType(_, "a record of fields") = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func lyingShapesAreRefusedBeforeAnythingIsAllocated() throws {
        let huge = "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4)}"
        guard case .shapeTooLarge(_, [4_611_686_018_427_387_904, 4]) = try error(Self.header(huge)) else {
            Issue.record("a shape beyond memory was not refused")
            return
        }
        let large = "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,)}"
        guard case .wrongDataSize(_, _, "<f4", 4, 4_000_000_000_000) = try error(Self.header(large) + [0, 0, 0, 0])
        else {
            Issue.record("a shape beyond the file was not refused")
            return
        }
        let one = "{'descr': '<f4', 'fortran_order': False, 'shape': ()}"
        guard case .wrongDataSize(_, [], "<f4", 5, 4) = try error(Self.header(one) + [0, 0, 0, 0, 0]) else {
            Issue.record("a trailing byte was not refused")
            return
        }
    }

    @Test func whatCannotBeOpenedSaysWhy() throws {
        let folder = try TemporaryFolder()
        #expect(throws: FileReadError.missing(path: folder.file("a").path)) { try NPYFile.read(folder.file("a")) }
        #expect(throws: FileReadError.isAFolder(path: folder.url.path)) { try NPYFile.read(folder.url) }
        let device = URL(fileURLWithPath: "/dev/zero")
        #expect(throws: FileReadError.notARegularFile(path: "/dev/zero")) { try NPYFile.read(device) }
        mkfifo(folder.file("pipe").path, 0o600)
        #expect(throws: FileReadError.notARegularFile(path: folder.file("pipe").path)) {
            try NPYFile.read(folder.file("pipe"))
        }
    }
}
