import Foundation
import TensorFiles

/// A name in the process's surroundings whose bytes are not UTF-8. Swift would replace these bytes, so that a file would not be
/// found, or be written to another folder.
struct NameEncoding: Error, Equatable, CustomStringConvertible {
    /// An argument, or the current folder.
    let found: String
    let isCurrentFolder: Bool

    /// Throws if one of the words or the current folder, both without the final zero, is not UTF-8. A call for help or the version
    /// reads no file.
    static func check(_ words: [[CChar]], currentFolder: [CChar]) throws(NameEncoding) {
        if let word = words.first(where: { !isUTF8($0) }) {
            throw NameEncoding(found: repaired(word), isCurrentFolder: false)
        }
        let texts = words.map(repaired)
        if !isUTF8(currentFolder), texts.first != "help", Set(texts).isDisjoint(with: ["--help", "-h", "--version"]) {
            throw NameEncoding(found: repaired(currentFolder), isCurrentFolder: true)
        }
    }

    /// The process's own, with the program's name left out.
    static func checkProcess() throws(NameEncoding) {
        let words = (1..<max(1, Int(CommandLine.argc))).compactMap { CommandLine.unsafeArgv[$0] }.map { word in
            Array(UnsafeBufferPointer(start: word, count: strlen(word)))
        }
        var folder = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let length = getcwd(&folder, folder.count) == nil ? 0 : strlen(folder)
        try check(words, currentFolder: Array(folder.prefix(length)))
    }

    private static func isUTF8(_ bytes: [CChar]) -> Bool {
        String(validating: bytes.lazy.map(UInt8.init(bitPattern:)), as: UTF8.self) != nil
    }

    private static func repaired(_ bytes: [CChar]) -> String {
        String(decoding: bytes.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    var description: String {
        "\(found.displayed(atMost: 200)): the \(isCurrentFolder ? "current folder's name" : "argument") is not UTF-8; rename it, "
            + "for example with convmv"
    }
}
