import Foundation
import Testing
import TestSupport

@testable import TensorFiles

@Suite struct OutputLockTests {
    private func holder() -> String { "process \(getpid()) on \(ProcessInfo.processInfo.hostName)" }

    @Test func theSecondIsToldWhoHoldsTheOutput() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("a.csv")
        let lock = try OutputLock(file: file)
        #expect(throws: OutputLock.Held(path: file.path, holder: holder())) { try OutputLock(file: file) }
        #expect(
            OutputLock.Held(path: "a", holder: "process 7 on host").description
                == "a: being written by process 7 on host; wait for it, or choose another output")
        let other = try OutputLock(file: folder.file("b.csv"))
        other.release()
        lock.release()
        #expect(try folder.names.isEmpty)
        try OutputLock(file: file).release()
    }

    /// A holder locks the file before writing its name. A process that comes in between must wait for the name.
    @Test func aNameThatComesLateIsRead() throws {
        let folder = try TemporaryFolder()
        let lock = try folder.file(".penumbra-a.csv.lock", holding: [])
        let descriptor = open(lock.path, O_RDWR)
        defer { close(descriptor) }
        #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        let name = "process 7 on host"
        let writer = Thread {
            usleep(5_000)
            _ = pwrite(descriptor, name, name.utf8.count, 0)
        }
        writer.start()
        let file = folder.file("a.csv")
        #expect(throws: OutputLock.Held(path: file.path, holder: name)) { try OutputLock(file: file) }
    }

    @Test func aFolderIsHeldToo() throws {
        let folder = try TemporaryFolder()
        let url = folder.file(".")
        let lock = try OutputLock(folder: url)
        #expect(throws: OutputLock.Held(path: url.path, holder: holder())) { try OutputLock(folder: url) }
        lock.release()
        #expect(try folder.names.isEmpty)
    }

    /// A link to an output counts as that output.
    @Test func linksAreFollowed() throws {
        let folder = try TemporaryFolder()
        let file = try folder.file("a.csv", holding: [1])
        let link = folder.file("link.csv")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
        let lock = try OutputLock(file: file)
        #expect(throws: OutputLock.Held(path: link.path, holder: holder())) { try OutputLock(file: link) }
        lock.release()
    }

    /// A lock file left by a killed process holds no lock.
    @Test func aLeftFileIsTakenOver() throws {
        let folder = try TemporaryFolder()
        try Data("process 1 on elsewhere, with a longer name".utf8).write(to: folder.file(".penumbra-a.csv.lock"))
        let lock = try OutputLock(file: folder.file("a.csv"))
        #expect(throws: OutputLock.Held(path: folder.file("a.csv").path, holder: holder())) {
            try OutputLock(file: folder.file("a.csv"))
        }
        lock.release()
        #expect(try folder.names.isEmpty)
    }
}
