import LabelDistributions
import Numerics

/// How many annotations per image are enough: how far labels from a few votes, drawn without replacement, are from those of all
/// votes, and how well they reflect the order of a given space. No training is involved.
public struct AnnotationBudget: Sendable, Codable, Equatable {
    /// What is measured for labels made from some of the votes.
    public enum Measure: String, Sendable, Codable, SnakeCaseKey {
        /// KL(all ‖ some), the mean over images in nats, clipped as for predictions.
        case klDivergence = "kl_divergence"
        /// Pearson's correlation between the normalised entropies of the two.
        case entropyCorrelation = "entropy_correlation"
        /// `SpaceMeasure.neighborDivergence` of the space, with labels from some of the votes.
        case neighborDivergence = "neighbor_divergence"
        /// `SpaceMeasure.entropyCorrelation` likewise.
        case neighborEntropyCorrelation = "neighbor_entropy_correlation"

        /// Its name in tables; an arrow gives the better direction.
        public var title: String {
            switch self {
            case .klDivergence: "KL from all votes ↓"
            case .entropyCorrelation: "entropy correlation with all votes ↑"
            case .neighborDivergence: "neighbours, JS in nats ↓"
            case .neighborEntropyCorrelation: "entropy of label and of neighbours, Spearman ↑"
            }
        }
    }

    /// The labels made from one number of votes.
    public struct Row: Sendable, Codable, Equatable {
        /// Votes drawn for each image; images with fewer keep all of theirs. Nil for all votes of all images.
        public let votes: Int?
        /// The number of images with more votes than this.
        public let images: Int
        /// The mean over the draws and the span of the middle ones; missing if a measure is undefined.
        public let values: [Measure: MeasuredValue]
    }

    /// The number of draws for each number of votes.
    public let draws: Int
    /// In ascending order of votes; the last row has all votes.
    public let rows: [Row]

    /// 1, 2, 3, 5, 8 … below the largest number of votes on an image.
    public static func steps(below most: Int) -> [Int] {
        var steps: [Int] = []
        var (step, next) = (1, 2)
        while step < most {
            steps.append(step)
            (step, next) = (next, step + next)
        }
        return steps
    }

    /// - Parameters:
    ///   - votes: for each image, the number of annotators who chose each class; at least one vote each, otherwise it traps.
    ///   - space: features of the same images, if any; its labels are not used.
    ///   - draws: at least 1.
    /// - Complexity: O(N² D) once for the space, and O(N k K) for each draw.
    public init(
        votes: [[Int]], space: FeatureSpace?, parameters: MeasureParameters = MeasureParameters(), draws: Int = 50,
        threads: ThreadCount = .available
    ) {
        precondition(draws >= 1 && !votes.isEmpty, "labels are drawn at least once")
        precondition(space.map { $0.count == votes.count } ?? true, "votes and features are of the same images")
        let neighbors = space.map { space in
            DistanceScan(
                CenteredRows(space, threads: threads), ties: TieOrder(space, seed: parameters.seed),
                neighbors: min(parameters.neighbors, space.count - 1), threads: threads
            ).neighbors
        }
        let labels = votes.map { try! LabelDistribution(counts: $0) }
        let totals = votes.map { $0.reduce(0, +) }
        let measures = Measure.allCases
        rows = (Self.steps(below: totals.max()!).map { Optional($0) } + [nil]).map { step in
            let count = step == nil ? 1 : draws
            let found = AlignedBuffer<Double>(count: count * measures.count)
            nonisolated(unsafe) let base = found.base
            threads.forEachChunkDynamically(of: count, size: 1) { _, draw, _ in
                let drawn =
                    step.map { step in
                        votes.indices.map { image in
                            labels[image].heard(
                                step, votes: votes[image],
                                random: CounterRandom(
                                    seed: parameters.seed, RandomStream.votes.rawValue, UInt64(draw), UInt64(image)))
                        }
                    } ?? labels
                for (place, measure) in measures.enumerated() {
                    base[draw * measures.count + place] = Self.value(measure, drawn, labels, neighbors)
                }
            }
            let values = found.array
            return Row(
                votes: step, images: step.map { step in totals.count { $0 > step } } ?? 0,
                values: Dictionary(
                    uniqueKeysWithValues: measures.enumerated().compactMap { place, measure in
                        let numbers = (0..<count).map { values[$0 * measures.count + place] }
                        if numbers.contains(where: \.isNaN) { return nil }
                        let interval =
                            step == nil ? nil : ConfidenceInterval(numbers, confidence: parameters.confidence)
                        return (
                            measure,
                            MeasuredValue(value: numbers.reduce(0, +) / Double(count), interval: interval)
                        )
                    }))
        }
        self.draws = draws
    }

    private static func value(
        _ measure: Measure, _ drawn: [LabelDistribution], _ labels: [LabelDistribution], _ neighbors: NeighborLists?
    ) -> Double {
        switch measure {
        case .klDivergence:
            return PredictionMetrics.klDivergence(predictions: drawn.map(\.probabilities), labels: labels)
        case .entropyCorrelation:
            return PredictionMetrics.entropyCorrelation(predictions: drawn.map(\.probabilities), labels: labels) ?? .nan
        case .neighborDivergence, .neighborEntropyCorrelation:
            guard let neighbors else { return .nan }
            let found = NeighborLabels(neighbors, labels: LabelMatrix(drawn))
            return measure == .neighborDivergence
                ? WeightedMean(contributions: found.divergences).value : found.entropyCorrelation.value
        }
    }
}
