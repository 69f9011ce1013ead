import Foundation

/// Why a file could not be written. The fault lies with the machine or the chosen folder, never with a file's content, so
/// commands exit with code 1. Whatever was at the path before is untouched.
public enum FileWriteError: Error, Equatable, CustomStringConvertible {
    /// The folder that should hold `path` does not exist.
    case folderMissing(path: String)
    /// A component of `path` is a file where a folder was expected.
    case notAFolder(path: String)
    /// The user may not write there.
    case permissionDenied(path: String)
    /// The file system is mounted read-only.
    case readOnlyFileSystem(path: String)
    /// The disk is full, or the user's quota is used up.
    case diskFull(path: String)
    /// The file outgrew the limit of the file system or of the process (`ulimit -f`).
    case tooLarge(path: String)
    /// `path` is a folder.
    case isAFolder(path: String)
    /// `path` is a device, pipe or socket, which a rename would destroy.
    case notARegularFile(path: String)
    /// `path` is a symbolic link to nothing: the file would not end up where the link points.
    case danglingLink(path: String, destination: String)
    /// Anything else: what was being done, and the system's error number.
    case failed(path: String, doing: String, errno: Int32)

    /// The case for the system's error number `code`, met at `path` while `doing` ("writing", "renaming").
    package init(path: String, doing: String, errno code: Int32) {
        switch code {
        case ENOENT: self = .folderMissing(path: path)
        case ENOTDIR: self = .notAFolder(path: path)
        case EACCES, EPERM: self = .permissionDenied(path: path)
        case EROFS: self = .readOnlyFileSystem(path: path)
        case ENOSPC, EDQUOT: self = .diskFull(path: path)
        case EFBIG: self = .tooLarge(path: path)
        case EISDIR: self = .isAFolder(path: path)
        default: self = .failed(path: path, doing: doing, errno: code)
        }
    }

    /// One line: the path, what was tried, the system's reason.
    public var description: String {
        switch self {
        case .folderMissing(let path):
            "\(path): cannot write: the folder does not exist (\(Self.text(ENOENT)))"
        case .notAFolder(let path):
            "\(path): cannot write: a part of the path is a file, not a folder (\(Self.text(ENOTDIR)))"
        case .permissionDenied(let path):
            "\(path): cannot write: \(Self.text(EACCES))"
        case .readOnlyFileSystem(let path):
            "\(path): cannot write: \(Self.text(EROFS))"
        case .diskFull(let path):
            "\(path): cannot write: \(Self.text(ENOSPC)); the previous content is unchanged"
        case .tooLarge(let path):
            "\(path): cannot write: \(Self.text(EFBIG)); the previous content is unchanged"
        case .isAFolder(let path):
            "\(path): cannot write: it is a folder; expected a file"
        case .notARegularFile(let path):
            "\(path): cannot write: it is a device or a pipe; expected a file"
        case .danglingLink(let path, let destination):
            "\(path): cannot write: it is a link to '\(destination.displayed(atMost: 200))', which does not exist; remove the "
                + "link, or name the file itself"
        case .failed(let path, let doing, let code):
            "\(path): \(doing) failed: \(Self.text(code)) (errno \(code))"
        }
    }

    /// The error of writing to `path` if it is a link to nothing; otherwise nil.
    package static func danglingLink(at path: String) -> FileWriteError? {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK, stat(path, &status) != 0, errno == ENOENT
        else { return nil }
        let destination = (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) ?? ""
        return .danglingLink(path: path, destination: destination)
    }

    private static func text(_ code: Int32) -> String { String(cString: strerror(code)) }
}
