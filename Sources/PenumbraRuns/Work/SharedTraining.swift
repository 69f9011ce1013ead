import Backbones
import Foundation
import ImageDatasets
import Numerics
import Processes
import TensorFiles
import Training

/// Trainings that several processes share. The first process carries out the command. Before each training, and at the end, it
/// notifies the others, which do nothing but take part.
package struct SharedTraining {
    let group: any ProcessGroup

    package init(group: any ProcessGroup) { self.group = group }

    /// A message from the first process to the others.
    private struct Order: Codable {
        /// Nil at the end.
        var parameters: TrainingParameters?
        var folder = ""
    }

    /// Throws `ProcessError.differs` in the first process if another has different arguments, images, program version or
    /// processor.
    package func requireSame(arguments: [String], source: DatasetSource) throws {
        try group.requireSame(
            [
                ("command line", arguments.joined(separator: " ")), ("program", PenumbraVersion.line),
                ("instruction set", Processor.instructions),
                (
                    "set of libraries",
                    PenumbraVersion.libraries.map { "\($0.name) \($0.version)" }.joined(separator: ", ")
                ),
                ("data set", try source.fingerprint),
            ])
    }

    /// The default number of pieces per batch: one per thread of all processes.
    package func pieces(threads: ThreadCount) throws -> Int {
        try group.gather(threads.count, doing: "counting threads").reduce(0, +)
    }

    /// Notifies the others of a training that the first process begins.
    func announce(_ parameters: TrainingParameters, folder: URL) throws {
        try send(Order(parameters: parameters, folder: folder.path))
    }

    /// Notifies the others that no work is left, and ends together with them.
    package func finish() throws {
        try send(Order())
        try group.end()
    }

    private func send(_ order: Order) throws {
        _ = try group.broadcast([UInt8](try JSONEncoder().encode(order)), doing: "beginning a training")
    }

    /// Takes part in every training that the first process begins, until the first process has finished.
    package func serve(
        source: DatasetSource, _ start: TrainingStart, _ execution: TrainingExecution, threads: ThreadCount
    ) throws {
        while true {
            let bytes = try group.broadcast([], doing: "waiting for the next training")
            let order = try JSONDecoder().decode(Order.self, from: Data(bytes))
            guard let parameters = order.parameters else { return try group.end() }
            do {
                _ = try TrainingRun(
                    dataset: source.dataset, parameters: parameters, folder: URL(fileURLWithPath: order.folder),
                    threads: threads, fresh: start.isFresh, pretrained: start.pretrained,
                    recomputes: execution.recomputes, processes: group
                ).run { _ in Interruption.isRequested ? .stop : .continue }
            } catch let error as TrainingError {
                // The first process has found the same, and decides how to continue.
                guard case .diverged = error else { throw error }
            }
        }
    }
}
