import Foundation
import ImageDatasets
import LabelDistributions
import LabelFiles
import TensorFiles

/// Class probabilities predicted by another program, without the true labels, which come from a data set by id.
package struct ForeignPredictions {
    private let ids: SampleIDs
    /// Over the data set's classes.
    private let rows: [[Double]]

    /// Reads probabilities over `classes`, those of the data set.
    ///
    /// - A CSV or TSV with a header has a column for each class, named after it or `predicted_<class>`. Columns other than
    ///   these and those of ids are skipped, which is reported to `note`.
    /// - A CSV without a header, an `.npy` or an `.npz` holds one row per image and one column per class, in the order of
    ///   `classes`, which is reported to `note`. If another array of an `.npz` names the classes, its order is taken. Of
    ///   several arrays, `array` names the one with the probabilities.
    ///
    /// The ids are the column `id` of the file, or one of another known name, or the array `ids`, or those of `idsFile` in the
    /// same order; if both exist they must be equal. Throws `InputError` if ids or classes are missing or a row is not a
    /// distribution, and what the readers throw.
    package init(
        _ url: URL, array name: String? = nil, idsFile: URL?, classes: [String], note: (String) -> Void
    ) throws {
        let own: SampleIDs?
        var isPositional = Self.isArray(url)
        if isPositional {
            let array = try FeatureArray(url, named: name, for: .predictions, readsOwnIDs: idsFile == nil)
            if let remark = array.remark { note("\(url.relativePath): \(remark)") }
            try Self.checkCount(array.shape[1], classes, path: url.path)
            own = array.ids
            let named = try array.file.flatMap { file in
                try NamedClasses(in: file, apartFrom: array.name, classes: classes, rows: array.shape[0])
            }
            if let named { note("\(url.relativePath): the columns are the classes in the array '\(named.array)'") }
            let positions = named?.positions ?? Array(classes.indices)
            let columns = try array.columns(positions)
            rows = (0..<array.shape[0]).map { row in
                positions.enumerated().map { place, column in
                    columns?[place][row] ?? Double(array.numbers.values[row * classes.count + column])
                }
            }
            isPositional = named == nil
        } else {
            if let name {
                throw InputError.unusable(
                    path: url.path, problem: "no array '\(name)', because a table holds no arrays; omit --array")
            }
            isPositional = try HeaderlessTable.isOne(url)
            let table = try isPositional ? CSVTable.read(url, hints: .init(header: .no)) : CSVTable.read(url)
            if table.rowCount == 0 { throw InputError.noRows(path: url.path) }
            if isPositional { try Self.checkCount(table.header.count, classes, path: url.path) }
            let ids = isPositional ? nil : SampleIDs.column(in: table, apartFrom: classes, rowNumbersCount: false)
            let positions =
                try isPositional ? Array(classes.indices) : Self.positions(of: classes, in: table, ids: ids, note: note)
            own = try ids.map { try SampleIDs(path: table.path, table.column($0)) }
            rows = try (0..<table.rowCount).map { row in try positions.map { try table.number(row, $0) } }
        }
        if isPositional {
            note("\(url.relativePath): the columns are read as \(classes.joined(separator: ", ")), in this order")
            if classes.count > 10, classes.allSatisfy({ Int($0) != nil }), classes != classes.sorted() {
                let asTexts = classes.sorted().prefix(4).joined(separator: ", ")
                note(
                    "\(url.relativePath): torchvision's ImageFolder sorts such classes as texts (\(asTexts) …): if the columns are "
                        + "in that order, name the classes in a header or in an array 'classes'")
            }
        }
        let count = rows.count
        let given = try idsFile.map { try SampleIDs.read($0, rows: count) }
        if let own, let given { try own.requireSame(as: given) }
        guard let ids = own ?? given else {
            throw InputError.unusable(
                path: url.path, problem: "found no ids; add a column 'id', or name a table that has one with --ids")
        }
        if ids.ids.count != count {
            throw InputError.rowCount(path: ids.path, found: ids.ids.count, expected: count, of: url.path)
        }
        self.ids = ids
        for (row, numbers) in rows.enumerated() { try PredictionTable.check(numbers, path: url.path, row: row + 1) }
    }

    /// Whether a file with this name is read as an array.
    package static func isArray(_ url: URL) -> Bool { ["npy", "npz"].contains(url.pathExtension.lowercased()) }

    private static func checkCount(_ found: Int, _ classes: [String], path: String) throws(InputError) {
        if found == classes.count { return }
        throw .unusable(
            path: path, problem: "found \(found) columns; expected \(classes.count), one per class of the data set")
    }

    private static func positions(
        of classes: [String], in table: CSVTable, ids: Int?, note: (String) -> Void
    ) throws(InputError) -> [Int] {
        // A column such as predicted_class is none of a class.
        let hasPrefix = classes.contains { table.header.contains(PredictionTable.predictedPrefix + $0) }
        let names = classes.map { (hasPrefix ? PredictionTable.predictedPrefix : "") + $0 }
        var positions: [Int] = []
        for name in names {
            guard let position = table.header.firstIndex(of: name) else {
                throw .unusable(
                    path: table.path,
                    problem: "no column '\(name)'; expected one per class of the data set "
                        + "(\(classes.joined(separator: ", ")))")
            }
            positions.append(position)
        }
        if let ids, table.header[ids] != "id" { note("\(table.path): ids from column '\(table.header[ids])'") }
        let others = table.header.indices.filter { !positions.contains($0) && $0 != ids }.map { table.header[$0] }
            .filter { $0 != "split" }.map { $0.isEmpty ? "the unnamed column" : $0 }
        if !others.isEmpty { note("\(table.path): \(others.joined(separator: ", ")): not a class, skipped") }
        if table.header.contains("split"), !names.contains("split") {
            note("\(table.path): split: not used; the data set, --split and --subset say which rows are measured")
        }
        return positions
    }

    /// The predictions for the samples of `subset` (nil: all) under `split`, with their labels, in the order of the data set.
    /// Rows for the set's other images are skipped, which is reported to `note`. Throws `InputError` if an image has no row or
    /// a row has no image.
    package func table(
        _ dataset: Dataset, folder: String, split: Split, subset: Subset?, note: (String) -> Void
    ) throws -> PredictionTable {
        let samples = dataset.samples.filter { subset == nil || split.subset(of: $0) == subset }
        if samples.isEmpty {
            throw InputError.emptySubset(path: folder, subset: subset?.rawValue ?? "all", split: split)
        }
        let known = Set(dataset.samples.map(\.id))
        let ids = try ids(as: known, note: note)
        if let row = ids.ids.firstIndex(where: { !known.contains($0) }) {
            throw InputError.unusable(
                path: ids.path,
                problem: "row \(row + 1): the id '\(self.ids.ids[row])' is not in the data set \(folder)")
        }
        let rowByID = Dictionary(uniqueKeysWithValues: ids.ids.enumerated().map { ($1, $0) })
        let missing = samples.filter { rowByID[$0.id] == nil }
        if let first = missing.first {
            throw InputError.unusable(
                path: ids.path,
                problem:
                    "\(missing.count) of the \(samples.count) images of the subset \(subset?.rawValue ?? "all") have no "
                    + "prediction (the first is '\(first.id)'); expected one row per image")
        }
        if rows.count > samples.count {
            note("\(ids.path): \(rows.count - samples.count) rows for images outside \(subset!.rawValue) are skipped")
        }
        return PredictionTable(
            ids: try SampleIDs(path: ids.path, samples.map(\.id)), classes: dataset.classes,
            labels: samples.map(\.label), predictions: samples.map { rows[rowByID[$0.id]!] })
    }

    /// The ids as the data set spells them: those that are names of images without their extensions, if more are `known` then,
    /// which is reported to `note`.
    private func ids(as known: Set<String>, note: (String) -> Void) throws(InputError) -> SampleIDs {
        let found = ids.ids.count(where: known.contains)
        if found == ids.ids.count { return ids }
        let names = ids.ids.map { KnownColumns.isImageName($0) ? PathText.withoutExtension($0) : $0 }
        if names.count(where: known.contains) <= found { return ids }
        note("\(ids.path): the ids are read without the extensions of images, as in the data set")
        return try SampleIDs(path: ids.path, names)
    }
}
