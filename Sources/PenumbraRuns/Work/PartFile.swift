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

extension PartFile {
    /// The first respect in which this part belongs to a different whole.
    func difference(from other: PartFile) -> (what: String, found: String, expected: String)? {
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
