import Foundation
import TensorFiles

/// Tables of numbers without a header, as dumped by the DCIC benchmark: `X-gt.csv` with the labels of the test images and
/// `X-60.csv` with their features after epoch 60, in the same order and without ids. The `X-gt.csv` of a run on hard labels is
/// one-hot.
enum HeaderlessTable {
    /// Whether the first line of a CSV or TSV file holds only numbers. A line 0, 1, 2 … is a header, which pandas writes for
    /// columns without names, unless the file is one of a pair of dumps. Throws `FileReadError`.
    static func isOne(_ url: URL) throws -> Bool {
        let file = try InputFile(url)
        let start = try file.bytes(at: 0, count: min(file.size, 1 << 20))
        // A line of more than a megabyte is cut inside its last field.
        let line = start.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        let separator = url.pathExtension.lowercased() == "tsv" ? UInt8(ascii: "\t") : UInt8(ascii: ",")
        let fields = line.split(separator: separator, omittingEmptySubsequences: false).prefix(1000).map {
            String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespaces)
        }
        if !fields.allSatisfy({ Double($0) != nil }) { return false }
        let isCount = fields.enumerated().allSatisfy { $1 == "\($0)" }
        return !isCount || companion(of: url) != nil || isLabels(url)
    }

    private static let labelSuffix = "-gt"

    private static func isLabels(_ url: URL) -> Bool {
        url.deletingPathExtension().lastPathComponent.hasSuffix(labelSuffix)
    }

    /// The labels `X-gt.csv` beside the features `X-60.csv`, if both exist; nil for other files.
    static func companion(of features: URL) -> URL? {
        let stem = features.deletingPathExtension().lastPathComponent
        guard let dash = stem.lastIndex(of: "-"), dash != stem.startIndex else { return nil }
        let epoch = stem[stem.index(after: dash)...]
        if epoch.isEmpty || !epoch.allSatisfy({ ("0"..."9").contains($0) }) { return nil }
        let labels = features.deletingLastPathComponent()
            .appendingPathComponent("\(stem[..<dash])\(labelSuffix).\(features.pathExtension)")
        return FileManager.default.fileExists(atPath: labels.path) ? labels : nil
    }

    /// Whether a table of points is one of a `ProjectorFolder`, where tables have no header.
    static func isOfProjector(_ url: URL) -> Bool {
        ["tensors.tsv", "map.tsv"].contains(url.lastPathComponent)
            && FileManager.default.fileExists(
                atPath: url.deletingLastPathComponent().appendingPathComponent("projector_config.pbtxt").path)
    }

    /// Throws `InputError.rowCount` if a table of features has more or fewer rows than its companion, and what reading the
    /// companion throws.
    static func check(_ table: CSVTable, against companion: URL) throws {
        let labels = try CSVTable.read(companion, hints: .init(header: .no), columns: "class ")
        if labels.rowCount != table.rowCount {
            throw InputError.rowCount(
                path: table.path, found: table.rowCount, expected: labels.rowCount, of: companion.path)
        }
    }
}
