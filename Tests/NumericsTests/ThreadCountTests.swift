import Foundation
import Synchronization
import Testing

@testable import Numerics

@Suite struct ThreadCountTests {
    @Test(arguments: [1, 2, 3, 8])
    func everyThreadAndEveryIndexRunsOnce(threads: Int) {
        let team = ThreadCount(threads)
        for count in [0, 1, 2, 7, 1000] {
            let ranges = Mutex<[Range<Int>]>([]), chunks = Mutex<[Int: Range<Int>]>([:]), seen = Mutex<[Int]>([])
            team.forEachRange(of: count) { range in ranges.withLock { $0.append(range) } }
            team.forEachChunk(of: count, size: 3) { chunk, range in chunks.withLock { $0[chunk] = range } }
            team.forEachThread { thread in seen.withLock { $0.append(thread) } }
            #expect(ranges.withLock { $0.flatMap(Array.init).sorted() } == Array(0..<count))
            #expect(seen.withLock { $0.sorted() } == Array(0..<threads))
            let expected = stride(from: 0, to: count, by: 3).map { $0..<min(count, $0 + 3) }
            #expect(chunks.withLock { $0.sorted { $0.key < $1.key }.map(\.value) } == expected)
        }
    }

    /// Hangs if even one of 60,000 wake-ups is lost.
    @Test func manyShortLoops() {
        let sum = Atomic<Int>(0)
        for round in 0..<30_000 {
            ThreadCount(2 + round % 3).forEachThread { _ in sum.add(1, ordering: .relaxed) }
        }
        #expect(sum.load(ordering: .relaxed) == 10_000 * (2 + 3 + 4))
    }

    @Test func loopsWithinLoopsAndOnSeveralThreads() {
        let sum = Atomic<Int>(0)
        let callers = (0..<4).map { _ in
            Thread {
                for _ in 0..<200 {
                    ThreadCount(3).forEachThread { _ in
                        ThreadCount(3).forEachThread { _ in sum.add(1, ordering: .relaxed) }
                    }
                }
                sum.add(1_000_000, ordering: .relaxed)
            }
        }
        for caller in callers { caller.start() }
        while sum.load(ordering: .relaxed) < 4_000_000 { usleep(1000) }
        #expect(sum.load(ordering: .relaxed) == 4_000_000 + 4 * 200 * 9)
    }
}
