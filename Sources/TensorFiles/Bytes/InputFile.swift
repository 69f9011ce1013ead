import Foundation

/// A regular file opened for reading at any offset. Its size is known before anything is allocated for its content.
package final class InputFile {
    package let path: String
    /// In bytes, when the file was opened.
    package let size: Int
    private let descriptor: Int32

    /// Throws `FileReadError`.
    package init(_ url: URL) throws(FileReadError) {
        path = url.path
        // Without O_NONBLOCK, opening a pipe that nobody writes to would block for ever.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        if descriptor < 0 { throw FileReadError(path: path, errno: errno) }
        var status = stat()
        let result = fstat(descriptor, &status)
        size = Int(status.st_size)
        if result != 0 { throw FileReadError(path: path, errno: errno) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw .isAFolder(path: path)
        default: throw .notARegularFile(path: path)
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Fills `buffer` from `offset` on. Throws `FileReadError`, `becameShorter` if the file ends before that.
    package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FileReadError) {
        var done = 0
        while done < buffer.count {
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let count = pread(descriptor, part.baseAddress, part.count, off_t(offset + done))
            if count > 0 {
                done += count
            } else if count == 0 {
                throw .becameShorter(path: path)
            } else if errno != EINTR {
                throw FileReadError(path: path, errno: errno)
            }
        }
    }

    /// All bytes, for a reader that takes up to `factor` times their memory. Throws `FileReadError`, `notEnoughMemory` if a
    /// limit on the address space does not leave that much.
    package func contents(takingTimes factor: Int) throws(FileReadError) -> [UInt8] {
        let (needed, overflow) = size.multipliedReportingOverflow(by: factor)
        try FileReadError.checkMemory(overflow ? .max : needed, for: path)
        return try bytes(at: 0, count: size)
    }

    /// `count` bytes from `offset` on, which the caller has checked against `size`. Throws `FileReadError`.
    package func bytes(at offset: Int, count: Int) throws(FileReadError) -> [UInt8] {
        precondition(offset >= 0 && count >= 0 && count <= size - offset, "bytes beyond the file's end")
        var bytes = [UInt8](repeating: 0, count: count)
        var failure: FileReadError?
        bytes.withUnsafeMutableBytes { buffer in
            do throws(FileReadError) { try read(at: offset, into: buffer) } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }
}
