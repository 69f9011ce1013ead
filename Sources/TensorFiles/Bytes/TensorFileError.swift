import Foundation

/// A file whose format is not supported.
public enum TensorFileError: Error, Equatable, CustomStringConvertible {
    /// `head` is the file's first bytes, at most eight.
    case unknownFormat(path: String, head: [UInt8])
    /// A file of three lines that stands in for one stored elsewhere with Git LFS.
    case gitLFSPointer(path: String)
    /// An HTML page, such as a server sends in place of a file that must be requested differently.
    case webPage(path: String)
    /// A file that is compressed as a whole; `program` decompresses it.
    case compressed(path: String, program: String)
    /// A ZIP archive of `torch.save` that lacks its end.
    case cutShort(path: String, size: Int)

    /// The error for a file of unknown format with these first bytes.
    init(path: String, head: [UInt8]) {
        let text = String(decoding: head, as: UTF8.self).lowercased().trimmingCharacters(in: .whitespacesAndNewlines)
        if text.hasPrefix("version https://git-lfs") {
            self = .gitLFSPointer(path: path)
        } else if text.hasPrefix("<!doctype html") || text.hasPrefix("<html") {
            self = .webPage(path: path)
        } else if head.starts(with: [0x1F, 0x8B]) {
            self = .compressed(path: path, program: "gunzip")
        } else if head.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A]) {
            self = .compressed(path: path, program: "unxz")
        } else {
            self = .unknownFormat(path: path, head: Array(head.prefix(8)))
        }
    }

    /// One line: the path, what was found and what was expected.
    public var description: String {
        switch self {
        case .gitLFSPointer(let path):
            return "\(path): a Git LFS pointer, not the file itself; fetch the file with 'git lfs pull'"
        case .webPage(let path):
            return
                "\(path): a web page (HTML), not a checkpoint; download the file itself, not the page that shows it"
        case .compressed(let path, let program):
            return "\(path): the whole file is compressed; decompress it with \(program)"
        case .cutShort(let path, let size):
            return
                "\(path): ends after \(size) bytes, before the archive's directory: the download or copy is incomplete; "
                + "fetch it again"
        case .unknownFormat(let path, let head) where head.isEmpty:
            return "\(path): the file is empty; fetch it again"
        case .unknownFormat(let path, let head):
            let found = head.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
            return "\(path): begins with the bytes \(found); expected "
                + TensorFile.Format.allCases.map(\.title).joined(separator: ", ")
        }
    }
}
