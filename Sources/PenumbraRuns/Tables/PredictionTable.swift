import Foundation
import ImageDatasets
import LabelDistributions
import TensorFiles

/// `predictions.csv`: `id`, `split`, the true label as `true_<class>` and the prediction as `predicted_<class>`.
package struct PredictionTable: Sendable {
    let ids: SampleIDs
    let classes: [String]
    /// Over `classes`.
    let labels: [LabelDistribution]
    /// N × K: rows of probabilities.
    let predictions: [[Double]]

    /// The rows of these samples, in their order; the table itself if that is already its order. Throws `InputError.idsDiffer`
    /// if some are missing, and `noIDs`.
    func picking(_ wanted: SampleIDs) throws(InputError) -> PredictionTable {
        try wanted.requireAlike(ids)
        let rows = Dictionary(
            ids.ids.enumerated().map { (ExactText($1), $0) }, uniquingKeysWith: { first, _ in first })
        let picked = wanted.ids.compactMap { rows[ExactText($0)] }
        if picked.count < wanted.ids.count {
            try wanted.requireSame(as: ids)
            return self
        }
        return PredictionTable(
            ids: try SampleIDs(path: ids.path, wanted.ids, known: wanted), classes: classes,
            labels: picked.map { labels[$0] }, predictions: picked.map { predictions[$0] })
    }

    private static let truePrefix = "true_"
    static let predictedPrefix = "predicted_"

    /// The rows whose `split` is `test`, in any of the words that label files have for it, or all if there is no such column.
    /// That rows are left out is reported to `note`. Throws `CSVError`, `FileReadError` or `InputError`.
    package static func read(_ url: URL, note: (String) -> Void = { _ in }) throws -> PredictionTable {
        if ForeignPredictions.isArray(url) {
            throw InputError.unusable(
                path: url.path,
                problem:
                    "an array; expected a table (.csv) with the columns id, true_<class> and predicted_<class> ('penumbra evaluate' "
                    + "measures arrays, with --data)")
        }
        let table = try CSVTable.read(url)
        let ids = try SampleIDs(of: table)
        let classes = table.header.filter { $0.hasPrefix(truePrefix) }.map { String($0.dropFirst(truePrefix.count)) }
        if classes.isEmpty {
            throw InputError.noColumns(path: url.path, needed: "true labels (true_<class>)")
        }
        let labels = try Self.labels(table, columns: classes.map { truePrefix + $0 }, note: note)
        let positions = try classes.map { try table.column(named: predictedPrefix + $0) }
        let predictions = try (0..<table.rowCount).map { row in
            let numbers = try positions.map { try table.number(row, $0) }
            try check(numbers, path: url.path, row: row + 1)
            return numbers
        }
        guard let split = table.header.firstIndex(of: "split") else {
            return PredictionTable(ids: ids, classes: classes, labels: labels, predictions: predictions)
        }
        let rows = (0..<table.rowCount).filter { Subset(word: table[$0, split]) == .test }
        if rows.isEmpty { throw InputError.unusable(path: url.path, problem: "no row whose split is 'test'") }
        if rows.count < table.rowCount {
            note("\(url.relativePath): measures \(rows.count) of \(table.rowCount) rows: those of split test")
        }
        return PredictionTable(
            ids: try SampleIDs(path: url.path, rows.map { ids.ids[$0] }), classes: classes,
            labels: rows.map { labels[$0] }, predictions: rows.map { predictions[$0] })
    }

    /// Whether a table has true labels as well as predictions, of at least one class, or no columns for anything else: a
    /// column `true_label` beside others is none. Throws `CSVError` or `FileReadError`.
    package static func hasLabels(_ url: URL) throws -> Bool {
        if try HeaderlessTable.isOne(url) { return false }
        let header = Set(try CSVTable.read(url).header), labels = header.filter { $0.hasPrefix(truePrefix) }
        let predictions = header.filter { $0.hasPrefix(predictedPrefix) }
        let others = header.subtracting(labels).subtracting(predictions).subtracting(["id", "split"])
        return !labels.isEmpty
            && (others.isEmpty
                || labels.contains { predictions.contains(predictedPrefix + $0.dropFirst(truePrefix.count)) })
    }

    /// Throws `InputError.prediction` unless `numbers` are probabilities. Softmax in single precision sums to 1 within about
    /// 1e-6; other tools may have rounded to three digits.
    static func check(_ numbers: [Double], path: String, row: Int) throws(InputError) {
        let sum = numbers.reduce(0, +)
        if !(abs(sum - 1) <= tolerance) || numbers.contains(where: { $0 < 0 }) {
            throw .prediction(path: path, row: row, sum: sum)
        }
    }

    /// How far the sum of a row may be from 1: other tools may have rounded to three digits.
    private static let tolerance = 2e-3

    /// The rows of `columns` as distributions. Sums that are not 1 but for rounding are made so, which is reported to `note`.
    /// Throws `CSVError`, `InputError.label`, or `InputError.unusable` for other sums.
    private static func labels(
        _ table: CSVTable, columns: [String], note: (String) -> Void
    ) throws -> [LabelDistribution] {
        let positions = try columns.map { try table.column(named: $0) }
        var normalised: [(row: Int, sum: Double)] = []
        let labels = try (0..<table.rowCount).map { row in
            var numbers = try positions.map { try table.number(row, $0) }
            let sum = numbers.reduce(0, +), distance = abs(sum - 1)
            if distance > LabelDistribution.tolerance, distance <= tolerance {
                normalised.append((row + 1, sum))
                numbers = numbers.map { $0 / sum }
            }
            do throws(LabelDistributionError) {
                return try LabelDistribution(numbers)
            } catch {
                guard case .sum(let sum) = error else {
                    throw InputError.label(path: table.path, row: row + 1, error)
                }
                throw InputError.unusable(
                    path: "\(table.path), row \(row + 1)",
                    problem: "the true shares sum to \(sum); expected 1 (within \(tolerance))")
            }
        }
        if let first = normalised.first {
            note(
                "\(table.path): the true shares of \(normalised.count) row\(normalised.count == 1 ? "" : "s") sum to 1 only but "
                    + "for rounding and are normalised to 1 (first row \(first.row), \(Decimals.short(first.sum)))")
        }
        return labels
    }

    /// Writes the table. `predictions` is N × K, row by row. Throws `FileWriteError`.
    static func write(
        ids: [String], splits: [String], classes: [String], labels: [LabelDistribution], predictions: [Float],
        to url: URL
    ) throws {
        let count = classes.count
        let header = ["id", "split"] + classes.map { truePrefix + $0 } + classes.map { predictedPrefix + $0 }
        try CSVWriter.write(to: url, header: header) { table in
            for (row, id) in ids.enumerated() {
                let predicted = predictions[(row * count)..<((row + 1) * count)]
                try table.append(
                    [.text(id), .text(splits[row])] + labels[row].probabilities.map { .double($0) }
                        + predicted.map { .float($0) })
            }
        }
    }
}
