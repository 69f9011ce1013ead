import COpenBLAS
import Foundation

/// How many threads a computation uses. A value is passed down from the command line; nothing reads a global.
public struct ThreadCount: Sendable, Equatable {
    /// At least 1.
    public let count: Int

    /// Traps unless `count` is at least 1.
    public init(_ count: Int) {
        precondition(count >= 1, "a computation needs at least one thread")
        self.count = count
    }

    /// As many threads as the process may run on processors.
    public static var available: ThreadCount { ThreadCount(max(1, ProcessInfo.processInfo.activeProcessorCount)) }

    /// Tells OpenBLAS, whose pool is one for the whole process, to use this many threads from now on. oneDNN needs no
    /// such call: `NeuralNetwork` runs its primitives on one thread each, inside a loop of its own.
    public func applyToOpenBLAS() {
        openblas_set_num_threads(Int32(count))
    }
}
