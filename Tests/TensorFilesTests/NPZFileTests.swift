import Foundation
import Testing
import TestSupport

@testable import TensorFiles

@Suite struct NPZFileTests {
    static let matrix = NumericArray(shape: [3, 4], values: (0..<12).map { Float($0) / 8 })

    static func bytes(_ name: String) throws -> [UInt8] {
        let text = try #require(NPZReferenceFiles.archives[name], "no archive named '\(name)'")
        return Array(try #require(Data(base64Encoded: text)))
    }

    /// Opens the archive and reads every member that is numeric or text.
    private static func readAll(_ url: URL) throws -> [String: NumericArray] {
        let file = try NPZFile(url)
        var arrays: [String: NumericArray] = [:]
        for member in file.members {
            if member.isNumeric { arrays[member.name] = try file.numbers(of: member) }
            if member.isText { _ = try file.texts(of: member) }
        }
        return arrays
    }

    /// The error message from reading the archive, without the file's path.
    private func fault(_ name: String) throws -> String {
        let folder = try TemporaryFolder()
        let url = try folder.file("a.npz", holding: Self.bytes(name))
        do {
            _ = try Self.readAll(url)
            return "none"
        } catch {
            #expect(error is ZIPError || error is NPYError)
            let line = "\(error)"
            #expect(line.hasPrefix(url.path))
            return String(line.dropFirst(url.path.count))
        }
    }

    @Test func readsWhatSavezWrites() throws {
        let folder = try TemporaryFolder()
        let file = try NPZFile(folder.file("a.npz", holding: Self.bytes("stored")))
        #expect(file.members.map(\.description) == ["x (3, 4) <f4", "ids (3,) <U6"])
        #expect(try file.numbers(of: file.member(named: "x")) == Self.matrix)
        #expect(try file.texts(of: file.member(named: "ids")) == ["a", "größer", "🐭"])
    }

    @Test func readsWhatSavezCompressedWrites() throws {
        let folder = try TemporaryFolder()
        let file = try NPZFile(folder.file("a.npz", holding: Self.bytes("compressed")))
        #expect(
            file.members.map(\.description) == [
                "x (3, 4) >f8", "id (3,) |S2", "labels (3,) <i8", "record (2,) a record of fields", "wide (3,) >U7",
                "z (1, 1) <c16",
            ])
        #expect(file.members.map(\.isNumeric) == [true, false, true, false, false, false])
        #expect(file.members.map(\.isText) == [false, true, false, false, true, false])
        #expect(try file.numbers(of: file.member(named: "x")) == Self.matrix)
        #expect(try file.numbers(of: file.member(named: "labels")).values == [1, 2, 3])
        #expect(try file.texts(of: file.member(named: "id")) == ["a", "bb", ""])
        #expect(try file.texts(of: file.member(named: "wide")) == ["a", "größer", "🐭"])
    }

    @Test func readsLZMAWithAndWithoutAMarkAtItsEnd() throws {
        let folder = try TemporaryFolder()
        let url = try folder.file("a.npz", holding: Self.bytes("LZMA"))
        #expect(try Self.readAll(url) == ["x": Self.matrix, "y": Self.matrix])
    }

    @Test func otherEntriesAreNoArrays() throws {
        let folder = try TemporaryFolder()
        let url = try folder.file("a.npz", holding: Self.bytes("other entries"))
        #expect(try Self.readAll(url) == ["x": Self.matrix])
    }

    @Test func lzmaThatIsCutShortIsDamaged() throws {
        let fault = try fault("LZMA cut short")
        #expect(fault.contains("damaged after ") && fault.hasSuffix(": the data end"), "\(fault)")
    }

