import FeatureSpaces
import Foundation

/// `report.json`: every measure of every kind, what differs between them, and the verdicts.
package struct ComparisonReport: Codable, Sendable {
    /// One kind of space.
    struct Kind: Codable, Sendable {
        var name: String
        var spaces: [Space]
        /// Of the map of the first space.
        var map: SpaceMeasures
        var fidelity: MapFidelity
        /// Of t-SNE, in nats.
        var mapDivergence: Double
        /// ACC, KL, F1 and ECE of the first space's predictions.
        var evaluation: Evaluation?
    }

    /// The features of one training, of one split and seed.
    package struct Space: Codable, Sendable {
        var path: String
        /// Empty where nothing is known of splits.
        var split: String
        var measures: SpaceMeasures
    }

    /// Two kinds beside each other.
    package struct Pair: Codable, Sendable {
        var first: String
        var second: String
        /// Of the first spaces.
        var difference: SpaceComparison.Summary
        /// Over all spaces of both kinds, in the original features.
        var verdict: Verdict
    }

    var version = PenumbraVersion.current
    /// How it was measured.
    var parameters: MeasureParameters
    /// Of the first space.
    var images: Int
    var classes: [String]
    /// The name of a simulated data set.
    var simulation: String?
    var kinds: [Kind]
    package var pairs: [Pair]

    package init(_ result: Comparison.Result, parameters: MeasureParameters) {
        self.parameters = parameters
        let samples = result.measured[0].kind.first.samples
        images = samples.ids.ids.count
        classes = samples.classes
        simulation = samples.simulation
        kinds = result.measured.map { one in
            Kind(
                name: one.kind.name,
                spaces: zip(one.kind.spaces, one.trials).map {
                    Space(path: $0.path, split: $0.split, measures: $1.space.measures)
                }, map: one.mapped.map.measures, fidelity: one.mapped.fidelity, mapDivergence: one.layout.klDivergence,
                evaluation: one.evaluation)
        }
        pairs = result.pairs.map { pair in
            Pair(
                first: result.measured[pair.first].kind.name, second: result.measured[pair.second].kind.name,
                difference: pair.spaces.summary, verdict: pair.verdict)
        }
    }
}

extension ComparisonReport.Pair {
    /// The verdict in one sentence.
    package var sentence: String {
        let splits = Set(verdict.evidence.map(\.split)).count
        let places = splits == 1 ? "" : " on all \(splits) splits"
        let yardstick =
            switch verdict.yardstick {
            case .seeds: "every gap is larger than that between two seeds of one kind"
            case .samples:
                "every gap's interval over the images leaves out 0 (one seed each: the chance of training is not known)"
            }
        let (better, worse) = verdict.outcome == .firstBetterOrdered ? (first, second) : (second, first)
        if verdict.outcome != .notDistinguishable {
            return "\(better): better ordered than \(worse). All four measures agree\(places), and \(yardstick)."
        }
        return "\(first) and \(second): not distinguishable. " + doubts
    }

    /// What keeps the verdict from being one.
    private var doubts: String {
        func count(_ outcome: Verdict.Outcome) -> Int { verdict.evidence.count { $0.outcome == outcome } }
        let splits = Set(verdict.evidence.map(\.split)).count
        let places = splits > 1 ? " on \(splits) splits" : ""
        return "Four measures\(places) do not agree: \(count(.firstBetterOrdered)) for \(first), "
            + "\(count(.secondBetterOrdered)) for \(second), \(count(.notDistinguishable)) for neither."
    }
}
