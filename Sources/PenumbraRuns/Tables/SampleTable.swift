import Foundation
import ImageDatasets
import LabelDistributions
import TensorFiles

/// What is known of samples beside their features: `samples.csv`, with the columns `id`, `split` (`train`, `val`, `test`),
/// `annotators` (empty where only shares are known), where the objects are synthetic `hue` and `ellipse_share`, of simulated
/// sets `simulation` with the set's name, and one column a class with its probability.
///
/// Tables of other tools need `id` and either `hue` and `ellipse_share` or a column a class, or are a DCIC dump of labels
/// without header and ids (`HeaderlessTable`).
package struct SampleTable: Sendable {
    package let ids: SampleIDs
    /// In the order of their columns.
    let classes: [String]
    /// Over `classes`; empty where there are no classes.
    package let labels: [LabelDistribution]
    /// Nil unless every row has one.
    let appearances: [Appearance]?
    /// How many annotations each label is made of; nil where the table does not say of any.
    var annotators: [Int?]?
    /// The name of a simulated data set, which whatever is made of it must say.
    var simulation: String?
    /// Whether the ids are the numbers of the rows from 0, since the table has neither header nor ids.
    package var idsAreRows = false

    /// Columns that hold no class's probability.
    static let otherColumns: Set<String> = [
        "id", "split", "fold", "annotators", "hue", "ellipse_share", "center_x", "center_y", "minor_radius",
        "major_radius", "rotation", "simulation",
    ]

    /// Reads the table. Of one with a header `names` are the columns that are classes, by default all that are not
    /// `otherColumns`; the classes of one without are called `names`, or else by their numbers from 0. Throws `CSVError`,
    /// `FileReadError` or `InputError`.
    package static func read(_ url: URL, classes names: [String] = []) throws -> SampleTable {
        if try HeaderlessTable.isOne(url) {
            let table = try CSVTable.read(url, hints: .init(header: .no), columns: "class ")
            if !names.isEmpty && names.count != table.header.count {
                throw InputError.unusable(
                    path: url.path, problem: "\(table.header.count) classes found, \(names.count) are named")
            }
            return SampleTable(
                ids: SampleIDs(path: url.path, numbersOf: table.rowCount),
                classes: names.isEmpty ? table.header : names, labels: try labels(table, columns: table.header),
                appearances: nil, idsAreRows: true)
        }
        let table = try CSVTable.read(url)
        let ids = try SampleIDs(of: table)
        let hasAppearances = ["hue", "ellipse_share"].allSatisfy(table.header.contains)
        let classes = names.isEmpty ? table.header.filter { !otherColumns.contains($0) } : names
        if classes.isEmpty && !hasAppearances {
            throw InputError.noColumns(path: url.path, needed: "classes with their probabilities")
        }
        return SampleTable(
            ids: ids, classes: classes, labels: classes.isEmpty ? [] : try labels(table, columns: classes),
            appearances: hasAppearances ? try appearances(table) : nil, annotators: annotators(table),
            simulation: table.header.firstIndex(of: "simulation").flatMap { table.rowCount > 0 ? table[0, $0] : nil })
    }

    /// The rows of `columns` as distributions. Throws `CSVError` or `InputError.label`.
    static func labels(_ table: CSVTable, columns: [String]) throws -> [LabelDistribution] {
        let positions = try columns.map { try table.column(named: $0) }
        return try (0..<table.rowCount).map { row in
            let numbers = try positions.map { try table.number(row, $0) }
            do throws(LabelDistributionError) {
                return try LabelDistribution(numbers)
            } catch {
                throw InputError.label(path: table.path, row: row + 1, error)
            }
        }
    }

    /// Tables of other tools may mean something else by the column, which is then left alone.
    private static func annotators(_ table: CSVTable) -> [Int?]? {
        guard let column = table.header.firstIndex(of: "annotators") else { return nil }
        let numbers = (0..<table.rowCount).map { row in
            Int(table[row, column]).flatMap { (0...Int(UInt32.max)).contains($0) ? $0 : nil }
        }
        return numbers.contains { $0 != nil } ? numbers : nil
    }

    private static func appearances(_ table: CSVTable) throws -> [Appearance] {
        let (hue, share) = (try table.column(named: "hue"), try table.column(named: "ellipse_share"))
        return try (0..<table.rowCount).map { row in
            let (angle, ratio) = (try table.number(row, hue), try table.number(row, share))
            func wrong(_ column: String, _ found: Double, _ expected: String) -> InputError {
                .outOfRange(path: table.path, row: row + 1, column: column, found: found, expected: expected)
            }
            if !(0..<360).contains(angle) { throw wrong("hue", angle, "0 to below 360 degrees") }
            if !(0...1).contains(ratio) { throw wrong("ellipse_share", ratio, "0 to 1") }
            return Appearance(hue: angle, ellipseShare: ratio)
        }
    }

    /// Writes the table of some samples of `dataset` and the subset of each. Throws `FileWriteError`.
    static func write(_ samples: [Sample], of dataset: Dataset, subsets: [Subset], to url: URL) throws {
        let hasAppearances = samples.allSatisfy { $0.appearance != nil }
        let simulation: [CSVField] = dataset.name == FibresGenerator.name ? [.text(dataset.name)] : []
        let columns =
            ["id", "split", "annotators"] + (hasAppearances ? ["hue", "ellipse_share"] : [])
            + simulation.map { _ in "simulation" }
        try CSVWriter.write(to: url, header: columns + dataset.classes) { table in
            for (sample, subset) in zip(samples, subsets) {
                var fields: [CSVField] = [.text(sample.id), .text(subset.rawValue)]
                fields.append(sample.votes.map { .integer($0.reduce(0, +)) } ?? .text(""))
                if hasAppearances, let appearance = sample.appearance {
                    fields += [.double(appearance.hue), .double(appearance.ellipseShare)]
                }
                try table.append(fields + simulation + sample.label.probabilities.map { .double($0) })
            }
        }
    }

    /// The table that belongs to an array of features: `samples.csv` beside `embeddings.npy`, `samples-val.csv` beside
    /// `embeddings-val.npy`, `x-samples.csv` beside `x.npy`.
    package static func url(besideFeatures features: URL) -> URL {
        let stem = features.deletingPathExtension().lastPathComponent
        let name = stem.hasPrefix("embeddings") ? "samples" + stem.dropFirst("embeddings".count) : stem + "-samples"
        return features.deletingLastPathComponent().appendingPathComponent(name + ".csv")
    }
}
