import Foundation
import Testing
import TestSupport

@testable import TensorFiles

/// The comparison of local headers with the directory, used when libzip reports an inconsistency.
@Suite struct ZIPDirectoryTests {
    private func agrees(_ bytes: [UInt8]) throws -> Bool {
        let folder = try TemporaryFolder()
        return try ZIPDirectory.agrees(with: InputFile(folder.file("a.zip", holding: bytes)))
    }

    /// `torch.save` leaves sizes and checksums out of local headers; NumPy writes ZIP64 fields.
    @Test func archivesOfPyTorchAndNumPyAgree() throws {
        for name in ["zip", "zip, protocol 5", "types"] { #expect(try agrees(PyTorchFileTests.bytes(name)), "\(name)") }
        for name in ["stored", "compressed"] { #expect(try agrees(NPZFileTests.bytes(name)), "\(name)") }
    }

    @Test(arguments: ["claims 65535 entries", "claims 200 million entries", "headers disagree"])
    func contradictionsAreFound(name: String) throws { #expect(try !agrees(NPZFileTests.bytes(name))) }

    @Test func anythingCutShortDisagrees() throws {
        let whole = try NPZFileTests.bytes("stored")
        for count in 0..<whole.count { #expect(try !agrees(Array(whole.prefix(count))), "\(count)") }
    }

    /// Name, method, checksum and sizes in the first local header, and the same fields in the directory.
    @Test func everyFieldThatMattersIsCompared() throws {
        let whole = try NPZFileTests.bytes("compressed")
        let directory = try #require((0..<whole.count).first { whole[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
        for place in [0, 8, 14, 26, 30] + [0, 10, 16, 28, 42, 46].map({ directory + $0 }) {
            var changed = whole
            changed[place] ^= 1
            #expect(try !agrees(changed), "\(place)")
        }
    }

    /// Any byte values must give an answer, never a trap.
    @Test func hostileBytesHaveAnAnswer() throws {
        let whole = try NPZFileTests.bytes("compressed")
        let directory = try #require((0..<whole.count).first { whole[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
        for place in directory..<whole.count {
            for value in [0, 0x7F, 0x80, 0xFF] as [UInt8] {
                var changed = whole
                changed[place] = value
                _ = try agrees(changed)
            }
        }
    }
}
