import Foundation
import Numerics
import Testing

@testable import NeuralNetwork

/// Simulates processes with threads: each network has some pieces of every batch.
@Suite struct SharedBatchTests {
    private let count = 9
    private let images: [Float]
    private let targets: [Float]

    init() {
        var random = CounterRandom(seed: 1)
        images = (0..<9 * 300).map { _ in Float(random.normal()) }
        targets = (0..<9).flatMap { image in (0..<4).map { $0 == image % 4 ? 0.7 : 0.1 } }
    }

    private func network(
        _ pieces: BatchPieces?, _ exchange: (any BatchExchange)? = nil, batch: Int? = nil, isRectified: Bool,
        threads: Int = 1
    ) throws -> Network {
        let layers = RecomputationTests()
        let network = try Network(
            images: ImageShape(channels: 3, height: 10, width: 10), batch: batch ?? count,
            threads: ThreadCount(threads),
            trains: true, precision: .float32, recomputes: false, momentum: nil, stages: [], pieces: pieces,
            exchange: exchange, build: isRectified ? layers.buildRectified : layers.build)
        try network.initialize(seed: 3)
        return network
    }

    private func step(_ network: Network, count: Int) throws -> Double {
        let own = network.pieces.ownImages(of: count)
        let loss = try network.accumulateGradients(
            images: Array(images[own.lowerBound * 300..<own.upperBound * 300]),
            targets: Array(targets.prefix(4 * count)), count: count)
        return loss
    }

    /// Runs `body` concurrently, once per member of a meeting.
    private func together<Value: Sendable>(
        _ bounds: [Int], isGlobal: Bool, _ body: @escaping @Sendable (MemoryExchange, BatchPieces) throws -> Value
    ) throws -> [Value] {
        let meeting = Meeting(bounds: bounds, isGlobal: isGlobal)
        nonisolated(unsafe) var results = [Result<Value, any Error>?](repeating: nil, count: bounds.count - 1)
        let lock = NSLock()
        let threads = results.indices.map { rank in
            let thread = Thread {
                let pieces = BatchPieces.fixed(bounds.last!, own: bounds[rank]..<bounds[rank + 1])
                let result = Result { try body(MemoryExchange(meeting, rank: rank), pieces) }
                lock.withLock { results[rank] = result }
            }
            thread.stackSize = 8 << 20
            thread.start()
            return thread
        }
        while threads.contains(where: { !$0.isFinished }) { usleep(1000) }
        return try results.map { try $0!.get() }
    }

    /// Five pieces, split two to three or among three members.
    @Test(arguments: [[0, 2, 5], [0, 1, 2, 5]], [false, true])
    func piecesOfSeveralAddUpAsThoseOfOne(bounds: [Int], isRectified: Bool) throws {
        let one = try network(.fixed(5), isRectified: isRectified, threads: 2)
        // The last batch leaves some pieces without images.
        let counts = [count, 7, 2]
        var losses: [Double] = [], states: [[NamedTensor]] = []
        for count in counts {
            losses.append(try step(one, count: count))
            states.append(try one.state(.gradients))
            try one.descend(.sgdw(rate: 0.1, momentum: 0.9, decay: 1e-3))
        }
        states.append(try one.state())
        let expected = (losses, states)
        let found = try together(bounds, isGlobal: true) { exchange, pieces in
            let network = try self.network(pieces, exchange, isRectified: isRectified)
            var losses: [Double] = [], states: [[NamedTensor]] = []
            for count in counts {
                losses.append(try self.step(network, count: count))
                states.append(try network.state(.gradients))
                try network.descend(.sgdw(rate: 0.1, momentum: 0.9, decay: 1e-3))
            }
            states.append(try network.state())
            return (losses, states)
        }
        for (losses, states) in found {
            #expect(losses == expected.0)
            #expect(states == expected.1)
        }
    }

    /// With local normalisation, the gradient is the mean of those of separate networks, weighted by their images.
    @Test(arguments: [false, true]) func localNormalizationIsThatOfNetworksApart(isRectified: Bool) throws {
        let count = 8
        let found = try together([0, 1, 2], isGlobal: false) { exchange, pieces in
            let network = try self.network(pieces, exchange, batch: count, isRectified: isRectified)
            return (try self.step(network, count: count), try network.state(.gradients))
        }
        let apart = try [0..<4, 4..<8].map { range in
            let network = try network(.fixed(1), batch: 4, isRectified: isRectified)
            let loss = try network.accumulateGradients(
                images: Array(images[range.lowerBound * 300..<range.upperBound * 300]),
                targets: Array(targets[4 * range.lowerBound..<4 * range.upperBound]), count: 4)
            return (loss, try network.state(.gradients))
        }
        #expect(found[0].1 == found[1].1)
        #expect(abs(found[0].0 - (apart[0].0 + apart[1].0) / 2) < 1e-6)
        for (index, tensor) in found[0].1.enumerated() {
            let expected = zip(apart[0].1[index].values, apart[1].1[index].values).map { ($0 + $1) / 2 }
            let size = expected.reduce(0) { max($0, abs($1)) }
            for (a, b) in zip(tensor.values, expected) {
                #expect(abs(a - b) <= 1e-5 * max(size, 1e-3), "\(tensor.name)")
            }
        }
    }

