import FeatureSpaces
import Foundation
import LabelDistributions

extension ComparisonReport {
    /// `report.md`, for people: the answer, a small table, a figure, what was read, then the details.
    package var markdown: String {
        var parts = ["# " + names.joined(separator: ", ")]
        parts.append(pairs.map { "**\(MarkdownText.escapedSentence($0.sentence))**" }.joined(separator: "\n\n"))
        if pairs.count > 1 {
            parts.append(table(matrix.table.map { $0.map(MarkdownText.escaped) }))
            if let ranking = answer.ranking { parts.append(MarkdownText.escapedSentence(Self.line(ranking))) }
        }
        parts += pairs.map { table($0.words.table.map { $0.map(MarkdownText.escaped) }) }
        parts += ["![The maps of all kinds](figure.png)", opening]
        if !answer.trainingDifferences.isEmpty {
            parts.append(
                "The spaces differ in more than their kinds, so a gap may be due to that:\n\n"
                    + answer.trainingDifferences.map { "- \(MarkdownText.escapedSentence($0))" }.joined(separator: "\n")
            )
        }
        parts += copyRemarks.map(MarkdownText.escapedSentence)
        parts += ["## Inputs", inputs]
        if pairs.contains(where: { ($0.verdict.evidence.map(\.splits.count).max() ?? 0) > 1 }) {
            parts += ["## By split", splits]
        }
        parts += ["## In the space of features", spaces, "## In the maps", maps, "## What differs", differences]
        if let loops { parts += ["## Loops", loops] }
        parts += ["## How to read this", legend]
        return parts.joined(separator: "\n\n") + "\n"
    }

