import Foundation
import Testing
import TestSupport

@testable import TensorFiles

/// Oracle: the examples of FIPS 180-4.
@Suite struct SHA256DigestTests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
    func knownTexts(text: String, digest: String) {
        #expect(SHA256Digest.of(Data(text.utf8)).description == digest)
    }

    @Test func aFileOfAMillionLetters() throws {
        let folder = try TemporaryFolder()
        let url = try folder.file("a", holding: [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))
        #expect(
            try SHA256Digest.of(file: url).description
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func aFileOfSeveralParts() throws {
        let folder = try TemporaryFolder()
        let bytes = (0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        #expect(try SHA256Digest.of(file: folder.file("a", holding: bytes)) == SHA256Digest.of(Data(bytes)))
    }

    @Test func aMissingFileIsAnError() throws {
        let folder = try TemporaryFolder()
        #expect(throws: FileReadError.missing(path: folder.file("a").path)) {
            try SHA256Digest.of(file: folder.file("a"))
        }
    }
}
