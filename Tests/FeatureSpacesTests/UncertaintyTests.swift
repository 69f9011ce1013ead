import Numerics
import Foundation
import LabelDistributions
import Testing

@testable import FeatureSpaces

/// Confidence intervals and null distributions.
@Suite struct UncertaintyTests {
    @Test func percentilesAreNumpys() throws {
        // numpy.quantile([1, 2, 4, 8, 16], [.05, .95])
        let interval = try #require(ConfidenceInterval([16, 1, .nan, 4, 2, 8], confidence: 0.9))
        #expect(abs(interval.low - 1.2) < 1e-12)
        #expect(abs(interval.high - 14.4) < 1e-12)
        #expect(ConfidenceInterval([.nan], confidence: 0.9) == nil)
        #expect(interval.excludesZero)
        #expect(ConfidenceInterval([-1, 1], confidence: 0.9)?.excludesZero == false)
    }

    /// The bootstrap interval of a mean is close to the normal approximation.
    @Test func theSpreadOfAMean() throws {
        var random = CounterRandom(seed: 11)
        let numbers = (0..<400).map { _ in random.normal() }
        let replicates = Bootstrap.replicates(
            of: [WeightedMean(contributions: numbers)], samples: 400, count: 800, seed: 1, threads: ThreadCount(2))
        let interval = try #require(ConfidenceInterval(replicates[0], confidence: 0.95))
        let mean = numbers.reduce(0, +) / 400
        let deviation = (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 400 / 400).squareRoot()
        // The ends are percentiles of 800 draws, so each has a standard error of about 0.1 deviations.
        #expect(abs(interval.high - mean - 1.96 * deviation) < 0.4 * deviation)
        #expect(abs(mean - interval.low - 1.96 * deviation) < 0.4 * deviation)
    }

    /// The linear part of the alignment is its derivative with respect to sample weights.
    @Test func theAlignmentsLinearPartIsItsDerivative() throws {
        let labels = TestSpaces.labels(count: 60, seed: 12)
        let (one, other) = (TestSpaces.smooth(labels, seed: 12), TestSpaces.noise(labels, dimension: 4, seed: 12))
        func plain(_ rows: [Int]) throws -> KernelAlignment {
            let factors = try [one, other].map { space in
                let features = rows.flatMap { row in
                    space.features[row * space.dimension..<(row + 1) * space.dimension]
                }
                return KernelFactor(
                    CenteredRows(
                        try FeatureSpace(
                            features: features, dimension: space.dimension, labels: rows.map { labels[$0] }),
                        threads: ThreadCount(1)))
            }
            return KernelAlignment.estimates(factors[0], factors[1], threads: ThreadCount(1)).plain
        }
        // Each sample is repeated 50 times. Swapping one copy of sample 19 for one more of sample 7 makes a small step.
        let many = (0..<60).flatMap { [Int](repeating: $0, count: 50) }
        var stepped = many
        stepped[19 * 50] = 7
        let whole = try plain(Array(0..<60))
        let change = try plain(stepped).value - plain(many).value
        var weights = [Double](repeating: 1, count: 60)
        weights[7] += 0.02
        weights[19] -= 0.02
        let linear = whole.value(weights: weights) - whole.value
        #expect(abs(change) > 1e-6)
        #expect(abs(linear - change) < 0.02 * abs(change))
    }

    /// With labels independent of the space, the value lies within the null and the debiased alignment averages about 0.
    @Test func independentLabelsLieWithinTheNull() throws {
        let labels = TestSpaces.labels(count: 120, seed: 13)
        let noise = TestSpaces.noise(labels, dimension: 40, seed: 13)
        let measures = MeasuredSpace(noise, parameters: TestSpaces.parameters(permutations: 99)).measures
        for (measure, value) in measures.values where ![.silhouette, .labelProbe].contains(measure) {
            let null = try #require(value.null)
            #expect(null.pValue > 0.01, "\(measure)")
            #expect(null.span.low <= null.mean && null.mean <= null.span.high)
        }
        #expect(abs(measures[.debiasedLabelAlignment]!.null!.mean) < 0.01)
        #expect(measures[.labelAlignment]!.null!.mean > 0.04)
        #expect(measures[.silhouette]?.null == nil)
        #expect(measures[.labelProbe]!.value < 0.05 && measures[.labelProbe]?.null == nil)
    }

    /// The influence of a pair is the derivative of the rank correlation by its weight. With every weight at 10,000, moving a
    /// weight of 1 between two pairs is a small step.
    @Test(arguments: [(3, 11), (0, 7), (5, 6)]) func influencesAreDerivatives(more: Int, fewer: Int) {
        var random = CounterRandom(seed: 18)
        let first = (0..<40).map { _ in Double(random.index(below: 15)) }
        let second = first.map { $0 + Double(random.index(below: 12)) }
        let correlation = RankCorrelation(first: Ranking(first), second: Ranking(second))
        let linear = correlation.linear
        #expect(abs(linear.value - correlation.value()) < 1e-14)
        #expect(abs(linear.influences.reduce(0, +)) < 1e-12)
        var weights = [Double](repeating: 10_000, count: 40)
        let before = correlation.value(weights: weights)
        weights[more] += 1
        weights[fewer] -= 1
        let change = (correlation.value(weights: weights) - before) * 10_000
        let expected = linear.influences[more] - linear.influences[fewer]
        #expect(abs(change - expected) < 1e-3 * max(abs(expected), 1e-3))
    }

