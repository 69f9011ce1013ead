import Foundation
import NeuralNetwork
import Numerics
import Processes

/// What a training does where several processes share it. Every function does nothing, and returns what it was given, where
/// there is only this one.
struct TrainingProcesses {
    let group: (any ProcessGroup)?

    /// Whether this process writes.
    var isFirst: Bool { group?.isFirst ?? true }

    /// The pieces that this process works on: as many for each of its threads as for each of the others', or as many for each
    /// process where that would leave one without any. Throws `ProcessError.tooFewPieces`.
    func pieces(_ shards: Int?, threads: ThreadCount) throws -> BatchPieces? {
        guard let group else { return shards.map { .fixed($0) } }
        let all = try group.gather(threads.count, doing: "counting threads")
        let count = shards ?? all.reduce(0, +)
        if count < group.count { throw ProcessError.tooFewPieces(pieces: count, processes: group.count) }
        func share(_ rank: Int, weights: [Int]) -> Range<Int> {
            let total = weights.reduce(0, +), before = weights[..<rank].reduce(0, +)
            return count * before / total..<count * (before + weights[rank]) / total
        }
        let isFair = all.indices.allSatisfy { !share($0, weights: all).isEmpty }
        let even = all.map { _ in 1 }
        return .fixed(count, own: share(group.rank, weights: isFair ? all : even))
    }

    /// Whether any process wants to stop.
    func agree(_ decision: TrainingDecision, isPatient: Bool = false) throws -> TrainingDecision {
        try any([decision == .stop], isPatient: isPatient, doing: "asking whether to stop")[0] ? .stop : .continue
    }

    /// Which of a few conditions hold in any process.
    func any(_ conditions: [Bool], isPatient: Bool = false, doing: String) throws -> [Bool] {
        guard let group else { return conditions }
        let own = conditions.indices.reduce(0) { conditions[$1] ? $0 | 1 << $1 : $0 }
        let all = try group.gather(own, isPatient: isPatient, doing: doing).reduce(0, |)
        return conditions.indices.map { all >> $0 & 1 == 1 }
    }

    /// Waits until all processes are here, however long one of them takes over a file.
    func meet(doing: String) throws { _ = try any([], isPatient: true, doing: doing) }

    /// The largest number.
    func largest(_ number: Int) throws -> Int {
        try group?.gather(number, doing: "agreeing on the parts of a batch").max() ?? number
    }

    /// The first process's value.
    func shared<Value: Codable>(_ value: Value) throws -> Value {
        guard let group else { return value }
        let bytes = group.isFirst ? [UInt8](try JSONEncoder().encode([value])) : []
        let shared = try group.broadcast(bytes, doing: "sharing the state of the training")
        return try JSONDecoder().decode([Value].self, from: Data(shared))[0]
    }

    /// The share of `count` things that this process does.
    func share(of count: Int) -> Range<Int> {
        guard let group else { return 0..<count }
        return count * group.rank / group.count..<count * (group.rank + 1) / group.count
    }

    /// The rows of all processes, in the order of their ranks.
    func gathered(_ rows: [Float]) throws -> [Float] {
        guard let group else { return rows }
        let bytes = rows.withUnsafeBytes { Array($0) }
        let all = try group.gather(bytes, isPatient: false, doing: "gathering predictions")
        return all.flatMap { bytes in bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) } }
    }
}
