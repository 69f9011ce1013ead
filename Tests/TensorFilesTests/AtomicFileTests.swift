import Foundation
import Testing
import TestSupport

@testable import TensorFiles

@Suite struct AtomicFileTests {
    struct Interruption: Error {}

    @Test func writesWholeFilesAndLeavesNothingElse() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write(Data([1, 2, 3]), to: folder.file("a"))
        try AtomicFile.write("größer", to: folder.file("b"))
        let large = [UInt8](repeating: 7, count: 1_000_003)
        try AtomicFile.write(to: folder.file("c")) { sink in
            try sink.write("head")
            try sink.write(large)
            try sink.write([Float(1)])
        }
        try AtomicFile.replace(folder.file("d")) { try Data([9]).write(to: URL(fileURLWithPath: $0)) }
        #expect(try folder.names == ["a", "b", "c", "d"])
        #expect(try Data(contentsOf: folder.file("a")) == Data([1, 2, 3]))
        #expect(try Data(contentsOf: folder.file("b")) == Data("größer".utf8))
        #expect(try Data(contentsOf: folder.file("c")) == Data("head".utf8) + Data(large) + Data([0, 0, 0x80, 0x3F]))
        #expect(try Data(contentsOf: folder.file("d")) == Data([9]))
    }

    @Test func aThrowKeepsTheOldFileAndRemovesTheTemporaryOne() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write("old", to: folder.file("a"))
        #expect(throws: Interruption.self) {
            try AtomicFile.write(to: folder.file("a")) { sink in
                try sink.write("new")
                throw Interruption()
            }
        }
        #expect(throws: Interruption.self) {
            try AtomicFile.replace(folder.file("a")) { path in
                try Data([9]).write(to: URL(fileURLWithPath: path))
                throw Interruption()
            }
        }
        #expect(try folder.names == ["a"])
        #expect(try Data(contentsOf: folder.file("a")) == Data("old".utf8))
    }

    /// The next write removes temporary files of a killed process, but not those of a running one.
    @Test func temporaryFilesOfTheDeadAreSwept() throws {
        let folder = try TemporaryFolder()
        let dead = try folder.file(".penumbra-dead.tmp", holding: [1])
        let living = try folder.file(".penumbra-living.tmp", holding: [1])
        let other = try folder.file("penumbra-x.tmp", holding: [1])
        let descriptor = open(living.path, O_RDWR)
        #expect(flock(descriptor, LOCK_EX) == 0)
        defer { close(descriptor) }
        try AtomicFile.write("x", to: folder.file("a"))
        #expect(!FileManager.default.fileExists(atPath: dead.path))
        #expect(FileManager.default.fileExists(atPath: living.path))
        #expect(FileManager.default.fileExists(atPath: other.path))
    }

    /// Another process that cleans up finds the file locked until it has its final name.
    @Test func aFileThatIsBeingWrittenIsLocked() throws {
        let folder = try TemporaryFolder()
        func expectLocked() throws {
            let name = try #require(try folder.names.first { $0.hasSuffix(".tmp") })
            let descriptor = open(folder.file(name).path, O_RDWR)
            defer { close(descriptor) }
            #expect(flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        }
        try AtomicFile.write(to: folder.file("a")) { _ in try expectLocked() }
        try AtomicFile.replace(folder.file("b")) { _ in try expectLocked() }
        #expect(try folder.names == ["a", "b"])
    }

    @Test func aMissingFolderIsAnError() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("none/a")
        #expect(throws: FileWriteError.folderMissing(path: path.path)) { try AtomicFile.write("x", to: path) }
        #expect(
            FileWriteError.folderMissing(path: "none/a").description
                == "none/a: cannot write: the folder does not exist (No such file or directory)")
    }

    @Test func aFileInPlaceOfAFolderIsAnError() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("a", holding: [1]).appendingPathComponent("b")
        #expect(throws: FileWriteError.notAFolder(path: path.path)) { try AtomicFile.write("x", to: path) }
    }

    @Test func aFolderAsTargetIsAnError() throws {
        let folder = try TemporaryFolder()
        #expect(throws: FileWriteError.isAFolder(path: folder.url.path)) { try AtomicFile.write("x", to: folder.url) }
    }

    @Test func aDeviceIsRefused() {
        let device = URL(fileURLWithPath: "/dev/null")
        #expect(throws: FileWriteError.notARegularFile(path: "/dev/null")) { try AtomicFile.write("x", to: device) }
    }

    @Test(.disabled(if: getuid() == 0, "root may write everywhere")) func anUnwritableFolderIsAnError() throws {
        let folder = try TemporaryFolder()
        chmod(folder.url.path, 0o500)
        defer { chmod(folder.url.path, 0o700) }
        let path = folder.file("a")
        #expect(throws: FileWriteError.permissionDenied(path: path.path)) { try AtomicFile.write("x", to: path) }
    }

    @Test func aFileSystemThatTakesNoFilesIsAnError() {
        let path = URL(fileURLWithPath: "/proc/penumbra")
        #expect(throws: FileWriteError.self) { try AtomicFile.write("x", to: path) }
    }

    @Test func aFullDiskIsAnErrorThatIsRemembered() throws {
        let descriptor = open("/dev/full", O_WRONLY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let sink = FileSink(descriptor: descriptor, path: "a")
        try sink.write("x")
        #expect(throws: FileWriteError.diskFull(path: "a")) { try sink.flush() }
        try sink.write("y")
        #expect(throws: FileWriteError.diskFull(path: "a")) { try sink.flush() }
        #expect(
            FileWriteError.diskFull(path: "a").description
                == "a: cannot write: No space left on device; the previous content is unchanged")
    }

    @Test(arguments: [
        (EACCES, FileWriteError.permissionDenied(path: "a")), (EROFS, .readOnlyFileSystem(path: "a")),
        (EDQUOT, .diskFull(path: "a")), (EFBIG, .tooLarge(path: "a")), (EISDIR, .isAFolder(path: "a")),
        (EIO, .failed(path: "a", doing: "writing", errno: EIO)),
    ])
    func theSystemsErrorsAreNamed(code: Int32, expected: FileWriteError) {
        #expect(FileWriteError(path: "a", doing: "writing", errno: code) == expected)
    }

    @Test func otherErrorsNameTheStepAndTheNumber() {
        #expect(
            FileWriteError.failed(path: "a", doing: "writing", errno: EIO).description
                == "a: writing failed: Input/output error (errno 5)")
    }

    @Test func aLinkIsFollowed() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write("old", to: folder.file("real"))
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("link").path, withDestinationPath: folder.file("real").path)
        try AtomicFile.write("new", to: folder.file("link"))
        #expect(try String(contentsOf: folder.file("real"), encoding: .utf8) == "new")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link").path).hasSuffix("real"))
    }

    @Test func theModeFollowsTheUmask() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write("x", to: folder.file("a"))
        let plain = open(folder.file("b").path, O_WRONLY | O_CREAT, 0o666)
        close(plain)
        var ours = stat()
        var theirs = stat()
        stat(folder.file("a").path, &ours)
        stat(folder.file("b").path, &theirs)
        #expect(ours.st_mode == theirs.st_mode)
    }

    /// Writing would replace the link with a file.
    @Test func aLinkToNothingIsRefused() throws {
        let folder = try TemporaryFolder()
        let link = folder.file("link")
        try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "nowhere")
        let error = FileWriteError.danglingLink(path: link.path, destination: "nowhere")
        #expect(throws: error) { try AtomicFile.write("new", to: link) }
        #expect(
            error.description
                == "\(link.path): cannot write: it is a link to 'nowhere', which does not exist; remove the "
                + "link, or name the file itself")
        #expect(try folder.names == ["link"])
    }

    @Test func aFileWhereAFolderIsExpectedIsSaid() throws {
        let folder = try TemporaryFolder()
        let file = try folder.file("file", holding: [1])
        #expect(throws: FileReadError.notAFolder(path: file.path + "/x")) { try InputFile(folder.file("file/x")) }
        #expect(
            FileReadError.notAFolder(path: "a/x").description
                == "a/x: no such file: a part of the path is a file, not a folder")
    }
}
