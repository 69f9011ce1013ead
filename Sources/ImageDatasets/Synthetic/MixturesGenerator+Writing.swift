import Foundation
import Numerics
import TensorFiles

/// On disk, in the folder itself:
/// - `train`, `val`, `test` with the images, 8-bit RGB PNG, named `mix<number>.png` or, if they are the source's images,
///   `image<number>.png`; the number is the index in the source, from 0;
/// - `labels.csv`, one row per image: id, split and the probability of each class, as `TableFolder` reads it;
/// - `mixtures.csv`, one row per image: id, split, for each image in the mixture its id in the source (`parent_1`) and its
///   weight (`weight_1`), and for patchmix the point where the quadrants meet (`x`, `y`, in pixels);
/// - `mixtures.json`, the parameters of the set.
extension MixturesGenerator {
    /// The number of images in the set.
    public var count: Int { items.count }

    /// The number of mixtures among them.
    public var mixtureCount: Int { items.count { $0.parents.count > 1 } }

    private static let labelsName = "labels.csv"
    private static let tableName = "mixtures.csv"
    private static let recordName = "mixtures.json"

    private struct Record: Codable, Equatable {
        var parameters: MixturesParameters
        /// The source's name.
        var source: String
        var fingerprint: String
    }

    private var record: Record { Record(parameters: parameters, source: source.name, fingerprint: fingerprint) }

    /// What is at `folder`. A set is moved into place as a whole, so its record shows that all of it is there.
    public func destination(at folder: URL) -> SetDestination {
        SetDestination(at: folder) {
            let file = folder.appendingPathComponent(Self.recordName)
            guard let found = try? JSONFile.decode(Record.self, from: file) else {
                return .other("files that are not a set of mixtures")
            }
            if found == record { return .complete }
            let other = found.fingerprint == fingerprint ? "of other parameters" : "of another source"
            return .other("a set of mixtures \(other) (\(found.source), seed \(found.parameters.seed))")
        }
    }

    /// Makes the set as the folder `target`, whose parent is created if it is missing. The files have the same bytes for any
    /// number of threads, and appear together. `progress` is called on the caller's thread with the number of images done; what
    /// it throws ends the work.
    ///
    /// Throws `MixturesError.destinationTaken` unless the destination is free, `ImageFileError` if an image of the source
    /// cannot be read, `FileWriteError`, `PNGError`.
    public func generate(
        at target: URL, threads: ThreadCount, progress: (_ done: Int) throws -> Void = { _ in }
    ) throws {
        let target = target.standardizedFileURL
        try destination(at: target).requireFree("this set of mixtures") {
            MixturesError.destinationTaken(path: target.path, found: $0)
        }
        try StagedFolder.fill(target) { staged in
            let subsets = Set(items.map(\.subset))
            for subset in Subset.allCases where subsets.contains(subset) {
                try staged.createFolder(named: subset.rawValue)
            }
            try writeLabels(to: staged.url.appendingPathComponent(Self.labelsName))
            try writeTable(to: staged.url.appendingPathComponent(Self.tableName))
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            try AtomicFile.write(
                encoder.encode(record) + Data("\n".utf8), to: staged.url.appendingPathComponent(Self.recordName))
            let items = items
            try staged.writeImages(
                items.count, threads: threads, progress: progress, path: { items[$0].path },
                image: { try image(of: items[$0]) })
        }
    }

    private func writeLabels(to url: URL) throws {
        try CSVWriter.write(to: url, header: ["id", "split"] + source.classes) { table in
            for item in items {
                try table.append(
                    [.text(item.id), .text(item.subset.rawValue)] + item.label.probabilities.map { .double($0) })
            }
        }
    }

    private func writeTable(to url: URL) throws {
        let parents = (1...parameters.images).flatMap { ["parent_\($0)", "weight_\($0)"] }
        let pivots = parameters.mode == .patchmix
        try CSVWriter.write(to: url, header: ["id", "split"] + parents + (pivots ? ["x", "y"] : [])) { table in
            for item in items {
                var fields: [CSVField] = [.text(item.id), .text(item.subset.rawValue)]
                for place in 0..<parameters.images {
                    let isThere = place < item.parents.count
                    fields.append(.text(isThere ? source.samples[item.parents[place]].id : ""))
                    fields.append(isThere ? .double(item.weights[place]) : .text(""))
                }
                if pivots {
                    fields += [item.pivot?.x, item.pivot?.y].map { $0.map { .integer($0) } ?? .text("") }
                }
                try table.append(fields)
            }
        }
    }
}
