import FeatureSpaces
import Foundation
import LabelDistributions

extension ComparisonReport {
    /// `report.md`, for people.
    package var markdown: String {
        var parts = ["# " + names.joined(separator: ", "), opening]
        parts.append(pairs.map { "**\(MarkdownText.escaped($0.sentence))**" }.joined(separator: "\n\n"))
        parts += ["## In the space of features", spaces, "## What decides", evidence]
        parts += ["## In the maps", maps, "## What differs", differences, "## How to read this", legend]
        return parts.joined(separator: "\n\n") + "\n"
    }

    private var names: [String] { kinds.map { MarkdownText.escaped($0.name) } }

    private var opening: String {
        let predictions = kinds.compactMap { kind in
            kind.evaluation.map { evaluation in
                let measures = [PredictionMeasure.macroAccuracy, .klDivergence].compactMap { measure in
                    evaluation[measure].map { "\(measure.title) \(number($0))" }
                }
                return "\(MarkdownText.escaped(kind.name)): \(measures.joined(separator: ", "))"
            }
        }
        let name = simulation.map(MarkdownText.escaped).map { "\($0.prefix(1).uppercased() + $0.dropFirst()): " } ?? ""
        return (["\(name)\(images) images, \(classes.count) classes."] + predictions.map { $0 + "." })
            .joined(separator: " ")
    }

    /// A row a measure, a column a kind.
    private var spaces: String {
        let rows = SpaceMeasure.allCases.map { measure in
            [measure.title] + kinds.map { kind in value(of: measure, in: kind.spaces.map(\.measures)) }
        }
        return table([["measure"] + names] + rows)
    }

    /// Of one space the value and its interval, of several the mean and the deviation.
    private func value(of measure: SpaceMeasure, in spaces: [SpaceMeasures]) -> String {
        let values = spaces.compactMap { $0[measure] }
        guard values.count == spaces.count, let first = values.first else { return "–" }
        if values.count == 1 { return text(first) }
        let mean = values.reduce(0) { $0 + $1.value } / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) }
        return "\(number(mean)) ± \(number((squares / Double(values.count - 1)).squareRoot()))"
    }

    private var evidence: String {
        pairs.map { pair in
            let rows = pair.verdict.evidence.map { one in
                let verdict =
                    switch one.outcome {
                    case .firstBetterOrdered: MarkdownText.escaped(pair.first)
                    case .secondBetterOrdered: MarkdownText.escaped(pair.second)
                    case .notDistinguishable: "neither"
                    }
                return [
                    one.measure.title, one.split, one.gap.map(number) ?? "–", one.interval.map(span) ?? "–",
                    one.seedGap.map(number) ?? "–", verdict,
                ]
            }
            return
                "\(MarkdownText.escaped(pair.first)) less \(MarkdownText.escaped(pair.second)), positive where the first is better:\n\n"
                + table([["measure", "split", "gap", "95 % interval", "gap of seeds", "speaks for"]] + rows)
        }.joined(separator: "\n\n")
    }

    private var maps: String {
        let fidelity: [(String, (MapFidelity) -> MeasuredValue?)] = [
            ("trustworthiness ↑", \.trustworthiness), ("continuity ↑", \.continuity),
            ("neighbours of the features kept ↑", \.neighborRecall),
        ]
        var rows = [["t-SNE's KL ↓"] + kinds.map { number($0.mapDivergence) }]
        for (title, measure) in fidelity {
            rows.append([title] + kinds.map { measure($0.fidelity).map(text) ?? "–" })
        }
        for measure in SpaceMeasure.allCases {
            rows.append([measure.title] + kinds.map { $0.map[measure].map(text) ?? "–" })
        }
        return table([["measure"] + names] + rows)
            + "\n\nHow faithful a map is says nothing of hard and soft labels; the verdict is on the features."
    }

    private var differences: String {
        let rows = pairs.map { pair in
            let difference = pair.difference
            return [
                "\(MarkdownText.escaped(pair.first)), \(MarkdownText.escaped(pair.second))",
                difference.alignment.map(text) ?? "–",
                difference.debiasedAlignment.map(text) ?? "–", difference.procrustesDisparity.map(number) ?? "–",
                difference.neighborShare.map(text) ?? "–",
            ]
        }
        return table(
            [["spaces", "CKA", "CKA, debiased", "Procrustes disparity", "neighbours in common"]] + rows)
    }

    private var legend: String {
        let nulls = parameters.permutations > 0
        return """
            Numbers in brackets are the middle \(Decimals.fixed(100 * parameters.confidence, 0)) % of \
            \(parameters.bootstraps) bootstrap draws of the images\(nulls ? "; p is the share of \(parameters.permutations) permutations of the labels that are as well ordered" : ""). Neighbours are \
            the \(kinds[0].spaces[0].measures.neighbors) nearest. A kind is better ordered only where the measures 1 to 4 agree on every split and each gap \
            is larger than the gap between two seeds of one kind (or, with one seed each, its interval leaves out 0); \
            else the kinds are not distinguishable. Measures 5 and 6 are shown and do not decide; 6 favours hard labels by \
            construction. `samples.csv` lists the images by how much their place changed.
            """
    }

    private func text(_ value: MeasuredValue) -> String {
        var text = number(value.value)
        if let interval = value.interval { text += " \(span(interval))" }
        if let null = value.null { text += ", p \(Decimals.fixed(null.pValue, 3))" }
        return text
    }

    private func span(_ interval: ConfidenceInterval) -> String {
        "[\(number(interval.low)), \(number(interval.high))]"
    }
    private func number(_ value: Double) -> String { Decimals.fixed(value, 4) }

    private func table(_ rows: [[String]]) -> String {
        let lines = [rows[0], rows[0].map { _ in "---" }] + rows.dropFirst()
        return lines.map { cells in
            "| \(cells.joined(separator: " | ")) |"
        }.joined(separator: "\n")
    }
}
