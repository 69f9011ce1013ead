import Foundation
import ImageDatasets
import LabelDistributions
import TensorFiles

/// Class probabilities that another program predicted, without the true labels, which come from a data set by id.
package struct ForeignPredictions {
    private let ids: SampleIDs
    /// Over the data set's classes.
    private let rows: [[Double]]

    /// Reads probabilities over `classes`, those of the data set.
    ///
    /// - A CSV or TSV with a header has a column for each class, called like it or `predicted_<class>`, and the column `id`, or
    ///   else `idsFile` has the ids in the same order. Other columns are skipped, which `note` is told.
    /// - A CSV without a header, an `.npy` and an `.npz` (`FeatureTable`) hold one row per image and one column per class, in
    ///   the order of `classes`, which `note` is told.
    ///
    /// Throws `InputError` where ids or classes are missing or a row is no distribution, and what the readers throw.
    package init(_ url: URL, idsFile: URL?, classes: [String], note: (String) -> Void) throws {
        if !Self.isArray(url), try !HeaderlessTable.isOne(url) {
            let table = try CSVTable.read(url)
            (ids, rows) = try Self.columns(of: table, idsFile: idsFile, classes: classes, note: note)
        } else {
            let array = try FeatureTable.read(url, idsFile: idsFile)
            if array.idsAreRows {
                throw InputError.unusable(
                    path: url.path,
                    problem: "no ids found; name a table with the column id and the rows' ids with --ids")
            }
            let count = array.matrix.dimension
            if count != classes.count {
                throw InputError.unusable(
                    path: url.path,
                    problem: "\(count) columns found; expected \(classes.count), one per class of the data set")
            }
            note("\(url.relativePath): the columns are taken as \(classes.joined(separator: ", ")), in this order")
            ids = array.ids
            rows = (0..<array.matrix.count).map { row in
                array.matrix.values[row * count..<(row + 1) * count].map(Double.init)
            }
        }
        for (row, numbers) in rows.enumerated() { try PredictionTable.check(numbers, path: url.path, row: row + 1) }
    }

    /// Whether a file of this name is read as an array.
    package static func isArray(_ url: URL) -> Bool { ["npy", "npz"].contains(url.pathExtension.lowercased()) }

    private static func columns(
        of table: CSVTable, idsFile: URL?, classes: [String], note: (String) -> Void
    ) throws -> (SampleIDs, [[Double]]) {
        let prefix =
            table.header.contains { $0.hasPrefix(PredictionTable.predictedPrefix) }
            ? PredictionTable.predictedPrefix : ""
        let positions = try classes.map { name in
            guard let position = table.header.firstIndex(of: prefix + name) else {
                throw InputError.unusable(
                    path: table.path,
                    problem: "no column '\(prefix)\(name)' found; expected one per class of the data set "
                        + "(\(classes.joined(separator: ", ")))")
            }
            return position
        }
        let others = table.header.indices.filter {
            !positions.contains($0) && !["id", "split"].contains(table.header[$0])
        }
        if !others.isEmpty {
            note("\(table.path): \(others.map { table.header[$0] }.joined(separator: ", ")): no class, skipped")
        }
        let own = table.header.contains("id") ? try SampleIDs(of: table) : nil
        let given = try idsFile.map { try SampleIDs(of: CSVTable.read($0)) }
        if let own, let given { try own.requireSame(as: given) }
        guard let ids = own ?? given else {
            throw InputError.unusable(
                path: table.path, problem: "no column 'id' found; add one, or name a table that has it with --ids")
        }
        if ids.ids.count != table.rowCount {
            throw InputError.rowCount(path: ids.path, found: ids.ids.count, expected: table.rowCount, of: table.path)
        }
        return (ids, try (0..<table.rowCount).map { row in try positions.map { try table.number(row, $0) } })
    }

    /// The predictions for the samples of `subset` (nil: all) under `split`, with their labels, in the order of the data set.
    /// Rows of the set's other images are skipped, which `note` is told. Throws `InputError` where an image has no row or a
    /// row no image.
    package func table(
        _ dataset: Dataset, folder: String, split: Split, subset: Subset?, note: (String) -> Void
    ) throws -> PredictionTable {
        let samples = dataset.samples.filter { subset == nil || split.subset(of: $0) == subset }
        if samples.isEmpty {
            throw InputError.emptySubset(path: folder, subset: subset?.rawValue ?? "all", split: split.slice)
        }
        let known = Set(dataset.samples.map(\.id))
        if let row = ids.ids.firstIndex(where: { !known.contains($0) }) {
            throw InputError.unusable(
                path: ids.path, problem: "row \(row + 1): the id '\(ids.ids[row])' is not in the data set \(folder)")
        }
        let rowByID = Dictionary(uniqueKeysWithValues: ids.ids.enumerated().map { ($1, $0) })
        let missing = samples.filter { rowByID[$0.id] == nil }
        if let first = missing.first {
            throw InputError.unusable(
                path: ids.path,
                problem:
                    "\(missing.count) of \(samples.count) \(subset?.rawValue ?? "all") images have no prediction (the "
                    + "first is '\(first.id)'); expected one row per image")
        }
        if rows.count > samples.count {
            note("\(ids.path): \(rows.count - samples.count) rows of other images than \(subset!.rawValue) are skipped")
        }
        return PredictionTable(
            ids: try SampleIDs(path: ids.path, samples.map(\.id)), classes: dataset.classes,
            labels: samples.map(\.label), predictions: samples.map { rows[rowByID[$0.id]!] })
    }
}