    @Test func bucketsCoverTheConvolutionsFromTheLastOn() throws {
        let layers = try network(nil, isRectified: false).layers
        for size in [1, 3000, 1 << 30] {
            let buckets = Network.buckets(of: layers, size: size)
            let shares = Network.convolutionShares(of: layers)
            #expect(buckets.first?.range.upperBound == shares.last?.range.upperBound)
            #expect(buckets.last?.range.lowerBound == 0)
            #expect(zip(buckets, buckets.dropFirst()).allSatisfy { $0.range.lowerBound == $1.range.upperBound })
            #expect(zip(buckets, buckets.dropFirst()).allSatisfy { $0.layer > $1.layer })
        }
    }
}

/// Data that the members of a group share through memory.
private final class Meeting: Sendable {
    /// Boundaries between the members' pieces.
    let bounds: [Int]
    let isGlobal: Bool
    private let condition = NSCondition()
    // Guarded by the condition's lock.
    nonisolated(unsafe) private var waiting = 0
    nonisolated(unsafe) private var round = 0
    // Before a meeting each member writes only its own element; afterwards all may read.
    nonisolated(unsafe) let sums: UnsafeMutablePointer<[PieceSums]>
    nonisolated(unsafe) let vectors: UnsafeMutablePointer<UnsafeMutablePointer<Float>?>
    nonisolated(unsafe) let terms: UnsafeMutablePointer<[(terms: [UnsafeMutablePointer<Float>], count: Int)]>

    init(bounds: [Int], isGlobal: Bool) {
        self.bounds = bounds
        self.isGlobal = isGlobal
        let members = bounds.count - 1
        sums = .allocate(capacity: members)
        sums.initialize(repeating: [], count: members)
        vectors = .allocate(capacity: members)
        vectors.initialize(repeating: nil, count: members)
        terms = .allocate(capacity: members)
        terms.initialize(repeating: [], count: members)
    }

    var members: Range<Int> { 0..<bounds.count - 1 }

    /// Waits for all members.
    func meet() {
        condition.lock()
        defer { condition.unlock() }
        waiting += 1
        if waiting == members.count {
            waiting = 0
            round += 1
            return condition.broadcast()
        }
        let mine = round
        while round == mine { condition.wait() }
    }
}

private final class MemoryExchange: BatchExchange {
    private let meeting: Meeting
    private let rank: Int
    let summingSeconds = 0.0

    init(_ meeting: Meeting, rank: Int) { (self.meeting, self.rank) = (meeting, rank) }

    var normalizesGlobally: Bool { meeting.isGlobal }

    func gather(_ sums: [PieceSums]) {
        meeting.sums[rank] = sums
        meeting.meet()
        for other in meeting.members where other != rank {
            for (mine, theirs) in zip(sums, meeting.sums[other]) {
                for piece in meeting.bounds[other]..<meeting.bounds[other + 1] {
                    mine.row(piece).update(from: theirs.row(piece), count: mine.width)
                }
            }
        }
        meeting.meet()
    }

    func gather(_ vectors: UnsafeMutablePointer<Float>, width: Int, count: Int) {
        meeting.vectors[rank] = vectors
        meeting.meet()
        let pieces = BatchPieces.fixed(meeting.bounds.last!)
        for other in meeting.members where other != rank {
            for piece in meeting.bounds[other]..<meeting.bounds[other + 1] {
                let images = pieces.images(ofPiece: piece, of: count)
                (vectors + images.lowerBound * width).update(
                    from: meeting.vectors[other]! + images.lowerBound * width, count: images.count * width)
            }
        }
        meeting.meet()
    }

    func beginSum(_ terms: [UnsafeMutablePointer<Float>], count: Int) { meeting.terms[rank].append((terms, count)) }

    func progress() {}

    func finish() {
        meeting.meet()
        if rank == 0 {
            for (index, sum) in meeting.terms[0].enumerated() {
                let all = meeting.members.flatMap { meeting.terms[$0][index].terms }
                for term in all.dropFirst() { GradientTerms.add(term, to: all[0], count: sum.count) }
                for other in meeting.members.dropFirst() {
                    meeting.terms[other][index].terms[0].update(from: all[0], count: sum.count)
                }
            }
        }
        meeting.meet()
        meeting.terms[rank] = []
        meeting.meet()
    }

    func check() {}
}