    @Test func whatIsNotThereOrOfAnotherTypeIsNamed() throws {
        let folder = try TemporaryFolder()
        let file = try NPZFile(folder.file("a.npz", holding: Self.bytes("stored")))
        let missing = NPZError.missingArray(
            path: file.path, name: "y", arrays: ["x (3, 4) <f4", "ids (3,) <U6"])
        #expect(throws: missing) { try file.member(named: "y") }
        #expect(missing.description == "\(file.path): no array 'y'; the arrays are x (3, 4) <f4; ids (3,) <U6")
        #expect(throws: NPYError.unsupportedType(path: "\(file.path), entry 'ids.npy'", descr: "<U6")) {
            try file.numbers(of: file.member(named: "ids"))
        }
        #expect(throws: NPYError.notText(path: "\(file.path), entry 'x.npy'", descr: "<f4")) {
            try file.texts(of: file.member(named: "x"))
        }
    }

    @Test(arguments: [
        ("wrong checksum", ", entry 'x.npy': damaged after 176 of 176 bytes: CRC error"),
        (
            "claims more than its header",
            ", entry 'x.npy': found 72 bytes of data; shape [3, 4] of type '<f4' needs 48"
        ),
        (
            "claims less than its header",
            ", entry 'x.npy': found 22 bytes of data; shape [3, 4] of type '<f4' needs 48"
        ),
        ("ends before its claim", ", entry 'x.npy': damaged after 141 of 289 bytes: the data end"),
        ("stored and longer", ", entry 'x.npy': claims 180 bytes, more than its 176 compressed bytes can hold"),
        ("claims 65535 entries", ": not a ZIP archive: its directory contradicts its entries"),
        ("claims 200 million entries", ": not a ZIP archive: its directory contradicts its entries"),
        ("no deflate", ", entry 'x.npy': damaged after 0 of 176 bytes: Zlib error: data error"),
        ("goes on after its claim", ", entry 'x.npy': holds more than the 176 bytes that it claims"),
        ("LZMA of a wrong checksum", ", entry 'x.npy': damaged after 176 of 176 bytes: the checksum does not match"),
        ("LZMA and more", ", entry 'x.npy': holds more than the 176 bytes that it claims"),
        (
            "LZMA of no properties",
            ", entry 'x.npy': damaged after 0 of 176 bytes: its LZMA properties are invalid"
        ),
        (
            "LZMA of other properties",
            ", entry 'x.npy': damaged after 0 of 176 bytes: its LZMA properties are invalid"
        ),
        ("LZMA of 4 GB of memory", "none"),
        ("one name twice", ": two entries are named 'x.npy'"),
        ("encrypted", ", entry 'x.npy': encrypted; expected an entry without a password"),
        ("headers disagree", ": not a ZIP archive: its directory contradicts its entries"),
        ("long header", ", entry 'x.npy': found a .npy header of 131072 bytes; expected at most 65536"),
        (
            "long type",
            ", entry 'x.npy': malformed .npy header at byte 87: expected a string of at most 64 ASCII characters"
        ),
        ("half a character", ", entry 'ids.npy', row 2: not valid text"),
        ("no UTF-8", ", entry 'ids.npy', row 2: not valid text"),
        ("control characters", ", entry '\u{FFFD}31m.npy': damaged after 176 of 176 bytes: CRC error"),
        ("no array inside", ", entry 'x.npy': not a .npy file: it does not begin with \\x93NUMPY"),
    ])
    func eachLieIsNamed(name: String, line: String) throws {
        #expect(try fault(name) == line)
    }

    /// bzip2, which every libzip supports.
    @Test func anotherMethodIsRead() throws { #expect(try fault("another method") == "none") }

    /// A size that deflate cannot reach is refused before the entry is opened; an impossible header, before its data are read.
    @Test func aClaimOf100GigabytesIsRefusedBeforeAnythingIsAllocated() throws {
        let folder = try TemporaryFolder()
        let claim = try folder.file("a.npz", holding: Self.bytes("claims 100 GB"))
        let problem = errorProblem {
            try NPZFile(claim)
        } where: { error in
            guard case ZIPError.impossibleSize(claim.path, "x.npy", 100_000_000_128, let compressed) = error else {
                return false
            }
            return compressed < 200
        }
        #expect(problem == nil)
        #expect(
            try fault("header of 100 GB")
                == ", entry 'x.npy': found 16 bytes of data; shape [25000000000, 1] of type '<f4' needs 100000000000")
    }

    @Test func aBombIsRefusedWhereMemoryCannotHoldIt() throws {
        let folder = try TemporaryFolder()
        let url = try folder.file("a.npz", holding: Self.bytes("bomb"))
        let file = try NPZFile(url, memory: 3_999_999)
        #expect(
            throws: NPZError.tooLarge(path: url.path, entry: "x.npy", needed: 4_000_000, memory: 3_999_999)
        ) { try file.numbers(of: file.members[0]) }
        let roomy = try NPZFile(url, memory: 4_000_000)
        #expect(try roomy.numbers(of: roomy.members[0]).values.allSatisfy { $0 == 0 })
    }

    @Test func aTextLargerThanWhatIsReadAtOnceIsNone() throws {
        let folder = try TemporaryFolder()
        let file = try NPZFile(folder.file("a.npz", holding: Self.bytes("one text of 8 MB")))
        #expect(!file.members[0].isText)
        #expect(throws: NPYError.notText(path: "\(file.path), entry 'ids.npy'", descr: "<U2000000")) {
            try file.texts(of: file.members[0])
        }
    }

    @Test(arguments: ["stored", "compressed"]) func everyCutIsAnError(name: String) throws {
        let folder = try TemporaryFolder()
        let whole = try Self.bytes(name)
        for length in whole.indices {
            let url = try folder.file("a.npz", holding: Array(whole.prefix(length)))
            do {
                _ = try Self.readAll(url)
                Issue.record("cut at \(length): no error")
            } catch { #expect(error is ZIPError, "cut at \(length): \(error)") }
        }
    }

    @Test(arguments: ["stored", "compressed"]) func noWrongByteChangesANumber(name: String) throws {
        let folder = try TemporaryFolder()
        let whole = try Self.bytes(name)
        let expected = try Self.readAll(folder.file("a.npz", holding: whole))
        var refused = 0
        for position in whole.indices {
            var bytes = whole
            bytes[position] ^= 1 << UInt8(position % 8)
            let url = try folder.file("a.npz", holding: bytes)
            do {
                // A wrong byte in a type name makes the type unknown, and the array is not read.
                for (name, array) in try Self.readAll(url) { #expect(array == expected[name], "byte \(position)") }
            } catch {
                #expect(error is ZIPError || error is NPYError, "byte \(position): \(error)")
                refused += 1
            }
        }
        #expect(refused > whole.count / 2)
    }

    @Test func otherFilesAreRefused() throws {
        let folder = try TemporaryFolder()
        let empty = try folder.file("a.npz", holding: [])
        #expect(throws: ZIPError.notAnArchive(path: empty.path, reason: "the file is empty")) { try NPZFile(empty) }
        let text = try folder.file("b.npz", holding: Array("id,f0\na,1\n".utf8))
        #expect(throws: ZIPError.notAnArchive(path: text.path, reason: "Not a zip archive")) { try NPZFile(text) }
        #expect(throws: FileReadError.missing(path: folder.file("c").path)) { try NPZFile(folder.file("c")) }
        mkfifo(folder.file("pipe").path, 0o600)
        #expect(throws: FileReadError.notARegularFile(path: folder.file("pipe").path)) {
            try NPZFile(folder.file("pipe"))
        }
    }

    @Test func longNamesAndListsAreShortened() {
        #expect(String(repeating: "x", count: 41).displayed == String(repeating: "x", count: 40) + "…")
        #expect(String(repeating: "x", count: 40).displayed == String(repeating: "x", count: 40))
        #expect(NPZFile.list((0..<1000).map(\.description)) == "0; 1; 2; 3; 4; 5; 6; 7; 8; 9; 10; 11 … (1000 in all)")
        #expect(NPZFile.list([]) == "no arrays")
    }
}
