import Numerics
import Parameters
import ImageDatasets
import LabelDistributions

/// What a network is trained on: which samples, which targets in which epoch.
struct TrainingLabels {
    /// The samples trained on, ascending.
    let training: [Int]
    private let kind: LabelKind
    private let resamples: Bool
    private let seed: UInt64
    private let rule: TargetRule
    /// What is known of each sample of the set.
    private let known: [LabelDistribution]

    /// The labels of `dataset` as `parameters` have them; `training` are the samples of the split's training part.
    ///
    /// - Throws: `TrainingError.badParameter` where there are not so many samples.
    init(_ dataset: Dataset, training: [Int], parameters: TrainingParameters) throws(TrainingError) {
        kind = parameters.labels
        resamples = parameters.resamples
        seed = parameters.seed
        let training = try Self.chosen(training, parameters)
        self.training = training
        let known = dataset.samples.enumerated().map { index, sample in
            guard let count = parameters.annotations else { return sample.label }
            let random = CounterRandom(seed: parameters.seed, Stream.annotations.rawValue, UInt64(index))
            return sample.label.heard(count, votes: sample.votes, random: random)
        }
        self.known = known
        let first = known.indices.map {
            Self.drawn(known[$0], parameters.labels, seed: parameters.seed, index: $0, epoch: 0)
        }
        var rule = TargetRule(smoothing: parameters.labelSmoothing)
        if parameters.weighsClasses { rule.balance(training.map { first[$0] }) }
        self.rule = rule
    }

    /// Of each sample of the set, rows over the classes. The epoch counts from 0; only labels that are drawn anew differ
    /// from epoch to epoch.
    func targets(epoch: Int) -> [[Float]] {
        known.indices.map {
            rule.target(for: Self.drawn(known[$0], kind, seed: seed, index: $0, epoch: resamples ? epoch : 0))
        }
    }

    /// Whether targets differ from epoch to epoch.
    var changes: Bool { resamples }

    private static func drawn(
        _ label: LabelDistribution, _ kind: LabelKind, seed: UInt64, index: Int, epoch: Int
    ) -> LabelDistribution {
        let random = CounterRandom(seed: seed, Stream.quantized.rawValue, UInt64(index), UInt64(epoch))
        return kind.target(for: label, random: random)
    }

    private static func chosen(_ training: [Int], _ parameters: TrainingParameters) throws(TrainingError) -> [Int] {
        guard let count = parameters.trainingImages else { return training }
        if count > training.count {
            throw .badParameter(
                ParameterError(
                    option: "--training-images", found: "\(count)",
                    expected: "1 to \(training.count), as many as split \(parameters.split) has"))
        }
        var random = CounterRandom(seed: parameters.seed, Stream.images.rawValue)
        return random.permutation(of: training.count).prefix(count).map { training[$0] }.sorted()
    }

    /// Tells the random numbers of one purpose from others of the same seed (words in ASCII).
    private enum Stream: UInt64 {
        case annotations = 0x616E_6E6F_7465
        case quantized = 0x0071_7561_6E74
        case images = 0x696D_6167_6573
    }
}
