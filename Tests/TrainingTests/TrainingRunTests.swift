import Backbones
import Numerics
import Foundation
import ImageDatasets
import LabelDistributions
import NeuralNetwork
import TensorFiles
import Parameters
import Testing
import TestSupport

@testable import Training

/// Real runs on a few dozen 32 px images. The network is small, except for a DenseNet that is interrupted and resumed.
@Suite final class TrainingRunTests {
    let folder: URL
    let dataset: Dataset

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "training-\(UUID().uuidString)")
        let data = folder.appending(path: "data")
        let generator = ShapesGenerator(try ShapesParameters(count: 55, size: 32))
        dataset = try DCICFolder.read(generator.generate(in: data, threads: ThreadCount(2)))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// 33 training images in batches of 16: the last batch of each epoch holds one.
    func parameters(_ change: (inout TrainingParameters) -> Void = { _ in }) -> TrainingParameters {
        var parameters = TrainingParameters(labels: .soft)
        (parameters.architecture, parameters.imageSize) = (.resnet20_cifar, 32)
        (parameters.epochs, parameters.batchSize) = (3, 16)
        (parameters.learningRate, parameters.dropout, parameters.seed) = (0.01, 0.2, 7)
        change(&parameters)
        return parameters
    }

    func run(
        _ name: String, _ parameters: TrainingParameters? = nil, fresh: Bool = false, pretrained: URL? = nil,
        allowsMissing: Bool = false,
        _ watch: (TrainingEvent) -> TrainingDecision = { _ in .continue }
    ) throws -> TrainingOutcome {
        let target = folder.appending(path: name)
        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
        return try TrainingRun(
            dataset: dataset, parameters: parameters ?? self.parameters(), folder: target, threads: ThreadCount(2),
            fresh: fresh,
            pretrained: pretrained.map { WeightSource($0, allowsMissing: allowsMissing) }
        ).run(watch)
    }

    func checkpoint(_ name: String) throws -> Data {
        try Data(contentsOf: folder.appending(path: "\(name)/checkpoint.safetensors"))
    }

    @Test func anInterruptedRunEndsWithTheSameBytes() throws {
        let densenet = parameters { $0.architecture = .densenet121 }
        guard case .finished(let history) = try run("whole", densenet) else {
            Issue.record("the run did not finish")
            return
        }
        #expect(history.map(\.epoch) == [1, 2, 3])
        #expect(history[0].learningRate == 0.01 && history[2].learningRate < 0.01 / 3)

        // Stopped in the middle of the second epoch, as by Ctrl-C, and again in the third.
        for (epoch, step) in [(2, 2), (3, 1)] {
            let outcome = try run("stopped", densenet) { event in
                if case .step(epoch, step, _, _, _) = event { return .stop }
                return .continue
            }
            guard case .stopped(let sofar) = outcome else {
                Issue.record("the run was not stopped")
                return
            }
            #expect(sofar.count == epoch - 1)
        }
        var resumed: [Int] = []
        let end = try run("stopped", densenet) { event in
            if case .resumed(let epoch, let step, let threads) = event { resumed = [epoch, step, threads] }
            return .continue
        }
        guard case .finished(let later) = end else {
            Issue.record("the run did not finish")
            return
        }
        #expect(resumed == [2, 1, 2])
        #expect(later.map(\.loss) == history.map(\.loss))
        #expect(later.map(\.validationKL) == history.map(\.validationKL))
        #expect(try checkpoint("stopped") == checkpoint("whole"))
    }

    @Test func aKilledRunEndsWithTheSameBytes() throws {
        _ = try run("whole")
        // States are written less often than results. A killed run may leave a state from the middle of the second epoch, with
        // or without that epoch's checkpoint and history.
        let state = folder.appending(path: "killed/resume.safetensors"), copy = folder.appending(path: "copy")
        func stop(epoch: Int, step: Int) throws {
            _ = try run("killed") { event in
                if case .step(epoch, step, _, _, _) = event { return .stop }
                return .continue
            }
        }
        try stop(epoch: 2, step: 2)
        try FileManager.default.copyItem(at: state, to: copy)
        try stop(epoch: 3, step: 1)
        try FileManager.default.removeItem(at: state)
        try FileManager.default.copyItem(at: copy, to: state)
        _ = try run("killed")
        #expect(try checkpoint("killed") == checkpoint("whole"))

        try FileManager.default.removeItem(at: state)
        try FileManager.default.moveItem(at: copy, to: state)
        try FileManager.default.removeItem(at: folder.appending(path: "killed/checkpoint.safetensors"))
        _ = try run("killed")
        #expect(try checkpoint("killed") == checkpoint("whole"))
    }

    @Test func aFinishedRunIsNotTrainedAgain() throws {
        let short = parameters { $0.epochs = 1 }
        _ = try run("done", short)
        let before = try checkpoint("done")
        try FileManager.default.removeItem(at: folder.appending(path: "done/checkpoint.safetensors"))
        var steps = 0
        let outcome = try run("done", short) { event in
            if case .step = event { steps += 1 }
            return .continue
        }
        guard case .finished(let history) = outcome else {
            Issue.record("the run did not finish")
            return
        }
        #expect(steps == 0 && history.count == 1)
        #expect(try checkpoint("done") == before)
    }

    @Test func divergenceKeepsTheLastGoodCheckpoint() throws {
        let short = parameters { $0.epochs = 1 }
        _ = try run("kept", short)
        let before = try checkpoint("kept")
        let problem = errorProblem {
            try run("kept", parameters { $0.learningRate = 1e30 }, fresh: true)
        } where: { error in
            guard case TrainingError.diverged(_, 1, _, 1e30, nil) = error else { return false }
            return true
        }
        #expect(problem == nil)
        #expect(try checkpoint("kept") == before)
    }

    @Test func anotherRunsFolderIsRefused() throws {
        _ = try run("mine", parameters { $0.epochs = 1 })
        let path = folder.appending(path: "mine/resume.safetensors").path
        #expect(throws: TrainingError.otherRun(path: path, found: "--seed 7", expected: "--seed 8")) {
            try run("mine", parameters { ($0.epochs, $0.seed) = (1, 8) })
        }
        let error = TrainingError.otherRun(path: path, found: "--precision float32", expected: "--precision bf16")
        #expect(throws: error) {
            try run("mine", parameters { ($0.epochs, $0.precision) = (1, .bf16) })
        }
        var state = try TrainingState.read(URL(fileURLWithPath: path))
        state.position.step = 99_999
        try state.write(to: URL(fileURLWithPath: path))
        let impossible = TrainingError.badState(
            path: path, found: "metadata penumbra.position: step is 99999 in epoch 1; expected 0 to 0")
        #expect(throws: impossible) { try run("mine", parameters { $0.epochs = 1 }) }
        state.position.step = 0
        for parts in [0, -1, Int.max] {
            state.position.parts = parts
            try state.write(to: URL(fileURLWithPath: path))
            let found = "its number of parts is \(parts); expected 1 to 1048576"
            #expect(throws: TrainingError.badState(path: path, found: found)) {
                try run("mine", parameters { $0.epochs = 1 })
            }
        }
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        try bytes.prefix(bytes.count / 2).write(to: URL(fileURLWithPath: path))
        #expect(throws: SafetensorsError.self) { try run("mine", parameters { $0.epochs = 1 }) }
        try SafetensorsFile().write(to: URL(fileURLWithPath: path))
        #expect(
            throws: TrainingError.badState(path: path, found: "metadata penumbra.identity is missing or broken")
        ) { try run("mine", parameters { $0.epochs = 1 }) }
    }

    @Test func otherImagesAreAnotherRun() throws {
        _ = try run("images", parameters { $0.epochs = 1 })
        // Slice 1 validates on fold 2 and tests on fold 3.
        let sample = try #require(dataset.samples.first { ![2, 3].contains($0.fold) })
        try Data("not the same image".utf8).write(to: sample.imageURL)
        let problem = errorProblem {
            try run("images", parameters { $0.epochs = 1 })
        } where: { error in
            guard case TrainingError.otherRun(_, let found, _) = error else { return false }
            return found.hasPrefix("other images, labels or folds (digest ")
        }
        #expect(problem == nil)
    }

    @Test func stoppingDuringValidationKeepsTheEpochsSteps() throws {
        _ = try run("whole")
        let outcome = try run("validated") { event in
            if case .validating = event { return .stop }
            return .continue
        }
        #expect(outcome == .stopped([]))
        var steps = 0
        _ = try run("validated") { event in
            if case .step(1, _, _, _, _) = event { steps += 1 }
            return .continue
        }
        #expect(steps == 0)
        #expect(try checkpoint("validated") == checkpoint("whole"))
    }

    @Test func pretrainedWeightsAreTaken() throws {
        _ = try run("first", parameters { $0.epochs = 1 })
        let first = folder.appending(path: "first/checkpoint.safetensors")
        let tiny = parameters { ($0.epochs, $0.learningRate, $0.weightDecay) = (1, 1e-12, 0) }
        _ = try run("second", tiny, pretrained: first)
        let start = try Checkpoint.read(first)
        let end = try Checkpoint.read(folder.appending(path: "second/checkpoint.safetensors"))
        for (a, b) in zip(start.tensors, end.tensors) where !a.name.contains("running") {
            #expect(zip(a.values, b.values).allSatisfy { abs($0 - $1) < 1e-6 }, "\(a.name)")
        }
        var lacking = SafetensorsFile()
        for tensor in start.tensors where tensor.name != "bn1.weight" {
            lacking.append(tensor.name, NumericArray(shape: tensor.shape, values: tensor.values))
        }
        let other = folder.appending(path: "other.safetensors")
        try lacking.write(to: other)
        let problem = errorProblem {
            try run("third", tiny, pretrained: other)
        } where: { error in
            guard case CheckpointError.mismatch(other.path, let match) = error else { return false }
            return match.missing.map(\.name) == ["bn1.weight"] && match.misfits.isEmpty
        }
        #expect(problem == nil)
        // If missing tensors are allowed, γ starts from 1.
        var matches: [CheckpointMatch] = []
        _ = try run("fourth", tiny, pretrained: other, allowsMissing: true) { event in
            if case .pretrained(let match, WeightNaming(.torchvision, tiny.architecture)) = event {
                matches.append(match)
            }
            return .continue
        }
        #expect(matches.map(\.matched.count) == [start.tensors.count - 1])
        let completed = try Checkpoint.read(folder.appending(path: "fourth/checkpoint.safetensors"))
        let scale = try #require(completed.tensors.first { $0.name == "bn1.weight" })
        #expect(scale.values.allSatisfy { abs($0 - 1) < 1e-6 })
    }

    @Test func aClassWithoutImagesIsLearntToBeAbsent() throws {
        let samples = dataset.samples.map { sample in
            Sample(
                id: sample.id, imageURL: sample.imageURL, fold: sample.fold,
                label: try! LabelDistribution(sample.label.probabilities + [0]))
        }
        let wider = Dataset(name: "wider", classes: dataset.classes + ["none"], samples: samples)
        let target = folder.appending(path: "wider")
        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
        let outcome = try TrainingRun(
            dataset: wider, parameters: parameters { $0.epochs = 1 }, folder: target, threads: ThreadCount(1)
        ).run { _ in .continue }
        guard case .finished(let history) = outcome else {
            Issue.record("the run did not finish")
            return
        }
        #expect(history[0].validationAccuracy.isFinite && history[0].validationKL.isFinite)
    }

    @Test func badParametersAreNamed() {
        func error(_ change: (inout TrainingParameters) -> Void) -> TrainingError? {
            do throws(TrainingError) { try parameters(change).validate() } catch { return error }
            return nil
        }
        #expect(
            error { $0.imageSize = 16 }
                == .badParameter(ParameterError(option: "--image-size", found: "16", expected: "32 to 4096")))
        #expect(error { $0.learningRate = .nan } != nil)
        #expect(error { $0.dropout = 1 } != nil)
        #expect(error { $0.split = .slice(6) } != nil)
        #expect(error { $0.epochs = 0 } != nil)
        #expect(error { $0.batchSize = 0 } != nil)
        #expect(error { $0.momentum = -1 } != nil)
        #expect(error { $0.weightDecay = 2 } != nil)
    }
}
