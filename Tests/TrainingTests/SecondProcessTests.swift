import Foundation
import ImageDatasets
import NeuralNetwork
import Numerics
import Processes
import TensorFiles
import Testing
import TestSupport

@testable import Training

/// Behaviour of a process that shares a training but is not the first.
@Suite struct SecondProcessTests {
    /// The second of two processes. The first one's answers are given; otherwise it equals this process.
    private final class SecondProcess: ProcessGroup {
        let rank = 1, count = 2
        let normalizesGlobally = true
        let summingSeconds = 0.0
        var answers: [Data]

        init(_ answers: [Data]) { self.answers = answers }

        func share(_ pieces: BatchPieces, normalizesGlobally: Bool) {}
        func gather(_ bytes: [UInt8], isPatient: Bool, doing: String) -> [[UInt8]] { [bytes, bytes] }
        func broadcast(_ bytes: [UInt8], doing: String) -> [UInt8] { [UInt8](answers.removeFirst()) }
        func broadcast(_ numbers: UnsafeMutableBufferPointer<Float>, doing: String) {}
        func end() {}
        func abort(code: Int32) -> Never { fatalError("aborted with \(code)") }
        func gather(_ sums: [PieceSums]) {}
        func gather(_ vectors: UnsafeMutablePointer<Float>, width: Int, count: Int) {}
        func beginSum(_ terms: [UnsafeMutablePointer<Float>], count: Int) {}
        func progress() {}
        func finish() {}
        func check() {}
    }

    /// If weights have diverged when a state is saved, every process must stop. One that continued would wait forever for the
    /// first, which stops.
    @Test func divergedWeightsEndEveryProcess() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "second-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let generator = ShapesGenerator(try ShapesParameters(count: 20, size: 32))
        let dataset = try DCICFolder.read(
            generator.generate(in: folder.appending(path: "data"), threads: ThreadCount(1)))
        var parameters = TrainingParameters(labels: .soft)
        (parameters.architecture, parameters.imageSize) = (.resnet20_cifar, 32)
        (parameters.epochs, parameters.batchSize) = (1, 4)
        let nowhere = try JSONEncoder().encode([TrainingState.Position?.none])
        let start = try JSONEncoder().encode([TrainingState.Position(threads: 1)])
        let run = try TrainingRun(
            dataset: dataset, parameters: parameters, folder: folder, threads: ThreadCount(1), fresh: false,
            pretrained: nil, recomputes: false, processes: SecondProcess([nowhere, start]))
        try run.writeState()
        #expect(!FileManager.default.fileExists(atPath: run.stateURL.path))
        let elements = run.network.runningElements
        elements[0] = .nan
        let problem = errorProblem {
            try run.writeState()
        } where: { error in
            guard case .diverged(let what, _, _, _, _) = error as? TrainingError else { return false }
            return what.hasSuffix("is not finite")
        }
        #expect(problem == nil)
    }
}
