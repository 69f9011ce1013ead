import Foundation
import ImageDatasets
import NeuralNetwork
import Numerics
import Parameters
import TensorFiles
import Testing

@testable import Training

/// Trainings whose batches are cut into a fixed number of pieces.
@Suite final class ShardTests {
    let folder: URL
    let dataset: Dataset

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "shards-\(UUID().uuidString)")
        let generator = ShapesGenerator(try ShapesParameters(count: 55, size: 32))
        dataset = try DCICFolder.read(generator.generate(in: folder.appending(path: "data"), threads: ThreadCount(2)))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// 33 training images in batches of 16: the last batch of each epoch holds one, which leaves some pieces empty.
    func parameters(_ change: (inout TrainingParameters) -> Void = { _ in }) -> TrainingParameters {
        var parameters = TrainingParameters(labels: .soft)
        (parameters.architecture, parameters.imageSize) = (.resnet20_cifar, 32)
        (parameters.epochs, parameters.batchSize, parameters.shards) = (2, 16, 6)
        (parameters.learningRate, parameters.dropout, parameters.seed) = (0.01, 0.2, 7)
        change(&parameters)
        return parameters
    }

    @discardableResult func run(
        _ name: String, threads: Int, _ parameters: TrainingParameters? = nil,
        _ watch: (TrainingEvent) -> TrainingDecision = { _ in .continue }
    ) throws -> TrainingOutcome {
        let target = folder.appending(path: name)
        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
        return try TrainingRun(
            dataset: dataset, parameters: parameters ?? self.parameters(), folder: target,
            threads: ThreadCount(threads)
        ).run(watch)
    }

    func checkpoint(_ name: String) throws -> Data {
        try Data(contentsOf: folder.appending(path: "\(name)/checkpoint.safetensors"))
    }

    @Test func theNumberOfThreadsDoesNotChangeTheBytes() throws {
        try run("1", threads: 1)
        // Six pieces do not divide by four threads, and seven threads outnumber them.
        for threads in [2, 3, 4, 7] {
            try run("\(threads)", threads: threads)
            #expect(try checkpoint("\(threads)") == checkpoint("1"), "\(threads) threads")
        }
    }

    @Test func aRunGoesOnWithOtherThreadsAndTheSamePieces() throws {
        try run("whole", threads: 2)
        let stopped = try run("stopped", threads: 3) { event in
            if case .step(2, 1, _, _, _) = event { .stop } else { .continue }
        }
        guard case .stopped = stopped else {
            Issue.record("the run was not stopped")
            return
        }
        let path = folder.appending(path: "stopped/resume.safetensors").path
        #expect(throws: TrainingError.otherRun(path: path, found: "--shards 6", expected: "--shards 3")) {
            try run("stopped", threads: 3, parameters { $0.shards = 3 })
        }
        #expect(throws: TrainingError.otherRun(path: path, found: "--shards 6", expected: "--shards unset")) {
            try run("stopped", threads: 3, parameters { $0.shards = nil })
        }
        try run("stopped", threads: 1)
        #expect(try checkpoint("stopped") == checkpoint("whole"))
    }

    /// The number of pieces changes only the order in which sums round.
    @Test func theNumberOfPiecesChangesRoundingAlone() throws {
        func weights(_ shards: Int?) throws -> [Float] {
            let name = "shards-\(shards ?? 0)"
            try run(
                name, threads: 2,
                parameters { ($0.shards, $0.epochs, $0.batchSize, $0.dropout) = (shards, 1, 33, 0.2) })
            let file = try SafetensorsFile.read(folder.appending(path: "\(name)/checkpoint.safetensors"))
            return file.tensors.flatMap(\.array.values)
        }
        let whole = try weights(nil)
        for shards in [1, 4] {
            let other = try weights(shards)
            let difference = zip(whole, other).map { abs($0 - $1) }.max()!
            #expect(difference < 1e-5)
        }
    }

    @Test func whatPiecesDoNotTouchIsTheSame() throws {
        // Each part of an accumulated batch is cut into its own pieces, and inner maps are recomputed.
        let parameters = parameters { ($0.accumulation, $0.shards, $0.epochs, $0.mixup) = (2, 4, 1, 0.3) }
        try run("1", threads: 1, parameters)
        try run("2", threads: 2, parameters)
        #expect(try checkpoint("1") == checkpoint("2"))
    }

    @Test func badNumbersOfPiecesAreNamed() {
        for (shards, expected) in [(0, "1 to 65536"), (17, "1 to 16, the batch size")] {
            #expect(
                throws: TrainingError.badParameter(
                    ParameterError(option: "--shards", found: "\(shards)", expected: expected))
            ) { try self.parameters { $0.shards = shards }.validate() }
        }
    }
}
