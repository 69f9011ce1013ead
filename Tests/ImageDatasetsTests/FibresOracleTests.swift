import Foundation
import LabelDistributions
import Numerics
import TestSupport
import Testing

@testable import ImageDatasets

/// The best achievable prediction, against an enumeration of everything the annotators can say.
@Suite struct FibresOracleTests {
    @Test func probabilitiesAreThoseOfTheDraws() {
        var random = CounterRandom(seed: 3)
        for _ in 0..<5 {
            let annotator = SimulatedAnnotator(random: &random)
            let scene = FibreScene(random: &random)
            let found = annotator.probabilities(scene)
            var counts = SIMD3<Double>.zero
            for _ in 0..<5_000 { counts[annotator.label(scene, random: &random)] += 1 }
            #expect(abs(found.sum() - 1) < 1e-12)
            // Four standard errors.
            for k in 0..<3 {
                let expected: Double = found[k]
                let error: Double = (expected * (1 - expected) / 5_000).squareRoot()
                #expect(abs(counts[k] / 5_000 - expected) < 4 * error + 1e-9)
            }
        }
    }

    /// Each of three annotators names one of three classes or none: 64 outcomes per image.
    @Test func theCeilingIsThatOfAllOutcomes() throws {
        let generator = FibresGenerator(try FibresParameters(count: 12, size: 16, annotators: 2, seed: 1))
        let annotators = generator.annotators, share = generator.annotationShare
        #expect(annotators.count == 3)
        var majorities: [[Double]] = []
        var divergence = 0.0
        for item in generator.items() {
            let chances = annotators.map { $0.probabilities(item.scene) }
            let truth = (0..<3).map { k in (chances[0][k] + chances[1][k] + chances[2][k]) / 3 }
            var shares = [0.0, 0, 0], sum = 0.0, total = 0.0
            for outcome in 1..<64 {
                let answers = [outcome % 4, outcome / 4 % 4, outcome / 16]
                var probability = 1.0
                var votes = [0, 0, 0]
                for (answer, chance) in zip(answers, chances) {
                    probability *= answer == 0 ? 1 - share : share * chance[answer - 1]
                    if answer > 0 { votes[answer - 1] += 1 }
                }
                let label = try LabelDistribution(counts: votes)
                shares[label.hardClass] += probability
                sum += probability * PredictionMetrics.klDivergence(predictions: [truth], labels: [label])
                total += probability
            }
            majorities.append(shares.map { $0 / total })
            divergence += sum / total / 12
        }
        // The best answer for each image by brute force. Images can be treated one by one, since recalls are sums over images.
        let totals = (0..<3).map { k in majorities.reduce(0) { $0 + $1[k] } }
        let accuracy = majorities.reduce(0) { sum, shares in
            sum + (0..<3).map { shares[$0] / totals[$0] }.max()! / 3
        }
        let oracle = FibresOracle(generator, threads: ThreadCount(2), draws: 20_000)
        let found = try #require(oracle.ceiling())
        #expect(found.images == 12)
        #expect(abs(found.klDivergence - divergence) < 0.002)
        #expect(abs(found.macroAccuracy - accuracy) < 0.002)
        #expect(accuracy < 0.99 && divergence > 0.01)
        let same = FibresOracle(generator, threads: ThreadCount(1), draws: 20_000)
        #expect(same.ceiling() == found)
    }

    /// A set's labels are one draw, so the true probabilities predict them about as well as the ceiling says.
    @Test func theLabelsOfASetAreAboutAsGoodAsTheCeiling() throws {
        let generator = FibresGenerator(try FibresParameters(count: 400, size: 16, annotators: 6, seed: 2))
        let items = generator.items(), annotators = generator.annotators
        var votes = items.map { _ in [0, 0, 0] }
        for labels in generator.annotations(of: items) { for (item, label) in labels { votes[item][label] += 1 } }
        let labelled = items.indices.filter { votes[$0] != [0, 0, 0] }
        let labels = try labelled.map { try LabelDistribution(counts: votes[$0]) }
        let truth = labelled.map { index in
            (0..<3).map { k in
                annotators.reduce(0) { $0 + $1.probabilities(items[index].scene)[k] } / Double(annotators.count)
            }
        }
        let found = try #require(
            FibresOracle(generator, threads: ThreadCount(2), draws: 100).ceiling(of: labelled.map { items[$0].id }))
        let divergence = PredictionMetrics.klDivergence(predictions: truth, labels: labels)
        // An image's divergence has a standard deviation of about .2; this allows five standard errors over 400 images.
        #expect(abs(divergence - found.klDivergence) < 0.05)
        let accuracy = PredictionMetrics.macroAccuracy(predictions: truth, labels: labels).value
        #expect(accuracy < found.macroAccuracy + 0.06)
    }

    @Test func onlySetsThatThisProgramMakesHaveACeiling() throws {
        let folder = try TemporaryFolder()
        let generator = FibresGenerator(try FibresParameters(count: 10, size: 16, annotators: 3))
        let set = try generator.generate(in: folder.url, threads: ThreadCount(1))
        let found = try #require(try FibresGenerator.ofSet(in: folder.url))
        #expect(found.parameters == generator.parameters)
        let oracle = FibresOracle(found, threads: ThreadCount(1), draws: 4)
        #expect(oracle.ceiling(of: ["fibre00003", "fibre00004"])?.images == 2)
        #expect(oracle.ceiling(of: ["fibre00003", "other"]) == nil && oracle.ceiling(of: []) == nil)
        // A changed label, as by hand or from a version with other rules.
        let labels = set.appendingPathComponent("annotations.json")
        let text = try String(contentsOf: labels, encoding: .utf8)
        let changed = text.replacing("\"class_label\":\"nr\"", with: "\"class_label\":\"g\"", maxReplacements: 1)
        #expect(changed != text)
        try Data(changed.utf8).write(to: labels)
        #expect(try FibresGenerator.ofSet(in: folder.url) == nil)
    }
}
