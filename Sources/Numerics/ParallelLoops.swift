import CKernels
import Synchronization

extension ThreadCount {
    /// Runs `body(thread)` once on each of the threads and waits for all.
    ///
    /// `body` runs on several threads at once: what it writes must be disjoint between them.
    public func forEachThread(_ body: @Sendable (_ thread: Int) -> Void) {
        if count == 1 { return body(0) }
        withoutActuallyEscaping(body) { escapable in
            var closure = escapable
            withUnsafeMutablePointer(to: &closure) { pointer in
                penumbra_parallel(
                    Int32(count),
                    { context, thread in
                        context!.assumingMemoryBound(to: (@Sendable (Int) -> Void).self).pointee(Int(thread))
                    }, pointer)
            }
        }
    }

    /// Splits `0..<count` into one contiguous range per thread, as evenly as possible, and runs `body` on each range.
    ///
    /// Which indices share a range depends on the number of threads, so `body` must treat every index by itself.
    public func forEachRange(of count: Int, _ body: @Sendable (_ range: Range<Int>) -> Void) {
        let threads = max(1, min(self.count, count))
        ThreadCount(threads).forEachThread { thread in
            let range = count * thread / threads..<count * (thread + 1) / threads
            if !range.isEmpty { body(range) }
        }
    }

    /// Runs `body(chunk, range)` for consecutive ranges of `size` indices (the last may be shorter) of `0..<count`.
    ///
    /// The chunks are the same for any number of threads: a sum taken by chunk, and then over the chunks in their
    /// order, gives the same bytes on any machine. Chunks are dealt to threads in turn (0, 1, 2 … 0, 1, 2 …).
    public func forEachChunk(
        of count: Int, size: Int, _ body: @Sendable (_ chunk: Int, _ range: Range<Int>) -> Void
    ) {
        precondition(size > 0, "a chunk holds at least one index")
        let chunks = (count + size - 1) / size
        let threads = max(1, min(self.count, chunks))
        ThreadCount(threads).forEachThread { thread in
            for chunk in stride(from: thread, to: chunks, by: threads) {
                body(chunk, chunk * size..<min(count, (chunk + 1) * size))
            }
        }
    }
}

extension ThreadCount {
    /// Like `forEachChunk`, but a thread takes the next chunk when it has finished one, so that unequal chunks and a
    /// shared processor cost little.
    ///
    /// Which thread runs a chunk is left to chance: `body` may use the thread's number only to choose scratch memory.
    package func forEachChunkDynamically(
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
