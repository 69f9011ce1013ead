import FeatureSpaces
import Figures
import Foundation
import LabelDistributions
import LabelFiles
import Numerics
import TensorFiles

/// The result of `annotation-budget`, with its table and its figure.
package struct AnnotationBudgetReport: Codable, Sendable {
    var version = PenumbraVersion.current
    var images: Int
    /// The smallest and the largest number of votes on an image.
    var votes: ClosedRange<Int>
    /// The features, if any.
    var features: String?
    /// What was read from them, as in the report of a layout.
    var array: String?
    var ids: String?
    var columns: FeatureChoice?
    var budget: AnnotationBudget

    /// Reads the votes and, if given, the features, whose images then are the ones that count. Throws what the readers throw,
    /// and `InputError`.
    package init(
        labels: URL, reading: LabelReading, features: URL?, featureReading: FeatureReading,
        parameters: MeasureParameters,
        draws: Int, threads: ThreadCount, note: (String) -> Void
    ) throws {
        let table = try features.map { try FeatureTable.read($0, featureReading, idsFile: nil) }
        let samples = try SampleTable.read(
            labels, as: reading, for: table?.ids, samplesAreRows: table?.idsAreRows)
        try samples.requireLabels()
        for line in (table?.lines ?? []) + samples.remarks { note(line) }
        try table?.requireApart(from: samples)
        guard let found = samples.votes else {
            throw InputError.unusable(
                path: labels.path,
                problem: "found shares; expected votes: the number of annotators who chose each class "
                    + "(--label-format votes, annotations or annotators)")
        }
        if let row = found.firstIndex(where: { $0.reduce(0, +) == 0 }) {
            throw InputError.unlabelled(path: labels.path, samples: labels.path, ids: [samples.ids.ids[row]])
        }
        if let table { try parameters.requireFewNeighbors(of: found.count, path: table.url.path) }
        let space = try table.map { table in
            do throws(FeatureSpaceError) {
                return try FeatureSpace(
                    features: table.matrix.values, dimension: table.matrix.dimension, labels: samples.labels,
                    ids: table.ids.ids)
            } catch {
                throw InputError.unusable(path: table.url.path, problem: "\(error)")
            }
        }
        let totals = found.map { $0.reduce(0, +) }
        images = found.count
        votes = totals.min()!...totals.max()!
        self.features = features?.relativePath
        (array, ids, columns) = (table?.array, table?.idsSource, table?.choice)
        if votes.upperBound < 2 {
            throw InputError.unusable(
                path: labels.path,
                problem: "found one vote per image; expected two or more, so that some can be left out")
        }
        budget = AnnotationBudget(
            votes: found, space: space, parameters: parameters, draws: draws, threads: threads)
    }

    /// The measures that are defined both for all votes and for some of them; correlations of entropies are undefined for
    /// single votes.
    private var measures: [AnnotationBudget.Measure] {
        AnnotationBudget.Measure.allCases.filter { measure in
            budget.rows.last!.values[measure] != nil && budget.rows.dropLast().contains { $0.values[measure] != nil }
        }
    }

    /// For a terminal: one row per number of votes.
    private var cells: [[String]] {
        [["votes per image"] + measures.map(\.title)]
            + budget.rows.map { row in
                [row.votes.map(String.init) ?? "all"]
                    + measures.map { measure in
                        guard let value = row.values[measure] else { return "–" }
                        let span = value.interval.map { " \(VerdictWords.span($0))" } ?? ""
                        return VerdictWords.number(value.value) + span
                    }
            }
    }

    /// For a terminal.
    package var lines: [String] {
        [
            "\(images) images with \(votes.lowerBound) to \(votes.upperBound) votes, \(budget.draws) draws of each number."
        ]
            + Decimals.table(cells)
    }

    /// Writes `budget.csv`: `votes` (empty for all), `images`, and for each measure its value, `_low` and `_high`. Throws
    /// `FileWriteError`.
    package func write(to url: URL) throws {
        let header = measures.flatMap { ["\($0.rawValue)", "\($0.rawValue)_low", "\($0.rawValue)_high"] }
        try CSVWriter.write(to: url, header: ["votes", "images"] + header) { table in
            for row in budget.rows {
                var fields: [CSVField] = [row.votes.map { .integer($0) } ?? .text(""), .integer(row.images)]
                for measure in measures {
                    let value = row.values[measure]
                    fields += [value?.value, value?.interval?.low, value?.interval?.high].map { number in
                        number.map { .double($0) } ?? .text("")
                    }
                }
                try table.append(fields)
            }
        }
    }

    /// One panel per measure; the horizontal line marks the value of all votes.
    package func chart(style: FigureStyle) -> LineChart {
        let some = budget.rows.filter { $0.votes != nil }, all = budget.rows.last!
        var chart = LineChart(
            measures.map { measure in
                LineChart.Panel(
                    title: measure.title,
                    points: some.compactMap { row in
                        row.values[measure].map { value in
                            LineChart.Point(
                                x: Double(row.votes!), y: value.value, low: value.interval?.low ?? value.value,
                                high: value.interval?.high ?? value.value)
                        }
                    }, reference: all.values[measure]!.value)
            }, horizontalTitle: "votes per image", style: style)
        chart.title = "Annotation budget"
        chart.caption =
            "Line: mean over \(budget.draws) draws of votes; band: the middle 95 % of the draws, not of images; black line: all votes. "
            + "The votes are on a logarithmic axis. By construction, the curves approach the value of all votes: see how fast "
            + "they flatten, not where they end. KL counts shares below 1e-5 as 1e-5."
        return chart
    }
}
