import FeatureSpaces
import Foundation
import LabelFiles

/// `report.json`: the answer, then every measure of every kind, what differs between them, and the verdicts.
/// `Documentation/formats.md` describes it.
package struct ComparisonReport: Codable, Sendable {
    /// The first part of the report.
    struct Answer: Codable, Sendable {
        /// One sentence per pair of kinds.
        var sentences: [String]
        /// Groups of kinds of equal rank, the best ordered first; nil for two kinds, and if pairs contradict each other.
        var ranking: [[String]]?
        /// How trainings or the tables beside features differ, other than in their kinds, if that was allowed.
        var trainingDifferences: [String]
    }

    /// One kind of space.
    struct Kind: Codable, Sendable {
        var name: String
        var spaces: [Space]
        /// The measures of the first space's map.
        var map: SpaceMeasures
        var fidelity: MapFidelity
        /// The KL divergence of t-SNE, in nats.
        var mapDivergence: Double
        /// The longest loop of the first space's ambiguous samples; nil if there are too few.
        var loop: AmbiguousLoop?
        /// ACC, KL, F1 and ECE of the first space's predictions.
        var evaluation: Evaluation?
    }

    /// The features of one training, with one split and seed.
    package struct Space: Codable, Sendable {
        var path: String
        /// Empty if the split is unknown.
        var split: String
        /// What was read; nil in reports from before it was recorded.
        var input: SpaceInput?
        var measures: SpaceMeasures
    }

    /// A comparison of two kinds.
    package struct Pair: Codable, Sendable {
        var first: String
        var second: String
        /// Between the first spaces of the two kinds.
        var difference: SpaceComparison.Summary
        /// Over all spaces of both kinds, in the original features.
        var verdict: Verdict

        var words: VerdictWords { VerdictWords(first: first, second: second, verdict: verdict) }

        /// The verdict in a sentence.
        package var sentence: String { words.sentence }
    }

    var answer: Answer
    var version = PenumbraVersion.current
    /// The parameters of the measures.
    var parameters: MeasureParameters
    /// The number of images in the first space.
    var images: Int
    var classes: [String]
    /// The name of a simulated data set.
    var simulation: String?
    /// How the label file was interpreted, if it is not this program's own.
    var labels: LabelInterpretation?
    var kinds: [Kind]
    package var pairs: [Pair]
    /// For `--json` only; nil in the file.
    package var cost: ComparisonCost?

    package init(_ result: Comparison.Result, parameters: MeasureParameters) {
        self.parameters = parameters
        let samples = result.measured[0].kind.first.samples
        images = samples.ids.ids.count
        classes = samples.classes
        simulation = samples.simulation
        labels = samples.isOwn ? nil : samples.interpretation
        kinds = result.measured.map { one in
            Kind(
                name: one.kind.name,
                spaces: zip(one.kind.spaces, one.trials).map {
                    Space(path: $0.path, split: $0.split, input: $0.input, measures: $1.space.measures)
                }, map: one.mapped.map.measures, fidelity: one.mapped.fidelity, mapDivergence: one.layout.klDivergence,
                loop: one.loop, evaluation: one.evaluation)
        }
        let names = kinds.map(\.name)
        pairs = result.pairs.map { pair in
            Pair(
                first: names[pair.first], second: names[pair.second], difference: pair.spaces.summary,
                verdict: pair.verdict)
        }
        answer = Answer(
            sentences: pairs.map(\.sentence),
            ranking: names.count > 2 ? Self.matrix(names, pairs).ranking : nil,
            trainingDifferences: result.trainingDifferences)
    }

    /// The verdicts between all kinds.
    var matrix: VerdictMatrix { Self.matrix(kinds.map(\.name), pairs) }

    private static func matrix(_ names: [String], _ pairs: [Pair]) -> VerdictMatrix {
        VerdictMatrix(
            names: names,
            pairs: pairs.map { (names.firstIndex(of: $0.first)!, names.firstIndex(of: $0.second)!, $0.verdict.outcome) }
        )
    }

    /// The answer for a terminal: sentences and tables.
    package var lines: [String] {
        var lines = answer.sentences
        if pairs.count > 1 {
            lines += [""] + Decimals.table(matrix.table)
            if let ranking = answer.ranking { lines.append(Self.line(ranking)) }
        }
        for pair in pairs { lines += [""] + Decimals.table(pair.words.table) }
        return lines + answer.trainingDifferences.map { "Other difference: \($0)" } + copyRemarks
    }

    /// A sentence for each space in which some sample has more exact copies than neighbours.
    var copyRemarks: [String] {
        kinds.flatMap { kind in
            kind.spaces.compactMap { space in
                let measures = space.measures
                guard let copied = measures.copiedSamples, let most = measures.mostCopies, most > measures.neighbors
                else { return nil }
                let name = VerdictWords.inSentence(kind.name) + (kind.spaces.count > 1 ? " (\(space.path))" : "")
                return
                    "In \(name), \(copied) of \(measures.count) samples have exact copies, one of them \(most): more than the "
                    + "\(measures.neighbors) nearest neighbours, which are drawn at random among them."
            }
        }
    }

    /// `Best ordered first: soft; hard, quantized.`
    static func line(_ ranking: [[String]]) -> String {
        let groups = ranking.map { $0.map(VerdictWords.inSentence).joined(separator: " and ") }
        return "Best ordered first: \(groups.joined(separator: "; "))."
    }
}
