import Foundation
import Synchronization
import Testing

@testable import ImageDatasets

struct BatchPrefetcherTests {
    private struct Broken: Error, Equatable {
        let position: Int
    }

    private static func batch(_ position: Int) -> ImageBatch {
        ImageBatch(indices: [position], imageSize: 2, values: [Float](repeating: Float(position), count: 12))
    }

    @Test func errorsComeAtTheirBatch() throws {
        let prefetcher = BatchPrefetcher(count: 10, depth: 4) { position in
            if position == 3 { throw Broken(position: 3) }
            return Self.batch(position)
        }
        for position in 0..<3 { #expect(try prefetcher.next() == Self.batch(position)) }
        #expect(throws: Broken(position: 3)) { try prefetcher.next() }
        #expect(try prefetcher.next() == nil)
    }

    @Test func noBatchesEndAtOnce() throws {
        let prefetcher = BatchPrefetcher(count: 0, depth: 1) { Self.batch($0) }
        #expect(try prefetcher.next() == nil)
    }

    @Test func aConsumerMayEndEarly() throws {
        let (made, running) = (Counter(), Counter())
        do {
            let prefetcher = BatchPrefetcher(count: 1000, depth: 2) { position in
                running.add(1)
                defer { running.add(-1) }
                made.add(1)
                return Self.batch(position)
            }
            #expect(try prefetcher.next() == Self.batch(0))
        }
        // After release nothing runs any more, and nothing was made beyond the batches taken and the allowed queue.
        #expect(running.value == 0)
        let count = made.value
        #expect(count <= 3)
        Thread.sleep(forTimeInterval: 0.02)
        #expect(made.value == count)
    }

    @Test func neverMoreThanDepthWait() throws {
        let made = Counter()
        let prefetcher = BatchPrefetcher(count: 20, depth: 3) { position in
            made.add(1)
            return Self.batch(position)
        }
        for position in 0..<20 {
            #expect(made.value <= position + 3)
            #expect(try prefetcher.next() == Self.batch(position))
        }
    }

    private final class Counter: Sendable {
        private let count = Mutex(0)
        var value: Int { count.withLock { $0 } }
        func add(_ number: Int) { count.withLock { $0 += number } }
    }
}
