import Foundation
import Testing
import TestSupport

@testable import TensorFiles

@Suite struct FileLimitsTests {
    @Test func ratiosOfRealDataAreNoBombs() {
        let limits = FileLimits()
        #expect(limits.mostInflated(compressed: 1) == 64 << 20)
        #expect(limits.mostInflated(compressed: 10_000_000) == 1_000_000_000)
        #expect(limits.mostInflated(compressed: .max) == .max)
    }

    @Test func theLimitOfJSONCanBeLifted() throws {
        let folder = try TemporaryFolder()
        let url = try folder.file("a.json", holding: Array("[1, 2]".utf8))
        var limits = FileLimits()
        limits.allowed = 5
        FileLimits.$current.withValue(limits) {
            _ = #expect(throws: FileReadError.tooLarge(path: url.path, size: 6, most: 5)) {
                try ForeignJSON.bytes(of: url)
            }
        }
        limits.allowed = 6
        let count = try FileLimits.$current.withValue(limits) { try ForeignJSON.bytes(of: url).count }
        #expect(count == 6)
    }

    @Test func aTableOfTooManyColumnsIsRefused() throws {
        let line = [UInt8](repeating: UInt8(ascii: ","), count: 1 << 18)
        #expect(throws: CSVError.tooManyColumns(path: "a", found: (1 << 18) + 1, most: 1 << 18)) {
            try CSVTable.parse(line, path: "a")
        }
    }

    @Test func aLimitOfAddressSpaceIsLookedAtBeforeAFileIsRead() throws {
        #expect(throws: FileReadError.notEnoughMemory(path: "x.csv", needed: 400 << 20, available: 300 << 20)) {
            try FileReadError.checkMemory(400 << 20, for: "x.csv", available: 300 << 20)
        }
        try FileReadError.checkMemory(400 << 20, for: "x.csv", available: nil)
        try FileReadError.checkMemory(1 << 10, for: "x.csv", available: 0)
        #expect(
            FileReadError.notEnoughMemory(path: "x.csv", needed: 400 << 20, available: 300 << 20).description
                == "x.csv: reading it takes up to 0.4 GiB of memory, but only 0.3 GiB is available; raise the "
                + "address-space limit (ulimit -v)")
    }
}