    /// One row per space, and the settings that the numbers depend on.
    private var inputs: String {
        let rows = kinds.flatMap { kind in
            kind.spaces.map { space -> [String] in
                let input = space.input, count = space.measures.count
                return [
                    kind.name, space.path, input?.content ?? "–",
                    input.map { $0.samples == count ? "\(count)" : "\(count) of \($0.samples)" } ?? "\(count)",
                    "\(space.measures.dimension)", input?.labels ?? "–", space.split.isEmpty ? "–" : space.split,
                    input?.seed ?? "–",
                ].map(MarkdownText.escaped)
            }
        }
        return table(
            [["space", "read from", "array or columns", "samples", "features", "labels", "split", "seed"]] + rows)
            + "\n\nMeasured by Penumbra \(version) with --seed \(parameters.seed), --neighbors \(parameters.neighbors), "
            + "--bootstraps \(parameters.bootstraps) and --permutations \(parameters.permutations)."
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

    /// One row per measure, one column per kind.
    private var spaces: String {
        let rows = SpaceMeasure.allCases.map { measure in
            [measure.title] + kinds.map { kind in value(of: measure, in: kind.spaces.map(\.measures)) }
        }
        let probed = kinds.flatMap(\.spaces).map(\.measures).filter { $0.probeFeatures < $0.dimension }
        let note = probed.first.map {
            "\n\nThe linear probe uses the \($0.probeFeatures) features of largest variance where there are more."
        }
        return table([["measure"] + names] + rows) + (note ?? "")
    }

    /// For one space, the value and its interval; for several, the mean and the standard deviation.
    private func value(of measure: SpaceMeasure, in spaces: [SpaceMeasures]) -> String {
        let values = spaces.compactMap { $0[measure] }
        guard values.count == spaces.count, let first = values.first else { return "–" }
        if values.count == 1 { return text(first) }
        let mean = values.reduce(0) { $0 + $1.value } / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) }
        return "\(number(mean)) ± \(number((squares / Double(values.count - 1)).squareRoot()))"
    }

    private var splits: String {
        pairs.map { pair in
            let rows = pair.verdict.evidence.flatMap { evidence in
                evidence.splits.map { one in
                    [
                        evidence.measure.title, MarkdownText.escaped(one.split), number(one.first),
                        number(one.second),
                        VerdictWords.signed(one.gap) + (one.interval.map { " \(VerdictWords.span($0))" } ?? ""),
                        one.adjustedPValue.map { Decimals.probability($0, 4) } ?? "–",
                        MarkdownText.escaped(pair.words.name(of: one.speaksFor)),
                    ]
                }
            }
            let names = [pair.first, pair.second].map(MarkdownText.escaped)
            return table([["measure", "split"] + names + ["gap", "p, by Holm", "speaks for"]] + rows)
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
            + "\n\nHow faithful a map is says nothing about hard and soft labels; the verdict is on the features."
            + fewerNeighbors
    }

    /// A sentence if maps are measured on fewer neighbours than were asked for; otherwise empty.
    private var fewerNeighbors: String {
        let used = kinds[0].fidelity.neighbors
        if used >= parameters.neighbors { return "" }
        return
            " Trustworthiness, continuity and neighbours kept are of the \(used) nearest, not \(parameters.neighbors): they are "
            + "defined for up to half of the other samples."
    }

    private var differences: String {
        let rows = pairs.map { pair in
            let difference = pair.difference
            return [
                "\(MarkdownText.escaped(pair.first)), \(MarkdownText.escaped(pair.second))",
                difference.alignment.map(text) ?? "–",
                difference.debiasedAlignment.map(text) ?? "–", difference.procrustesDisparity.map(number) ?? "–",
                difference.neighborShare.map(text) ?? "–", difference.neighborAlignment.map(number) ?? "–",
            ]
        }
        return table(
            [["spaces", "CKA", "CKA, debiased", "Procrustes disparity", "mutual neighbours", "CKNNA"]] + rows)
    }

    /// Nil if no kind has enough ambiguous samples.
    private var loops: String? {
        if kinds.allSatisfy({ $0.loop == nil }) { return nil }
        func row(_ title: String, _ value: (AmbiguousLoop) -> Double?) -> [String] {
            [title] + kinds.map { $0.loop.flatMap(value).map(number) ?? "–" }
        }
        let landmarks = kinds.compactMap { $0.loop?.landmarks }.max()!
        var rows = [
            row("persistence of the longest loop", \.persistence), row("of the second longest", \.secondPersistence),
        ]
        if kinds.contains(where: { $0.loop?.circularAgreement != nil }) {
            rows.append(row("agreement of its coordinate with the hue", \.circularAgreement))
        }
        return table([["measure"] + names] + rows)
            + "\n\nOf \(landmarks) ambiguous images: 1 − birth / death of the loop in their Vietoris-Rips filtration."
    }

    private var legend: String {
        let nulls = parameters.permutations > 0
        return """
            Numbers in brackets are \(Decimals.fixed(100 * parameters.confidence, 0)) % intervals, by \(parameters.bootstraps) \
            bootstrap draws of the images; those of gaps by Student's t\(nulls ? "; p is the share of labellings that are as well ordered, among \(parameters.permutations) permutations of the labels and the labels themselves, so it is at least \(Decimals.probability(1 / Double(parameters.permutations + 1), 3))" : ""). \
            Neighbours are the \(kinds[0].spaces[0].measures.neighbors) nearest. A gap is positive if the first kind is better \
            ordered. A measure speaks for a kind if its gap differs from 0 on every split, by Holm's correction over the five \
            measures, against chance differences between images and, if a kind has several seeds, between trainings. A kind is *better \
            ordered* if at least four of the five numbered measures (three if only three are defined) speak for it and none \
            against it; if measures speak for both, the outcome is *mixed*, otherwise *not distinguishable*. The other measures are descriptive and do not decide; some favour \
            hard labels by construction. The rule was fixed on planted spaces (`penumbra compare --self-test`). `samples.csv` \
            lists the images by how many of their neighbours changed, `suspects.csv` those whose label disagrees most with their \
            neighbours.
            """
    }

    private func text(_ value: MeasuredValue) -> String {
        var text = number(value.value)
        if let interval = value.interval { text += " \(VerdictWords.span(interval))" }
        if let null = value.null { text += ", p \(Decimals.probability(null.pValue, 3))" }
        return text
    }

    private func number(_ value: Double) -> String { VerdictWords.number(value) }

    private func table(_ rows: [[String]]) -> String {
        let lines = [rows[0], rows[0].map { _ in "---" }] + rows.dropFirst()
        return lines.map { cells in
            "| \(cells.joined(separator: " | ")) |"
        }.joined(separator: "\n")
    }
}
