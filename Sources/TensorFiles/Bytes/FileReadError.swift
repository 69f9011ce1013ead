import Foundation

/// Why the bytes of a file could not be had, whatever its format.
public enum FileReadError: Error, Equatable, CustomStringConvertible {
    /// There is no such file.
    case missing(path: String)
    /// Something on the way to it is a file where a folder was expected.
    case notAFolder(path: String)
    /// The user may not read it.
    case permissionDenied(path: String)
    /// It is a folder.
    case isAFolder(path: String)
    /// It is a device, pipe or socket: readers need a size that is known beforehand.
    case notARegularFile(path: String)
    /// The file became shorter while it was read.
    case becameShorter(path: String)
    /// More bytes than a file of its kind may have, since reading it takes many times as much memory.
    case tooLarge(path: String, size: Int, most: Int)
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

    /// One line: the path and the reason.
    public var description: String {
        switch self {
        case .missing(let path): "\(path): no such file"
        case .notAFolder(let path): "\(path): no such file: a part of the path is a file, not a folder"
        case .permissionDenied(let path): "\(path): cannot read: permission denied"
        case .isAFolder(let path): "\(path): is a folder, a file was expected"
        case .notARegularFile(let path): "\(path): is a device or a pipe, a file was expected"
        case .becameShorter(let path): "\(path): became shorter while it was read"
        case .tooLarge(let path, let size, let most):
            "\(path): \(size) bytes found, at most \(most) expected; --max-file-size \(size) reads it"
        case .failed(let path, let code): "\(path): cannot read: \(String(cString: strerror(code))) (errno \(code))"
        }
    }
}
