import Foundation
import LabelDistributions
import Numerics
import Synchronization

/// A predictor that knows what was simulated: the true label distribution of each image, over the actual annotators of the set.
/// No network can predict better from the images alone, since only chance remains: who labelled an image, and how.
///
/// The distribution of an image is the mean over the annotators (`SimulatedAnnotator.probabilities`), in closed form. The
/// outcome of its annotations (the votes, their majority and their shares) is sampled: each time it is decided anew which
/// annotators take part and what they choose.
public struct FibresOracle: Sendable {
    /// The best expected result of a predictor on some images.
    public struct Ceiling: Sendable, Equatable, Codable {
        /// The number of images.
        public let images: Int
        /// Macro accuracy.
        public let macroAccuracy: Double
        /// KL(human ‖ model) in nats, as defined by `PredictionMetrics.klDivergence`.
        public let klDivergence: Double
    }

    /// The result of the draws for one image.
    private struct Draws: Sendable {
        /// The mean divergence of the shares of votes from the true distribution.
        var divergence = 0.0
        /// How often each class was the majority, in the even and in the odd draws.
        var majorities = (SIMD3<Double>.zero, SIMD3<Double>.zero)

        func majorities(half: Int) -> SIMD3<Double> { half == 0 ? majorities.0 : majorities.1 }
    }

    private let draws: [String: Draws]

    /// Draws annotations for every image of the set that `generator` makes.
    ///
    /// - Parameter count: how often the annotations of each image are drawn; nil for a million in all but at most 20,000 per
    ///   image, which determines the ceiling of a whole set to within .002.
    /// - Complexity: O(images · draws · annotators).
    public init(_ generator: FibresGenerator, threads: ThreadCount, draws count: Int? = nil) {
        let items = generator.items()
        let annotators = generator.annotators
        let share = generator.annotationShare
        let perImage = count ?? min(max(1_000_000 / items.count, 2), 20_000)
        let found = Mutex([String: Draws]())
        threads.forEachChunk(of: items.count, size: 1) { index, _ in
            let item = items[index]
            var random = CounterRandom(seed: generator.parameters.seed, Self.stream, UInt64(item.number))
            let chances = annotators.map { $0.probabilities(item.scene) }
            let draws = Self.draw(perImage, chances, share: share, random: &random)
            found.withLock { $0[item.id] = draws }
        }
        draws = found.withLock { $0 }
    }

    /// The ceiling on the images `ids` (nil: all); nil if one of them is not in the set, or there are none.
    ///
    /// The macro accuracy of a predictor that answers d(i) is the mean over classes k of Σ rₖ(i) [d(i) = k] / Rₖ, with rₖ(i)
    /// the probability that k is the majority of image i and Rₖ its sum over images. So the best answer is the class with the
    /// largest rₖ(i) / Rₖ. It is found on half of the draws and measured on the other half, and vice versa; on the same draws,
    /// chance would favour it.
    public func ceiling(of ids: [String]? = nil) -> Ceiling? {
        // In a fixed order, since a sum of floats depends on it.
        let ids = ids ?? draws.keys.sorted()
        let chosen = ids.compactMap { draws[$0] }
        if chosen.isEmpty || chosen.count < ids.count { return nil }
        let totals = [0, 1].map { half in chosen.reduce(SIMD3<Double>.zero) { $0 + $1.majorities(half: half) } }
        let accuracies = [0, 1].map { half in
            var hits = SIMD3<Double>.zero
            for image in chosen {
                let shares = image.majorities(half: half) / totals[half].replacing(with: 1, where: totals[half] .== 0)
                let answer = (0..<3).max { shares[$0] < shares[$1] }!
                hits[answer] += image.majorities(half: 1 - half)[answer]
            }
            let measured = totals[1 - half]
            let recalls = (0..<3).filter { measured[$0] > 0 }.map { hits[$0] / measured[$0] }
            return recalls.reduce(0, +) / Double(recalls.count)
        }
        return Ceiling(
            images: chosen.count, macroAccuracy: (accuracies[0] + accuracies[1]) / 2,
            klDivergence: chosen.reduce(0) { $0 + $1.divergence } / Double(chosen.count))
    }

    private static func draw(
        _ count: Int, _ chances: [SIMD3<Double>], share: Double, random: inout CounterRandom
    ) -> Draws {
        var draws = Draws()
        let truth = chances.reduce(SIMD3<Double>.zero, +) / Double(chances.count)
        let thresholds = chances.map { (share * $0[0], share * ($0[0] + $0[1])) }
        for number in 0..<count {
            var votes = SIMD3<Double>.zero
            // An image without any annotation is left out of the set.
            while votes == .zero {
                for (first, second) in thresholds {
                    let place = random.uniform()
                    if place < share { votes[place < first ? 0 : place < second ? 1 : 2] += 1 }
                }
            }
            // Ties go to the first.
            let majority = votes[0] >= votes[1] && votes[0] >= votes[2] ? 0 : votes[1] >= votes[2] ? 1 : 2
            if number % 2 == 0 { draws.majorities.0[majority] += 1 } else { draws.majorities.1[majority] += 1 }
            let label = votes / votes.sum()
            for k in 0..<3 { draws.divergence += PredictionMetrics.divergenceTerm(label[k], truth[k]) }
        }
        draws.divergence /= Double(count)
        return draws
    }

    /// Distinguishes these random numbers from those of the set ("oracle" in ASCII).
    private static let stream: UInt64 = 0x6F72_6163_6C65
}

extension FibresGenerator {
    /// The generator of the set in `root`, or nil if that contains no simulated fibres, or not those that this program makes
    /// with the same parameters. Throws `DatasetError` if the folder contains no set in the DCIC layout.
    public static func ofSet(in root: URL) throws(DatasetError) -> FibresGenerator? {
        let file = try LabelFile.find(in: root)
        if !file.isRaw { return nil }
        let sets = try JSONFile.decode([AnnotationSet].self, from: file.url)
        guard let parameters = sets.first?.generator else { return nil }
        let generator = FibresGenerator(parameters)
        let items = generator.items()
        let made = generator.annotations(of: items)
        let isSame =
            made.count == sets.count
            && zip(made, sets).allSatisfy { labels, set in
                labels.count == set.annotations.count
                    && zip(labels, set.annotations).allSatisfy { label, annotation in
                        annotation.imagePath.hasSuffix("/" + items[label.item].pathInSet)
                            && annotation.classLabel == FibreScene.classes[label.label]
                    }
            }
        return isSame ? generator : nil
    }
}
