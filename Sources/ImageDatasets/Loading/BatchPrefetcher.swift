import Numerics
import Dispatch
import Foundation
import Synchronization

/// Prepares batches on its own threads while the caller works on the previous one.
///
/// Batches come in the requested order, with the same bytes as from `ImageBatchLoader.batch`; at most `depth` wait in memory.
/// Only one consumer may call `next` at a time. When the prefetcher is released, its threads end, after the batch that may be
/// in preparation.
public final class BatchPrefetcher: Sendable {
    private let channel: Channel

    /// Starts to prepare `batches` (lists of sample indices) of `epoch` from `loader`, using `threads` for the images of each
    /// batch. Traps unless `depth` is at least 1.
    public convenience init(
        loader: ImageBatchLoader, batches: [[Int]], epoch: Int? = nil, depth: Int = 2,
        threads: ThreadCount = ThreadCount(1)
    ) {
        self.init(count: batches.count, depth: depth) {
            try loader.batch(batches[$0], epoch: epoch, threads: threads)
        }
    }

    init(count: Int, depth: Int, make: @escaping @Sendable (_ position: Int) throws -> ImageBatch) {
        precondition(depth >= 1, "at least one batch is prepared ahead")
        let channel = Channel(depth: depth)
        self.channel = channel
        let thread = Thread {
            for position in 0..<count {
                guard channel.waitForRoom() else { break }
                let result = Result { try make(position) }
                channel.put(result)
                if case .failure = result { break }
            }
            channel.close()
        }
        thread.name = "batches"
        thread.start()
    }

    deinit { channel.cancel() }

    /// The next batch, waiting for it if it is not ready; nil after the last. Throws what making this batch threw; after that
    /// there are no more batches.
    public func next() throws -> ImageBatch? { try channel.take()?.get() }
}

/// A queue of bounded length between one producer and one consumer.
private final class Channel: Sendable {
    private struct State {
        var waiting: [Result<ImageBatch, any Error>] = []
        var isCancelled = false
        var isDrained = false
    }

    private let state = Mutex(State())
    /// Counts the batches that may still be added. Both semaphores begin at 0, since a semaphore must not be released with a
    /// value below its initial one.
    private let room = DispatchSemaphore(value: 0)
    /// Counts the waiting batches, plus one once there will be no others.
    private let ready = DispatchSemaphore(value: 0)
    /// Signalled when the producer has ended.
    private let closed = DispatchSemaphore(value: 0)

    init(depth: Int) {
        for _ in 0..<depth { room.signal() }
    }

    /// False if no more are wanted.
    func waitForRoom() -> Bool {
        room.wait()
        return state.withLock { !$0.isCancelled }
    }

    func put(_ result: Result<ImageBatch, any Error>) {
        state.withLock { $0.waiting.append(result) }
        ready.signal()
    }

    func close() {
        ready.signal()
        closed.signal()
    }

    func take() -> Result<ImageBatch, any Error>? {
        if state.withLock({ $0.isDrained }) { return nil }
        ready.wait()
        let result = state.withLock { state in
            state.isDrained = state.waiting.isEmpty
            return state.isDrained ? nil : state.waiting.removeFirst()
        }
        if result != nil { room.signal() }
        return result
    }

    /// Ends the producer and waits until it has ended.
    func cancel() {
        state.withLock { $0.isCancelled = true }
        room.signal()
        closed.wait()
    }
}
