import Numerics
import Synchronization

extension ThreadCount {
    /// Like `forEachChunk`, but a thread takes the next chunk when it has done one, so that chunks of unequal work and
    /// a processor shared with others cost little.
    ///
    /// Which thread does a chunk is left to chance: `body` may use the thread's number for scratch memory alone.
    func forEachChunkDynamically(
        of count: Int, size: Int, _ body: @Sendable (_ thread: Int, _ chunk: Int, _ range: Range<Int>) -> Void
    ) {
        precondition(size > 0, "a chunk holds at least one index")
        let chunks = (count + size - 1) / size
        let next = SharedCounter()
        ThreadCount(max(1, min(self.count, chunks))).forEachThread { thread in
            while true {
                let chunk = next.take()
                if chunk >= chunks { break }
                body(thread, chunk, chunk * size..<min(count, (chunk + 1) * size))
            }
        }
    }
}

/// Hands out 0, 1, 2 … to any number of threads, each number once.
private final class SharedCounter: Sendable {
    private let value = Atomic<Int>(0)

    func take() -> Int { value.wrappingAdd(1, ordering: .relaxed).oldValue }
}
