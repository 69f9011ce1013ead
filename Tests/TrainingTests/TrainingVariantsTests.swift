import Backbones
import Numerics
import Foundation
import ImageDatasets
import NeuralNetwork
import Parameters
import Testing

@testable import Training

/// Runs of a small network with other optimisers, schedules, heads and gradient accumulation.
@Suite final class TrainingVariantsTests {
    let folder: URL
    let dataset: Dataset

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "variants-\(UUID().uuidString)")
        let generator = ShapesGenerator(try ShapesParameters(count: 55, size: 32))
        dataset = try DCICFolder.read(
            generator.generate(in: folder.appending(path: "data"), threads: ThreadCount(2)))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// 33 training images in batches of 16: the last batch of each epoch holds one.
    func run(
        _ name: String, _ change: (inout TrainingParameters) -> Void,
        _ watch: (TrainingEvent) -> TrainingDecision = { _ in .continue }
    ) throws -> Checkpoint {
        var parameters = TrainingParameters(labels: .soft)
        (parameters.architecture, parameters.imageSize) = (.resnet20_cifar, 32)
        (parameters.epochs, parameters.batchSize) = (2, 16)
        (parameters.learningRate, parameters.dropout, parameters.seed) = (0.002, 0.2, 7)
        change(&parameters)
        let target = folder.appending(path: name)
        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
        _ = try TrainingRun(dataset: dataset, parameters: parameters, folder: target, threads: ThreadCount(2)).run(
            watch)
        return try Checkpoint.read(target.appending(path: "checkpoint.safetensors"))
    }

    @Test func adamGoesOnWithItsSquares() throws {
        func adam(_ parameters: inout TrainingParameters) { parameters.optimizer = .adam }
        let whole = try run("whole", adam)
        _ = try run("stopped", adam) { event in
            if case .step(2, 1, _, _, _) = event { return .stop }
            return .continue
        }
        #expect(try run("stopped", adam).tensors == whole.tensors)
    }

    @Test func partsOfBatchesAreSaidAndResumed() throws {
        func parts(_ parameters: inout TrainingParameters) { parameters.accumulation = 3 }
        var said: [Int] = []
        let whole = try run("whole", parts) { event in
            if case .accumulating(let parts, let images) = event { said += [parts, images] }
            return .continue
        }
        #expect(said == [3, 6])
        _ = try run("stopped", parts) { event in
            if case .step(2, 1, _, _, _) = event { return .stop }
            return .continue
        }
        #expect(try run("stopped", parts).tensors == whole.tensors)
        #expect(try run("undivided") { $0.accumulation = 1 }.tensors != whole.tensors)
    }

    @Test func aLargeHeadIsLoadedAsOne() throws {
        let checkpoint = try run("large") { ($0.head, $0.epochs) = (.large, 1) }
        #expect(checkpoint.tensors.contains { $0.name == "head.dense2.weight" && $0.shape == [64, 128] })
        let extractor = try FeatureExtractor(checkpoint, path: "x", threads: ThreadCount(1))
        let result = try #require(
            try extractor.extract(count: 2) { [Float](repeating: 0.5, count: $0.count * 3 * 32 * 32) })
        #expect(result.features.shape == [2, 64] && result.probabilities.shape == [2, 6])
    }

    @Test func resNetTrainsOnItsOwnScale() throws {
        let checkpoint = try run("resnet") { ($0.architecture, $0.epochs) = (.resnet50v2, 1) }
        #expect(checkpoint.architecture == "resnet50v2")
        #expect(checkpoint.tensors.first?.name == "conv1_conv.weight")
        #expect(Architecture.resnet50v2.normalization == .plusMinusOne)
        #expect(Architecture.densenet121.normalization == .imageNet)
    }

    @Test func everyChoiceChangesTheWeights() throws {
        var seen = [try run("0") { $0.epochs = 1 }.tensors]
        let changes: [(inout TrainingParameters) -> Void] = [
            { $0.optimizer = .sgd }, { $0.schedule = .restarts }, { $0.weighsClasses = true },
            { $0.labelSmoothing = 0.1 },
        ]
        for (number, change) in changes.enumerated() {
            let tensors = try run("\(number + 1)") {
                $0.epochs = 1
                change(&$0)
            }.tensors
            #expect(!seen.contains(tensors), "choice \(number)")
            seen.append(tensors)
        }
    }

    @Test func wrongChoicesAreNamed() {
        func error(_ change: (inout TrainingParameters) -> Void) -> TrainingError? {
            var parameters = TrainingParameters(labels: .soft)
            change(&parameters)
            do throws(TrainingError) { try parameters.validate() } catch { return error }
            return nil
        }
        #expect(
            error { $0.accumulation = 129 }
                == .badParameter(
                    ParameterError(option: "--accumulate", found: "129", expected: "1 to 128, the batch size")))
        #expect(
            error { $0.labelSmoothing = 1 }
                == .badParameter(
                    ParameterError(
                        option: "--label-smoothing", found: "1.0", expected: "0, or at least 0.001 and below 1")))
    }
}
