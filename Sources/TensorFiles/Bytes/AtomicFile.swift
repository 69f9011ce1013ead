import Foundation
import Synchronization

/// Files that are written whole or not at all.
///
/// The bytes go to a temporary name in the target's folder. The file is then synced and renamed over the target, and the folder
/// is synced. If anything throws in between, the temporary file is removed and the target stays as it was. Only a killed
/// process leaves its temporary file behind (`.penumbra-….tmp`), and never a half-written target. The next process that writes
/// into the folder removes such a file: a temporary file is locked while its process lives.
///
/// A symbolic link at the target is followed: the file it points to is replaced. Links to nothing, devices and pipes are
/// refused.
public enum AtomicFile {
    /// Writes what `body` puts into the sink. Throws `FileWriteError`, or what `body` throws.
    public static func write<Value>(to url: URL, _ body: (FileSink) throws -> Value) throws -> Value {
        let target = try Target(url)
        let temporary = try target.makeTemporary()
        var descriptor = temporary.descriptor
        // Shares the lock, which must be held until after the file is closed.
        let lock = dup(descriptor)
        defer { close(lock) }
        do {
            let sink = FileSink(descriptor: descriptor, path: url.path)
            let value = try body(sink)
            try sink.flush()
            try target.sync(descriptor)
            let status = close(descriptor)
            descriptor = -1
            if status != 0 { throw FileWriteError(path: url.path, doing: "closing", errno: errno) }
            try target.replace(with: temporary.path)
            return value
        } catch {
            if descriptor >= 0 { close(descriptor) }
            unlink(temporary.path)
            throw error
        }
    }

    /// Writes `data`. Throws `FileWriteError`.
    public static func write(_ data: Data, to url: URL) throws {
        try write(to: url) { try $0.write(data) }
    }

    /// Writes `text` in UTF-8. Throws `FileWriteError`.
    public static func write(_ text: String, to url: URL) throws {
        try write(to: url) { try $0.write(text) }
    }

    /// For libraries that require a path: `body` writes to `temporaryPath` (an empty file that already exists), which then
    /// replaces `url`. Throws `FileWriteError`, or what `body` throws.
    ///
    /// The library must report its own write errors, since the bytes do not pass through here.
    public static func replace<Value>(_ url: URL, _ body: (_ temporaryPath: String) throws -> Value) throws -> Value {
        let target = try Target(url)
        let temporary = try target.makeTemporary()
        defer { close(temporary.descriptor) }
        do {
            let value = try body(temporary.path)
            let descriptor = open(temporary.path, O_RDONLY | O_CLOEXEC)
            if descriptor < 0 { throw FileWriteError(path: url.path, doing: "opening", errno: errno) }
            defer { close(descriptor) }
            try target.sync(descriptor)
            try target.replace(with: temporary.path)
            return value
        } catch {
            unlink(temporary.path)
            throw error
        }
    }

    /// The path to write, with its links resolved, and its folder.
    private struct Target {
        let path: String
        let folder: String
        /// As the caller named it, for errors.
        let name: String

        init(_ url: URL) throws {
            name = url.path
            if let error = FileWriteError.danglingLink(at: name) { throw error }
            var status = stat()
            if stat(name, &status) == 0 {
                switch status.st_mode & S_IFMT {
                case S_IFREG: break
                case S_IFDIR: throw FileWriteError.isAFolder(path: name)
                default: throw FileWriteError.notARegularFile(path: name)
                }
            }
            path = url.resolvingSymlinksInPath().path
            folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        }

        /// An empty file, locked for as long as a copy of its descriptor is open.
        func makeTemporary() throws -> (path: String, descriptor: Int32) {
            Self.sweep(folder)
            while true {
                let suffix = String(UInt64.random(in: 0...UInt64.max), radix: 36)
                let temporary = "\(folder)/.penumbra-\(suffix).tmp"
                let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
                if descriptor >= 0 {
                    // On a file system without locks, nothing is swept either.
                    while flock(descriptor, LOCK_EX) != 0 && errno == EINTR {}
                    var status = stat()
                    if fstat(descriptor, &status) == 0 && status.st_nlink > 0 { return (temporary, descriptor) }
                    // Another process swept it before it was locked.
                    close(descriptor)
                    continue
                }
                if errno != EEXIST && errno != EINTR {
                    throw FileWriteError(path: name, doing: "creating a file in \(folder)", errno: errno)
                }
            }
        }

        /// The folders that this process has swept.
        private static let swept = Mutex<Set<String>>([])

        /// Removes the temporary files of dead processes, once per folder.
        private static func sweep(_ folder: String) {
            if !swept.withLock({ $0.insert(folder).inserted }) { return }
            for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            where name.hasPrefix(".penumbra-") && name.hasSuffix(".tmp") {
                let path = "\(folder)/\(name)"
                let descriptor = open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
                if descriptor < 0 { continue }
                if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
                close(descriptor)
            }
        }

        func sync(_ descriptor: Int32) throws {
            if fsync(descriptor) != 0 { throw FileWriteError(path: name, doing: "syncing", errno: errno) }
        }

        func replace(with temporary: String) throws {
            if rename(temporary, path) != 0 { throw FileWriteError(path: name, doing: "renaming", errno: errno) }
            let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            if descriptor < 0 { return }  // A folder that is writable but not readable cannot be synced.
            defer { close(descriptor) }
            if fsync(descriptor) != 0 && errno != EINVAL {
                throw FileWriteError(path: name, doing: "syncing the folder", errno: errno)
            }
        }
    }
}
