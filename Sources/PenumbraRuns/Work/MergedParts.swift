import Backbones
import Foundation
import TensorFiles

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
