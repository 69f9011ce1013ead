import Foundation
import Numerics

/// Why the bytes of a file could not be read, whatever its format.
public enum FileReadError: Error, Equatable, CustomStringConvertible {
    /// The file does not exist.
    case missing(path: String)
    /// A component of the path is a file where a folder was expected.
    case notAFolder(path: String)
    /// The user may not read it.
    case permissionDenied(path: String)
    /// It is a folder.
    case isAFolder(path: String)
    /// It is a device, pipe or socket: readers must know the size beforehand.
    case notARegularFile(path: String)
    /// The file shrank while it was being read.
    case becameShorter(path: String)
    /// The file is larger than a file of its kind may be, since reading it takes many times its size in memory.
    case tooLarge(path: String, size: Int, most: Int)
    /// Reading it takes more memory than the limit on the process's address space leaves; in bytes.
    case notEnoughMemory(path: String, needed: Int, available: Int)
    /// Anything else, with the system's error number.
    case failed(path: String, errno: Int32)

    init(path: String, errno code: Int32) {
        switch code {
        case ENOENT: self = .missing(path: path)
        case ENOTDIR: self = .notAFolder(path: path)
        case EACCES, EPERM: self = .permissionDenied(path: path)
        default: self = .failed(path: path, errno: code)
        }
    }

    /// Throws `notEnoughMemory` if `needed` bytes are more than a limit on the address space leaves. Swift's arrays end the
    /// process when the system refuses them memory, and without such a limit it refuses none. Small amounts are not checked.
    static func checkMemory(
        _ needed: Int, for path: String, available: @autoclosure () -> Int? = AvailableMemory.addressSpace
    ) throws(FileReadError) {
        if needed < 1 << 20 { return }
        if let available = available(), needed > available {
            throw .notEnoughMemory(path: path, needed: needed, available: available)
        }
    }

    /// One line: the path and the reason.
    public var description: String {
        switch self {
        case .missing(let path):
            "\(path): no such file"
                + (path.contains("\u{FFFD}")
                    ? "; \u{FFFD} may stand for bytes that are not UTF-8: rename the file" : "")
        case .notAFolder(let path): "\(path): no such file: a part of the path is a file, not a folder"
        case .permissionDenied(let path): "\(path): cannot read: permission denied"
        case .isAFolder(let path): "\(path): is a folder; expected a file"
        case .notARegularFile(let path): "\(path): is a device or a pipe; expected a file"
        case .becameShorter(let path): "\(path): became shorter while being read"
        case .tooLarge(let path, let size, let most):
            "\(path): found \(size) bytes; expected at most \(most) (--max-file-size \(size) reads it)"
        case .notEnoughMemory(let path, let needed, let available):
            "\(path): reading it takes up to \(MemoryAmount(needed)) of memory, but only \(MemoryAmount(available)) is available; "
                + "raise the address-space limit (ulimit -v)"
        case .failed(let path, let code): "\(path): cannot read: \(String(cString: strerror(code))) (errno \(code))"
        }
    }
}
