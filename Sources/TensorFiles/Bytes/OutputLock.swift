import Foundation

/// Holds an output for this process, so that two processes do not write it at once.
///
/// The lock is the kernel's (`flock`), on a hidden file that also names the holder. It ends with the process, however that
/// ends; a file left by a killed process is taken over. On a file system without locks, nothing is held.
public final class OutputLock: Sendable {
    private let path: String
    private let descriptor: Int32

    /// Another process writes there.
    public struct Held: Error, Equatable, CustomStringConvertible {
        /// The output.
        public let path: String
        /// The process number and host of the holder, as it wrote them; empty if it could not.
        public let holder: String

        /// One line: the output, its holder, what to do.
        public var description: String {
            "\(path): being written by \(holder.isEmpty ? "another process" : holder); wait for it, or choose another output"
        }
    }

    /// Holds the file `url`, whose folder exists. Throws `Held` or `FileWriteError`.
    public convenience init(file url: URL) throws {
        let target = url.resolvingSymlinksInPath()
        let name = ".penumbra-\(target.lastPathComponent).lock"
        try OutputFolder.create(target.deletingLastPathComponent())
        try self.init(at: target.deletingLastPathComponent().appendingPathComponent(name), of: url)
    }

    /// Holds the content of the folder `url`, which exists. Throws `Held` or `FileWriteError`.
    public convenience init(folder url: URL) throws {
        try self.init(at: url.appendingPathComponent(".penumbra.lock"), of: url)
    }

    private init(at file: URL, of output: URL) throws {
        path = file.path
        // Made before the lock: looking up the host's name may take a while, in which others would find no holder's name.
        let text = Array("process \(getpid()) on \(ProcessInfo.processInfo.hostName)".utf8)
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
            if descriptor < 0 { throw FileWriteError(path: output.path, doing: "making a lock", errno: errno) }
            if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
                let code = errno
                if code == EWOULDBLOCK {
                    let holder = Self.holder(descriptor)
                    close(descriptor)
                    throw Held(path: output.path, holder: holder)
                }
                if code == EINTR {
                    close(descriptor)
                    continue
                }
            }
            // A holder that has finished in the meantime removed the file that was opened here.
            var opened = stat(), named = stat()
            guard fstat(descriptor, &opened) == 0, stat(path, &named) == 0, opened.st_ino == named.st_ino,
                opened.st_dev == named.st_dev
            else {
                close(descriptor)
                continue
            }
            // The name of the holder is a courtesy: on a full disk the lock holds without it.
            if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
            self.descriptor = descriptor
            return
        }
    }

    /// The holder's name, for which a holder that has just locked the file gets half a second.
    private static func holder(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 300)
        var count = pread(descriptor, &bytes, bytes.count, 0)
        for _ in 0..<250 where count == 0 {
            usleep(2_000)
            count = pread(descriptor, &bytes, bytes.count, 0)
        }
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        let visible = text.unicodeScalars.filter { $0.properties.generalCategory != .control }
        return String(String.UnicodeScalarView(visible))
    }

    /// Ends the lock. Call it once, when the work ends: an object that is no longer used may be freed earlier.
    public func release() {
        unlink(path)
        close(descriptor)
    }
}
