import Backbones
import Foundation
import ImageDatasets
import LabelDistributions
import Numerics
import Parameters
import TensorFiles
import TestSupport
import Testing

@testable import Training

/// Training on real data: all images, the best epoch, a frozen backbone, and batch-norm momentum.
@Suite struct RealDataTests {
    private let folder: TemporaryFolder
    private let dataset: Dataset

    init() throws {
        folder = try TemporaryFolder()
        let generator = ShapesGenerator(try ShapesParameters(count: 30, size: 32))
        dataset = try DCICFolder.read(generator.generate(in: folder.file("data"), threads: ThreadCount(2)))
    }

    private func parameters(_ change: (inout TrainingParameters) -> Void) -> TrainingParameters {
        var parameters = TrainingParameters(labels: .soft)
        (parameters.architecture, parameters.imageSize) = (.resnet20_cifar, 32)
        (parameters.epochs, parameters.batchSize) = (2, 10)
        (parameters.learningRate, parameters.augments) = (0.01, false)
        change(&parameters)
        return parameters
    }

    /// Trains in a folder of this name and returns the outcome and the checkpoint.
    private func train(
        _ name: String, _ parameters: TrainingParameters,
        _ watch: (TrainingEvent) -> TrainingDecision = { _ in .continue }
    ) throws -> (outcome: TrainingOutcome, checkpoint: Checkpoint?) {
        let target = folder.file(name)
        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
        let outcome = try TrainingRun(
            dataset: dataset, parameters: parameters, folder: target, threads: ThreadCount(2)
        ).run(watch)
        return (outcome, try? Checkpoint.read(target.appending(path: "checkpoint.safetensors")))
    }

    @Test func everyImageTrainsWithoutValidation() throws {
        var seen = 0
        let (outcome, checkpoint) = try train("all", parameters { ($0.split, $0.epochs) = (.all, 1) }) { event in
            if case .step(_, _, let steps, _, _) = event { seen = steps }
            if case .validating = event { Issue.record("there is nothing to validate") }
            return .continue
        }
        guard case .finished(let history) = outcome else {
            Issue.record("the training did not finish")
            return
        }
        #expect(seen == 3 && history.count == 1 && history[0].validation.isEmpty && checkpoint != nil)
        let table = try folder.text("all/history.csv").split(separator: "\n")
        #expect(table.count == 2 && table[1].contains(",,,,,,,,,"))
    }