    /// The linear replicates spread like those from resampled rows.
    @Test func pairIntervalsAreThoseOfResampledImages() throws {
        let labels = TestSpaces.labels(count: 90, seed: 19)
        let space = TestSpaces.smooth(labels, noise: 0.4, seed: 19)
        var parameters = TestSpaces.parameters(bootstraps: 300)
        parameters.pairs = 10_000
        let found = MeasuredSpace(space, parameters: parameters)
        let matrix = LabelMatrix(labels)
        let chosen = ChosenPairs(matrix, parameters: parameters)
        let rows = CenteredRows(space, threads: ThreadCount(2))
        let scan = MeasuredSpace.scan(
            rows, ties: TieOrder(space, seed: 0), labels: matrix, chosen: chosen, parameters: parameters,
            threads: ThreadCount(2))
        let correlation = RankCorrelation(
            first: Ranking(scan.pairDistances[0]),
            second: Ranking(LabelDivergences.of(chosen.any, labels: matrix, threads: ThreadCount(2))))
        let firsts = chosen.any.firsts
        let exact = (0..<300).map { replicate in
            var random = CounterRandom(seed: parameters.seed, RandomStream.bootstrap.rawValue, UInt64(replicate))
            var weights = [Double](repeating: 0, count: 90)
            for _ in 0..<90 { weights[random.index(below: 90)] += 1 }
            return correlation.value(
                weights: firsts.indices.map { weights[Int(firsts[$0])] * weights[Int(chosen.any.seconds[$0])] })
        }
        func deviation(_ values: [Double]) -> Double {
            let mean = values.reduce(0, +) / Double(values.count)
            return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
        }
        let ratio = deviation(found.replicates[.pairCorrelation]!) / deviation(exact)
        #expect(ratio > 0.85 && ratio < 1.15, "\(ratio)")
    }

    @Test func orderedLabelsLieOutsideTheNull() throws {
        let labels = TestSpaces.labels(count: 120, seed: 14)
        let smooth = TestSpaces.smooth(labels, seed: 14)
        let measures = MeasuredSpace(smooth, parameters: TestSpaces.parameters(permutations: 99)).measures
        for measure in SpaceMeasure.allCases where ![.silhouette, .labelProbe].contains(measure) {
            let value = try #require(measures[measure])
            let null = try #require(value.null)
            #expect(null.pValue == 0.01, "\(measure)")
            #expect(measure.oriented(value.value) > measure.oriented(null.mean))
        }
    }

    /// The identity permutation gives the measure itself.
    @Test func theIdentityPermutationIsTheMeasure() throws {
        let labels = TestSpaces.labels(count: 50, seed: 15)
        let space = TestSpaces.smooth(labels, seed: 15)
        let parameters = TestSpaces.parameters()
        let (rows, matrix) = (CenteredRows(space, threads: ThreadCount(1)), LabelMatrix(labels))
        let measures = MeasuredSpace(space, parameters: parameters).measures
        let chosen = ChosenPairs(matrix, parameters: parameters)
        let scan = MeasuredSpace.scan(
            rows, ties: TieOrder(space, seed: 0), labels: matrix, chosen: chosen, parameters: parameters,
            threads: ThreadCount(1))
        for (withinClasses, measure) in [(false, SpaceMeasure.pairCorrelation), (true, .classPairCorrelation)] {
            let pairs = PairPermutations(
                chosen.permuted, pairs: chosen.ofPermuted, distances: scan.pairDistances[2], labels: matrix,
                withinClasses: withinClasses, threads: ThreadCount(1))
            #expect(abs(pairs.value - measures[measure]!.value) < 1e-12)
            // A permutation reassigns the labels of the samples.
            var random = CounterRandom(seed: 3), again = random
            if !withinClasses {
                let order = again.permutation(of: 50)
                let permuted = try FeatureSpace(
                    features: space.features, dimension: space.dimension, labels: order.map { labels[$0] })
                let expected = MeasuredSpace(permuted, parameters: parameters).measures[measure]!.value
                #expect(abs(pairs.value(permutingBy: &random) - expected) < 1e-12)
            }
        }
        let factors = (KernelFactor(rows), KernelFactor(CenteredRows(matrix)))
        let aligned = KernelAlignment.estimates(factors.0, factors.1, threads: ThreadCount(1))
            .permuted(factors.0, factors.1, orders: [Array(0..<50), Array((0..<50).reversed())])
        #expect(abs(aligned[0].plain - measures[.labelAlignment]!.value) < 1e-12)
        #expect(abs(aligned[0].debiased - measures[.debiasedLabelAlignment]!.value) < 1e-12)
        #expect(aligned[1].plain < aligned[0].plain)
    }

    /// Random pairs estimate the correlation over all pairs; their number is exactly the number asked for.
    @Test func randomPairsStandForAll() throws {
        let labels = TestSpaces.labels(count: 150, seed: 16)
        let space = TestSpaces.smooth(labels, noise: 0.4, seed: 16)
        var parameters = TestSpaces.parameters(bootstraps: 100)
        parameters.pairs = 5_000
        let some = MeasuredSpace(space, parameters: parameters).measures
        parameters.pairs = 100_000
        let all = MeasuredSpace(space, parameters: parameters).measures
        #expect(some.pairs == 5_000)
        #expect(all.pairs == 150 * 149 / 2)
        let (one, other) = (some[.pairCorrelation]!, all[.pairCorrelation]!)
        // The standard error of a correlation over 5,000 pairs is at most 0.014.
        #expect(abs(one.value - other.value) < 0.05)
        // Images are resampled, not pairs, so fewer pairs hardly lengthen the interval.
        let lengths = [one, other].map { $0.interval!.high - $0.interval!.low }
        #expect(lengths[0] < 1.5 * lengths[1])
        #expect(lengths[1] > 4 * 0.005)
    }
}
