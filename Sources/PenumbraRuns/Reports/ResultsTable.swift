import ImageDatasets
import Foundation
import LabelDistributions
import TensorFiles

/// A table of results as printed in a paper: one line per kind of label, means ± standard deviations over splits and seeds, and
/// the best of each run in bold.
package struct ResultsTable {
    /// The formats of the table, by file extension.
    package enum Format: String, CaseIterable {
        case markdown = "md"
        case csv
        case latex = "tex"

        /// Throws `InputError.unknownFormat`.
        package init(of url: URL) throws(InputError) {
            guard let format = Format(rawValue: url.pathExtension.lowercased()) else {
                throw .unknownFormat(path: url.path, known: Self.allCases.map { "." + $0.rawValue })
            }
            self = format
        }
    }

    let groups: [EvaluationTable.Group]

    /// The number of decimals; numbers that agree in all of them are equally good.
    private static let digits = 4
    private static let measures = PredictionMeasure.allCases

    package init(_ table: EvaluationTable) { groups = table.groups }

    /// Writes the table in the format of the file's extension. Throws `InputError.unknownFormat`, `FileWriteError`.
    package func write(to url: URL) throws {
        switch try Format(of: url) {
        case .markdown: try AtomicFile.write(markdown, to: url)
        case .latex: try AtomicFile.write(latex, to: url)
        case .csv: try writeCSV(to: url)
        }
    }

    /// The lines name the run only if there are several.
    var markdown: String {
        let titles = (namesRuns ? ["run"] : []) + ["labels", "splits"] + Self.measures.map(\.title)
        let lines =
            [titles, titles.map { _ in "---" }]
            + groups.map { group in
                let cells = zip(group.measures, best(group)).map { measure, isBest in
                    guard let text = Self.text(measure, " ± ") else { return "–" }
                    return isBest ? "**\(text)**" : text
                }
                let run = namesRuns ? [MarkdownText.escaped(group.run)] : []
                return run + [MarkdownText.escaped(group.title), Self.count(group)] + cells
            }
        return lines.map { "| \($0.joined(separator: " | ")) |\n" }.joined()
    }

    /// For the booktabs package.
    var latex: String {
        let titles = (namesRuns ? ["Run"] : []) + ["Labels", "Splits"] + Self.measures.map(\.title)
        var lines = [
            "% \\usepackage{booktabs}",
            "\\begin{tabular}{\(namesRuns ? "l" : "")lr\(String(repeating: "r", count: Self.measures.count))}",
            "\\toprule", titles.joined(separator: " & ") + " \\\\",
        ]
        for (index, group) in groups.enumerated() {
            let isFirst = index == 0 || groups[index - 1].run != group.run
            if isFirst { lines.append("\\midrule") }
            let cells = zip(group.measures, best(group)).map { measure, isBest in
                guard let text = Self.text(measure, " \\pm ") else { return "--" }
                return isBest ? "$\\mathbf{\(text)}$" : "$\(text)$"
            }
            let run = namesRuns ? [isFirst ? Self.latexText(group.run) : ""] : []
            lines.append(
                (run + [Self.latexText(group.title), Self.count(group)] + cells).joined(separator: " & ") + " \\\\")
        }
        return (lines + ["\\bottomrule", "\\end{tabular}"]).map { $0 + "\n" }.joined()
    }

    /// One row per training, followed by one for their means if there are several (`split` is then `mean`).
    private func writeCSV(to url: URL) throws {
        let names = Self.measures.map(\.columnName)
        let header = ["run", "labels", "split", "seed", "images"] + names + names.map { $0 + "_sd" }
        try CSVWriter.write(to: url, header: header) { table in
            for group in groups {
                let start: [CSVField] = [.text(group.run), .text(group.name)]
                for evaluation in group.evaluations {
                    try table.append(
                        start + [
                            .text(evaluation.split?.description ?? ""), .text(evaluation.seed.map { "\($0)" } ?? ""),
                            .integer(evaluation.images),
                        ]
                            + Self.measures.map { Self.field(evaluation[$0]) } + names.map { _ in .text("") })
                }
                if group.evaluations.count > 1 {
                    let measures = group.measures
                    try table.append(
                        start + [.text("mean"), .text(""), .integer(group.evaluations.reduce(0) { $0 + $1.images })]
                            + measures.map { Self.field($0.mean) } + measures.map { Self.field($0.deviation) })
                }
            }
        }
    }

    private var namesRuns: Bool { Set(groups.map(\.run)).count > 1 }

    /// Which of a group's measures are the best of its run, if there are several groups to choose from.
    private func best(_ group: EvaluationTable.Group) -> [Bool] {
        let rivals = groups.filter { $0.run == group.run }.map {
            $0.measures.map { $0.mean.map(Self.fixed) }
        }
        if rivals.count < 2 { return group.measures.map { _ in false } }
        return zip(Self.measures, group.measures).enumerated().map { index, pair in
            let (measure, values) = pair
            guard let mean = values.mean else { return false }
            let numbers = rivals.compactMap { $0[index].flatMap { Double($0) } }
            let best = measure.isBetterLarger ? numbers.max() : numbers.min()
            return Double(Self.fixed(mean)) == best
        }
    }

    /// Nil if there is no such measure.
    private static func text(_ measure: (mean: Double?, deviation: Double?), _ plusMinus: String) -> String? {
        measure.mean.map { fixed($0) + (measure.deviation.map { plusMinus + fixed($0) } ?? "") }
    }

    private static func field(_ value: Double?) -> CSVField { value.map { .double($0) } ?? .text("") }

    private static func fixed(_ value: Double) -> String { Decimals.fixed(value, digits) }

    private static func count(_ group: EvaluationTable.Group) -> String {
        let repetitions = group.repetitions
        if repetitions.isEmpty { return "–" }
        return repetitions.contains { $0.seed != nil } ? Repetition.count(repetitions) : "\(repetitions.count)"
    }

    private static func latexText(_ text: String) -> String {
        text.map { character in
            switch character {
            case "\\": "\\textbackslash{}"
            case "~": "\\textasciitilde{}"
            case "^": "\\textasciicircum{}"
            case "–": "--"
            case "&", "%", "$", "#", "_", "{", "}": "\\\(character)"
            default: String(character)
            }
        }.joined()
    }
}

extension RunFolder {
    /// The `ResultsTable` of all members, in every format.
    package var tables: [URL] {
        ResultsTable.Format.allCases.map { url.appendingPathComponent("table.\($0.rawValue)") }
    }
}