    @Test func theBestEpochNeedsValidation() {
        #expect(
            throws: TrainingError.badParameter(
                ParameterError(
                    option: "--keep", found: "best",
                    expected: "last with --split all, which leaves no image for validation"))
        ) { try parameters { ($0.split, $0.keep) = (.all, .best) }.validate() }
    }

    /// The learning rate makes the loss grow from some epoch on, so the best epoch is not the last.
    @Test func theBestEpochIsKeptAndSaid() throws {
        let last = parameters {
            ($0.architecture, $0.epochs, $0.learningRate, $0.seed) = (.densenet121, 5, 0.08, 3)
        }
        var best = last
        best.keep = .best
        let (outcome, kept) = try train("best", best)
        guard case .finished(let history) = outcome else {
            Issue.record("the training did not finish")
            return
        }
        let index = try #require(KeptEpoch.best.index(in: history))
        try #require(index < 3, "the best epoch is among the last: \(history.map(\.validationKL))")
        let checkpoint = try #require(kept)
        #expect(checkpoint.kept == "epoch \(index + 1), the best by validation KL")
        // The same training stopped after that epoch must have the same weights.
        let stopped = try train("last", last) { event in
            if case .epoch(let record) = event, record.epoch == index + 1 { return .stop }
            return .continue
        }
        #expect(stopped.checkpoint?.tensors == checkpoint.tensors)
        #expect(stopped.checkpoint?.kept == nil)
        // A training interrupted after its best epoch must still keep it.
        let interrupted = try train("interrupted", best) { event in
            if case .epoch(let record) = event, record.epoch == index + 2 { return .stop }
            return .continue
        }
        #expect(interrupted.checkpoint?.kept == checkpoint.kept)
        #expect(try train("interrupted", best).checkpoint == checkpoint)
    }

    @Test func theLastOfEpochsWithoutDivergenceIsKept() {
        func record(_ epoch: Int, _ kl: Double?) -> EpochRecord {
            EpochRecord(
                epoch: epoch, loss: 1, learningRate: 1, validation: kl.map { [.klDivergence: $0] } ?? [:], seconds: 1)
        }
        #expect(KeptEpoch.best.index(in: []) == nil)
        #expect(KeptEpoch.best.index(in: [record(1, 0.5), record(2, 0.2), record(3, 0.2), record(4, .infinity)]) == 1)
        #expect(KeptEpoch.best.index(in: [record(1, nil), record(2, .nan)]) == 1)
        #expect(KeptEpoch.last.index(in: [record(1, 0.5), record(2, 0.7)]) == 1)
    }

    @Test func aFrozenBackboneStaysAsItWas() throws {
        func weights(_ epochs: Int, frozen: Int) throws -> [String: [Float]] {
            let name = "frozen-\(epochs)-\(frozen)"
            let checkpoint = try train(name, parameters { ($0.epochs, $0.frozenEpochs) = (epochs, frozen) }).checkpoint
            return Dictionary(uniqueKeysWithValues: try #require(checkpoint).tensors.map { ($0.name, $0.values) })
        }
        let frozen = try weights(1, frozen: 1), moved = try weights(2, frozen: 1), free = try weights(1, frozen: 0)
        let stem = "conv1.weight", head = "fc.weight"
        #expect(moved[stem] != frozen[stem] && free[stem] != frozen[stem] && free[head] != frozen[head])
        // Two trainings with different learning rates must agree in the backbone, so neither has moved it.
        let other = try #require(
            train("other", parameters { ($0.epochs, $0.frozenEpochs, $0.learningRate) = (1, 1, 0.5) }).checkpoint)
        for tensor in other.tensors where !tensor.name.hasPrefix("fc.") && !tensor.name.contains("running_") {
            #expect(tensor.values == frozen[tensor.name], "\(tensor.name)")
        }
    }

    @Test func statisticsKeepPaceFromScratch() throws {
        var keras = TrainingParameters(labels: .hard)
        keras.architecture = .resnet50v2
        #expect(try keras.identified(startingFrom: nil).batchNormMomentum == 0.1)
        keras.batchNormMomentum = 0.01
        // No value, as before the option existed, so that older states can be resumed.
        #expect(try keras.identified(startingFrom: nil).batchNormMomentum == nil)
        #expect(try TrainingParameters(labels: .hard).identified(startingFrom: nil).batchNormMomentum == nil)
        let weights = try folder.file("weights", holding: [1, 2, 3])
        keras.batchNormMomentum = nil
        #expect(try keras.identified(startingFrom: WeightSource(weights)).batchNormMomentum == nil)
    }

    @Test func theMomentumIsWhatStatisticsMoveBy() throws {
        func mean(_ momentum: Double) throws -> [Float] {
            let checkpoint = try train(
                "momentum-\(momentum)",
                parameters { ($0.epochs, $0.batchSize, $0.batchNormMomentum) = (1, 64, momentum) }
            ).checkpoint
            return try #require(checkpoint?.tensors.first { $0.name == "bn1.running_mean" }).values
        }
        // One step from a mean of 0.
        for (slow, fast) in zip(try mean(0.05), try mean(0.4)) {
            #expect(abs(8 * slow - fast) < 1e-5 * max(1, abs(fast)))
        }
    }

    @Test func valuesOutOfRange() {
        for (change, option) in [
            ({ $0.mixup = 0.001 }, "--mixup"), ({ $0.batchNormMomentum = 0 }, "--batch-norm-momentum"),
            ({ $0.backboneRate = 0 }, "--backbone-rate"), ({ $0.frozenEpochs = 3 }, "--freeze-backbone"),
            ({ $0.zoom = 0.5 }, "--zoom"), ({ $0.orientation = .upright }, "--orientation"),
        ] as [((inout TrainingParameters) -> Void, String)] {
            do throws(TrainingError) {
                try parameters(change).validate()
                Issue.record("\(option) was taken")
            } catch {
                #expect(error.description.hasPrefix("\(option) is "), "\(error)")
            }
        }
    }
}
