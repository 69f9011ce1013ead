import Foundation
import NeuralNetwork

/// The processes that share one training, of which this is one. All calls come from one thread, and every process makes the
/// same calls in the same order.
package protocol ProcessGroup: BatchExchange {
    /// The number of this process, from 0.
    var rank: Int { get }
    /// How many there are.
    var count: Int { get }
    /// Sets which process has which pieces of batches, how vectors are gathered, and whether statistics are global.
    /// Call it before a network is used.
    func share(_ pieces: BatchPieces, normalizesGlobally: Bool) throws(ProcessError)
    /// The bytes that each process brings, in the order of their ranks. Throws `ProcessError.stalled` if the others do
    /// not answer for a long time, unless `isPatient`: before the first step and between trainings, a process may take
    /// its time.
    func gather(_ bytes: [UInt8], isPatient: Bool, doing: String) throws(ProcessError) -> [[UInt8]]
    /// The bytes of process 0. Waits for it without a limit of time.
    func broadcast(_ bytes: [UInt8], doing: String) throws(ProcessError) -> [UInt8]
    /// Overwrites numbers by those of process 0.
    func broadcast(_ numbers: UnsafeMutableBufferPointer<Float>, doing: String) throws(ProcessError)
    /// Ends MPI with the other processes.
    func end() throws(ProcessError)
    /// Ends all processes with an exit code.
    func abort(code: Int32) -> Never
}

extension ProcessGroup {
    /// Whether this process writes files, validates and prints.
    package var isFirst: Bool { rank == 0 }

    /// The number that each process brings, in the order of their ranks.
    package func gather(_ number: Int, isPatient: Bool = true, doing: String) throws(ProcessError) -> [Int] {
        let all = try gather(Array("\(number)".utf8), isPatient: isPatient, doing: doing)
        return all.map { Int(String(decoding: $0, as: UTF8.self)) ?? 0 }
    }

    /// Throws, in process 0, the first of `facts` in which another process differs from it; the others wait there for
    /// process 0 to end them.
    package func requireSame(_ facts: [(name: String, value: String)]) throws {
        let mine = try JSONEncoder().encode(facts.map(\.value))
        let all = try gather([UInt8](mine), isPatient: true, doing: "comparing the processes").map {
            try JSONDecoder().decode([String].self, from: Data($0))
        }
        for rank in all.indices {
            for (index, fact) in facts.enumerated() where all[rank][index] != all[0][index] {
                if isFirst {
                    throw ProcessError.differs(
                        rank: rank, what: fact.name, found: all[rank][index], expected: all[0][index])
                }
                _ = try broadcast([], doing: "waiting for process 0, which stops")
            }
        }
    }
}
