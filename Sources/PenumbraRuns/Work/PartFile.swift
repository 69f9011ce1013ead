import Backbones
import Foundation
import Numerics
import TensorFiles

/// The result of one share of a command's work, in its own file beside those of the other shares, together with everything that
/// determines it.
package struct PartFile {
    /// What must agree in all parts of a whole.
    struct Identity: Codable, Equatable {
        /// The command's words, without those that select the share.
        var command: [String]
        /// The folder in which it was given.
        var folder: String
        var program = PenumbraVersion.line
        var instructions = Processor.instructions
        /// The digests of what was read, by name.
        var inputs: [String: String]
        /// The number of images in the whole.
        var total: Int
    }

    let url: URL
    let share: WorkShare
    let identity: Identity
    let content: SafetensorsFile

    private static let shareKey = "penumbra.share"
    private static let identityKey = "penumbra.identity"

    /// `part-2-of-8.safetensors`.
    static func url(of share: WorkShare, in folder: URL) -> URL {
        folder.appendingPathComponent("part-\(share.number)-of-\(share.count).safetensors")
    }

    func write() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        var file = content
        file.metadata[Self.shareKey] = "\(share.number)/\(share.count)"
        file.metadata[Self.identityKey] = String(decoding: try encoder.encode(identity), as: UTF8.self)
        try OutputFolder.create(url.deletingLastPathComponent())
        try file.write(to: url)
    }

    static func read(_ url: URL) throws -> PartFile {
        let file = try SafetensorsFile.read(url)
        guard let share = file.metadata[shareKey].flatMap(WorkShare.init),
            let identity = file.metadata[identityKey].flatMap({
                try? ForeignJSON.decode(Identity.self, from: Array($0.utf8))
            })
        else { throw PartError.notAPart(path: url.path) }
        return PartFile(url: url, share: share, identity: identity, content: file)
    }
}

/// What can be wrong with the parts of a whole.
package enum PartError: Error, Equatable, CustomStringConvertible {
    case notAPart(path: String)
    case noParts(path: String)
    /// Missing parts, by their numbers.
    case missing(path: String, numbers: [Int], count: Int)
    /// Two parts that belong to different wholes.
    case differ(path: String, other: String, what: String, found: String, expected: String)
    /// A part that does not hold what its command produces.
    case content(path: String, what: String)
    /// The inputs of the parts have changed since.
    case changed(path: String, input: String)
    case tooManyShares(images: Int, shares: Int)
    case noFolder(path: String)

    package var description: String {
        switch self {
        case .notAPart(let path):
            "\(path) is not a share of a command's work; expected a file that --share wrote"
        case .noParts(let path):
            "\(path) holds no part-N-of-M.safetensors; expected the files that --share writes to --parts"
        case .missing(let path, let numbers, let count):
            "\(path) lacks \(numbers.count) of \(count) parts: \(numbers.prefix(12).map(String.init).joined(separator: ", "))"
                + "\(numbers.count > 12 ? " …" : ""); run these shares first"
        case .differ(let path, let other, let what, let found, let expected):
            "\(path) was made with a different \(what) from \(other): \(found), not \(expected); run all shares with the same one"
        case .content(let path, let what): "\(path): \(what); run this share again"
        case .changed(let path, let input):
            "\(path): the \(input) has changed since the parts were made; run all shares again"
        case .tooManyShares(let images, let shares):
            "there are \(shares) shares of \(images) images; expected at most one share per image"
        case .noFolder(let path):
            "the parts were made in the folder \(path), which does not exist here; run merge on a machine where these paths exist"
        }
    }
}

/// How a command's images are divided among jobs.
package enum PartialWork {
    /// This job processes one share and writes it.
    case share(WorkShare, folder: URL, command: [String])
    /// All shares are done.
    case merged(MergedParts)
}

/// All parts of a whole, in order.
package struct MergedParts: Sendable {
    private let files: [(path: String, content: SafetensorsFile)]
    let identity: PartFile.Identity

    /// The command's words.
    package var command: [String] { identity.command }
    /// The folder in which it was given.
    package var folder: String { identity.folder }

    /// Reads the parts in `folder`. Throws `PartError`, and what reading throws.
    package init(_ folder: URL) throws {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let parts = try names.filter { $0.hasPrefix("part-") && $0.hasSuffix(".safetensors") }.sorted()
            .map { try PartFile.read(folder.appendingPathComponent($0)) }.sorted { $0.share.number < $1.share.number }
        guard let first = parts.first else { throw PartError.noParts(path: folder.path) }
        for part in parts.dropFirst() {
            if let (what, found, expected) = part.difference(from: first) {
                throw PartError.differ(
                    path: part.url.path, other: first.url.path, what: what, found: found, expected: expected)
            }
        }
        let count = first.share.count
        let missing = Set(1...count).subtracting(parts.map(\.share.number)).sorted()
        if !missing.isEmpty { throw PartError.missing(path: folder.path, numbers: missing, count: count) }
        files = parts.map { ($0.url.path, $0.content) }
        identity = first.identity
    }

    /// Throws `PartError.changed` if the parts were made from something else.
    func check(total: Int, inputs: [String: String], path: String) throws(PartError) {
        for (name, digest) in inputs.sorted(by: { $0.key < $1.key }) where identity.inputs[name] != digest {
            throw .changed(path: path, input: name)
        }
        if identity.total != total { throw .changed(path: path, input: "number of images") }
    }

    /// The rows of a tensor from all parts, concatenated: as many as in the whole. Throws `PartError.content`.
    func rows(_ name: String) throws(PartError) -> NumericArray {
        var values: [Float] = []
        var width: Int?
        var rows = 0
        for (path, content) in files {
            guard let array = content[name], array.shape.count == 2, array.shape[1] == width ?? array.shape[1] else {
                throw .content(path: path, what: "the rows of \(name) are missing or have a different width")
            }
            width = array.shape[1]
            rows += array.shape[0]
            values += array.values
        }
        if rows != identity.total {
            throw .content(
                path: files[0].path, what: "found \(rows) rows of \(name) in all parts; expected \(identity.total)")
        }
        return NumericArray(shape: [rows, width ?? 0], values: values)
    }

    /// The texts of all parts under a key. Throws `PartError.content`.
    func texts(_ key: String) throws(PartError) -> [[String: String]] {
        var all: [[String: String]] = []
        for (path, content) in files {
            guard let text = content.metadata[key],
                let texts = try? ForeignJSON.decode([String: String].self, from: Array(text.utf8))
            else { throw .content(path: path, what: "\(key) is missing") }
            all.append(texts)
        }
        return all
    }
}

extension PartFile {
    /// The first respect in which this part belongs to a different whole.
    fileprivate func difference(from other: PartFile) -> (what: String, found: String, expected: String)? {
        func words(_ file: PartFile) -> [(String, String)] {
            [
                ("number of shares", "\(file.share.count)"), ("command", file.identity.command.joined(separator: " ")),
                ("folder", file.identity.folder), ("program", file.identity.program),
                ("instruction set", file.identity.instructions), ("number of images", "\(file.identity.total)"),
            ] + file.identity.inputs.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        }
        for (mine, theirs) in zip(words(self), words(other)) where mine != theirs { return (mine.0, mine.1, theirs.1) }
        return share.number == other.share.number ? ("number", "\(share.number)", "another one") : nil
    }
}
