import Foundation
import ImageDatasets
import LabelDistributions
import LabelFiles
import TensorFiles

/// What is known about samples besides their features, in the samples' order: what a label file of any form says about them
/// (`LabelTable`). The form that this program writes, `samples.csv`, has these columns: `id`, `split` (`train`, `val`, `test`),
/// `annotators` (empty if only shares are known), `hue` and `ellipse_share` for synthetic objects, `simulation` with the set's
/// name for simulated sets, and one column per class with its probability.
package struct SampleTable: Sendable {
    package let ids: SampleIDs
    /// In class order; empty if no classes are known.
    let classes: [String]
    /// The label of each sample over `classes`; nil if it has none.
    let labelsOfSamples: [LabelDistribution?]
    /// The labels of those samples that have one.
    package let labels: [LabelDistribution]
    /// Nil unless every sample has one.
    private(set) var appearances: [Appearance]?
    /// The number of annotations behind each label; nil if the table does not give any.
    private(set) var annotators: [Int?]?
    /// The name of a simulated data set, which everything made from it must state.
    private(set) var simulation: String?
    /// How the file was interpreted; nil if there is none.
    package let interpretation: LabelInterpretation?
    /// Remarks on the file and on how its rows were joined; none for this program's own tables.
    package private(set) var remarks: [String] = []
    /// The file, and the row of each sample.
    let source: (table: LabelTable, rows: [Int?])?

    /// Whether the file has no ids, only rows in the samples' order.
    package var hasNoIDs: Bool { source?.table.idsAreRows == true }

    /// Whether the file is one that this program writes.
    var isOwn: Bool { source?.table.isOwn == true }

    /// Samples about which nothing is known.
    package init(_ ids: SampleIDs) {
        self.ids = ids
        classes = []
        labelsOfSamples = ids.ids.map { _ in nil }
        labels = []
        interpretation = nil
        source = nil
    }

    /// Reads a label file for `samples`, in their order, or in its own order if they are nil.
    ///
    /// - Parameters:
    ///   - samplesAreRows: Whether the samples' ids are only their row numbers; nil if only `samples` may know.
    ///   - needsLabels: Whether a file without labels is an error.
    /// - Throws: `LabelFileError`, `FileReadError` or `InputError`.
    package static func read(
        _ url: URL, as reading: LabelReading = LabelReading(), for samples: SampleIDs? = nil,
        samplesAreRows: Bool? = nil, needsLabels: Bool = true
    ) throws -> SampleTable {
        let table = try LabelTable.read(url, as: reading, needsLabels: needsLabels)
        guard let samples else {
            let ids = try SampleIDs(path: url.path, table.rows.map(\.id))
            return try SampleTable(table, rows: table.rows.indices.map { $0 }, ids: ids, remarks: [])
        }
        let join = try LabelJoin(
            samples.ids, of: samples.path, samplesAreRows: samplesAreRows ?? (samples.areRows ? true : nil),
            with: table,
            isStrict: reading.isStrict == true)
        return try SampleTable(table, rows: join.rows, ids: samples, remarks: join.remarks)
    }

    private init(_ table: LabelTable, rows: [Int?], ids: SampleIDs, remarks: [String]) throws {
        self.ids = ids
        classes = table.classes
        labelsOfSamples = rows.map { $0.flatMap { table.rows[$0].label } }
        labels = labelsOfSamples.compactMap(\.self)
        interpretation = table.interpretation
        source = (table, rows)
        self.remarks = (table.isOwn ? [] : table.interpretation.lines) + remarks
        if table.hasAppearances { appearances = try Self.appearances(table, rows) }
        if classes.isEmpty, appearances == nil, table.hasAppearances {
            throw InputError.unlabelled(
                path: table.path, samples: ids.path, ids: zip(ids.ids, rows).filter { $1 == nil }.map(\.0))
        }
        annotators = try Self.annotators(table, rows)
        if table.columnNames.contains("simulation"),
            case .categories(let indices, let names) = try table.column(named: "simulation")
        {
            simulation = indices.lazy.compactMap(\.self).first.map { names[$0] }
        }
    }

    /// The number of annotators for each class, as given in the file, or derived from the shares and numbers of annotators in
    /// this program's own table; nil if they are missing for a sample.
    var votes: [[Int]]? {
        guard let source else { return nil }
        var votes: [[Int]] = []
        for (sample, row) in source.rows.enumerated() {
            if let found = row.flatMap({ source.table.rows[$0].votes }) {
                votes.append(found)
            } else if let count = annotators?[sample], let label = labelsOfSamples[sample] {
                let numbers = label.probabilities.map { $0 * Double(count) }
                if numbers.contains(where: { abs($0 - $0.rounded()) > 1e-6 * Double(max(1, count)) }) { return nil }
                votes.append(numbers.map { Int($0.rounded()) })
            } else {
                return nil
            }
        }
        return votes
    }

    /// The ids of the samples that have a label, in their order.
    var labelledIDs: [ExactText] {
        zip(ids.ids, labelsOfSamples).compactMap { id, label in label.map { _ in ExactText(id) } }
    }

    /// Throws `InputError.noColumns` unless there are labels, and `unlabelled`, with the remedy `wayOn`, unless every sample
    /// has one or `allowsUnlabelled`.
    func requireLabels(allowsUnlabelled: Bool = false, wayOn: String? = nil) throws(InputError) {
        if classes.isEmpty {
            throw .noColumns(path: source?.table.path ?? ids.path, needed: "classes with their probabilities")
        }
        let missing = zip(ids.ids, labelsOfSamples).filter { $1 == nil }.map(\.0)
        if missing.isEmpty || allowsUnlabelled && missing.count < ids.ids.count { return }
        throw .unlabelled(path: source?.table.path ?? ids.path, samples: ids.path, ids: missing, wayOn: wayOn)
    }

    /// In tables of other tools the column may mean something else, so it is then ignored.
    private static func annotators(_ table: LabelTable, _ rows: [Int?]) throws -> [Int?]? {
        guard table.columnNames.contains("annotators"),
            case .numbers(let values) = try table.column(named: "annotators").picked(rows)
        else { return nil }
        let numbers = values.map { value in
            value.flatMap { Int(exactly: $0) }.flatMap { (0...Int(UInt32.max)).contains($0) ? $0 : nil }
        }
        return numbers.contains { $0 != nil } ? numbers : nil
    }

    private static func appearances(_ table: LabelTable, _ rows: [Int?]) throws -> [Appearance]? {
        guard case .numbers(let hues) = try table.column(named: "hue").picked(rows),
            case .numbers(let shares) = try table.column(named: "ellipse_share").picked(rows)
        else { return nil }
        var appearances: [Appearance] = []
        for (index, row) in rows.enumerated() {
            guard let row else { return nil }
            guard let angle = hues[index], let ratio = shares[index] else {
                throw InputError.outOfRange(
                    path: table.path, row: table.rows[row].number,
                    column: hues[index] == nil ? "hue" : "ellipse_share", found: .nan, expected: "a number")
            }
            func wrong(_ column: String, _ found: Double, _ expected: String) -> InputError {
                .outOfRange(
                    path: table.path, row: table.rows[row].number, column: column, found: found, expected: expected)
            }
            if !(0..<360).contains(angle) { throw wrong("hue", angle, "0 to below 360 degrees") }
            if !(0...1).contains(ratio) { throw wrong("ellipse_share", ratio, "0 to 1") }
            appearances.append(Appearance(hue: angle, ellipseShare: ratio))
        }
        return appearances
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

    /// Writes the table of these samples, which must all have a label, in this order. Throws `FileWriteError`.
    func write(_ rows: [Int], to url: URL) throws {
        let columns =
            ["id"] + (annotators == nil ? [] : ["annotators"]) + (appearances == nil ? [] : ["hue", "ellipse_share"])
            + (simulation == nil ? [] : ["simulation"])
        try CSVWriter.write(to: url, header: columns + classes) { table in
            for row in rows {
                var fields: [CSVField] = [.text(ids.ids[row])]
                if let annotators { fields.append(annotators[row].map { .integer($0) } ?? .text("")) }
                if let appearance = appearances?[row] {
                    fields += [.double(appearance.hue), .double(appearance.ellipseShare)]
                }
                if let simulation { fields.append(.text(simulation)) }
                try table.append(fields + labelsOfSamples[row]!.probabilities.map { .double($0) })
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
