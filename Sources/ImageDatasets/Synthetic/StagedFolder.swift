import Foundation
import Numerics
import RasterImages
import Synchronization
import TensorFiles

/// A folder that is filled under a hidden name beside its target and renamed when it is complete: it appears whole or not at
/// all.
///
/// Unlike `AtomicFile` it does not sync each file, which takes milliseconds per file, but syncs all file systems once at the
/// end (Linux returns from `sync` when everything is on the disk). A lock held for the life of the process distinguishes
/// folders being filled from those left behind by a killed process; the latter are removed when the next one is begun for the
/// same target.
struct StagedFolder: ~Copyable {
    /// Where the files go until `commit`.
    let url: URL
    private let target: URL
    private let descriptor: Int32

    /// Lets `body` fill a folder, which then appears at `target`; if anything throws, nothing is left behind.
    static func fill(_ target: URL, _ body: (borrowing StagedFolder) throws -> Void) throws {
        let staged = try StagedFolder(for: target)
        do {
            try body(staged)
            try staged.commit()
        } catch {
            staged.discard()
            throw error
        }
    }

    /// Begins a folder that will end up at `target`, whose parent is created if it is missing. Throws `FileWriteError`.
    init(for target: URL) throws {
        let parent = target.deletingLastPathComponent()
        try OutputFolder.create(parent)
        let prefix = ".\(target.lastPathComponent).partial-"
        Self.removeAbandoned(in: parent, prefix: prefix)
        let path = "\(parent.path)/\(prefix)\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
        if mkdir(path, 0o777) != 0 { throw FileWriteError(path: target.path, doing: "creating", errno: errno) }
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor < 0 {
            let error = FileWriteError(path: target.path, doing: "opening", errno: errno)
            rmdir(path)
            throw error
        }
        // On a file system without locks, nothing is ever found to be abandoned either.
        flock(descriptor, LOCK_EX | LOCK_NB)
        self.target = target
        self.descriptor = descriptor
        url = URL(fileURLWithPath: path, isDirectory: true)
    }

    deinit { close(descriptor) }

    /// Creates a folder inside. Throws `FileWriteError`.
    func createFolder(named name: String) throws {
        if mkdir("\(url.path)/\(name)", 0o777) != 0 {
            throw FileWriteError(path: "\(target.path)/\(name)", doing: "creating", errno: errno)
        }
    }

    /// Writes a file inside, unsynced until `commit`. Throws `FileWriteError`.
    func write(_ bytes: [UInt8], to name: String) throws(FileWriteError) {
        try Self.write(bytes, toPath: "\(url.path)/\(name)", name: "\(target.path)/\(name)")
    }

    /// Syncs everything to disk and moves the folder into place. Throws `FileWriteError`, also if the target is no longer
    /// empty.
    func commit() throws {
        sync()
        if rename(url.path, target.path) != 0 {
            throw FileWriteError(path: target.path, doing: "renaming", errno: errno)
        }
        let parent = open(target.deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if parent >= 0 {
            fsync(parent)
            close(parent)
        }
    }

    /// Removes what was written.
    func discard() { try? FileManager.default.removeItem(at: url) }

    /// Writes `bytes` to the new file at `path`; errors call it `name`.
    static func write(_ bytes: [UInt8], toPath path: String, name: String) throws(FileWriteError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
        if descriptor < 0 { throw FileWriteError(path: name, doing: "creating", errno: errno) }
        let code: Int32 = bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: rest)
                let count = Foundation.write(descriptor, part.baseAddress, part.count)
                if count >= 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return errno }
            }
            return 0
        }
        // A full disk may show only here if the file system defers writes.
        let closing = close(descriptor) == 0 ? 0 : errno
        if code != 0 || closing != 0 {
            throw FileWriteError(path: name, doing: "writing", errno: code != 0 ? code : closing)
        }
    }

    private static func removeAbandoned(in parent: URL, prefix: String) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? []
        for name in names where name.hasPrefix(prefix) {
            let descriptor = open("\(parent.path)/\(name)", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            if descriptor < 0 { continue }
            defer { close(descriptor) }
            if flock(descriptor, LOCK_EX | LOCK_NB) != 0 { continue }
            try? FileManager.default.removeItem(at: parent.appendingPathComponent(name))
        }
    }
}

extension StagedFolder {
    /// Makes `count` images and writes them as PNG to their paths inside, on `threads`. `progress` is called on the caller's
    /// thread with the number done, every few hundred; what it throws ends the work, as does the first error in the order of
    /// the images.
    func writeImages(
        _ count: Int, threads: ThreadCount, progress: (_ done: Int) throws -> Void,
        path: @Sendable (_ index: Int) -> String, image: @Sendable (_ index: Int) throws -> RGBImage
    ) throws {
        let blockSize = 64 * threads.count
        for start in stride(from: 0, to: count, by: blockSize) {
            let end = min(start + blockSize, count)
            let failures = Mutex<[Int: any Error]>([:])
            threads.forEachChunk(of: end - start, size: 1) { chunk, _ in
                do {
                    try write(PNGCodec.encode(image(start + chunk)), to: path(start + chunk))
                } catch {
                    failures.withLock { $0[chunk] = error }
                }
            }
            if let first = failures.withLock({ $0.min { $0.key < $1.key }?.value }) { throw first }
            try progress(end)
        }
    }
}
