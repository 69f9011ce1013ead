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
}
