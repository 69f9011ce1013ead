import Foundation
import Synchronization

/// The system refused memory in the middle of a computation. Plans are checked against `AvailableMemory` beforehand, so
/// this happens only if other processes took memory in between, or if an address-space limit (`ulimit -v`) leaves too
/// little.
///
/// It cannot be thrown: buffers are allocated inside parallel loops, and half-computed results are useless. So it ends
/// the process, in the way that the program sets. Saved work is on disk, and the next run removes unfinished files.
package struct RefusedMemory: Error, Equatable, CustomStringConvertible {
    /// How much was asked for.
    package let bytes: Int

    package init(bytes: Int) { self.bytes = bytes }

    /// One line: what was asked for, and what to do.
    package var description: String {
        "the system refused \(MemoryAmount(bytes)) of memory; free some, raise the address-space limit "
            + "(ulimit -v), or compute less at once (smaller batches, fewer threads)"
    }

    private static let handler = Mutex<(@Sendable (RefusedMemory) -> Int32)?>(nil)

    /// Reports the error and says with which code the process ends; without it, the error is printed and the code is 1.
    package static func report(by report: @escaping @Sendable (RefusedMemory) -> Int32) {
        handler.withLock { $0 = report }
    }

    /// Ends the process unless the system would map `bytes` more: for libraries that abort where they get nothing.
    package static func endUnlessThereIsRoom(for bytes: Int) {
        guard let probe = mmap(nil, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), probe != MAP_FAILED else {
            end(RefusedMemory(bytes: bytes))
        }
        munmap(probe, bytes)
    }

    /// Reports the error and ends the process. Nothing that waits for other threads or for locks happens on the way.
    static func end(_ error: RefusedMemory) -> Never {
        if let report = handler.withLock({ $0 }) { _exit(report(error)) }
        let line = "Error: \(error)\n"
        _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
        _exit(1)
    }
}
