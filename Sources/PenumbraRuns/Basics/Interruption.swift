import Foundation
import Synchronization

/// The user or the system asked to stop (Ctrl-C, SIGTERM, SIGHUP), or the time that was given is over (`within`), and the work ended at the next good place.
///
/// The first signal only sets a flag, which long work looks at between its steps; the second ends the process at once.
/// A SIGHUP that the parent ignores, as `nohup` does, stays ignored.
package struct Interruption: Error, CustomStringConvertible {
    /// What is kept, for the user.
    let kept: String

    /// The time that was over, where no signal came before.
    private let limit: TimeLimit?

    init(kept: String) {
        self.kept = kept
        // Without a signal it was the time, if not of this process then of another that shares the work.
        limit = Self.isSignalled ? nil : Self.time?.limit
    }

    package var description: String {
        limit.map { "Stopped after \($0.words): \(kept)" } ?? "Interrupted: \(kept)"
    }

    /// Whether it was the time, and no signal.
    package var isOutOfTime: Bool { limit != nil }

    /// The time that the running command has.
    @TaskLocal static var time: TimeLimit.Running?

    private static let requests = Atomic<Int>(0)
    /// The first signal that asked to stop, 0 before.
    private static let firstSignal = Atomic<Int32>(0)

    /// What the process ends with after the signal that asked first.
    package static var exitCode: Int32 {
        let signal = firstSignal.load(ordering: .relaxed)
        return 128 + (signal == 0 ? SIGINT : signal)
    }

    /// Whether a signal has asked to stop.
    package static var isSignalled: Bool { requests.load(ordering: .relaxed) > 0 }

    /// Whether a signal has asked to stop, or the time is over.
    static var isRequested: Bool { isSignalled || time?.isOver ?? false }

    /// Throws once the user has asked to stop.
    package static func check(kept: String) throws(Interruption) {
        if isRequested { throw Interruption(kept: kept) }
    }

    /// Takes over SIGINT, SIGTERM and SIGHUP, and makes writing beyond the process's limit of file size an error rather
    /// than its end.
    package static func install() {
        // The first access makes the atomics; within the handler that could wait for a lock.
        _ = isRequested
        _ = exitCode
        signal(SIGXFSZ, SIG_IGN)
        // A parent that blocks a signal on the thread that starts us would pass that on.
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            sigaddset(&signals, number)
            let former = signal(number) { number in
                _ = Interruption.firstSignal.compareExchange(expected: 0, desired: number, ordering: .relaxed)
                if Interruption.requests.add(1, ordering: .relaxed).newValue > 1 {
                    // The cursor may stand within a bar.
                    _ = write(STDERR_FILENO, "\r\n", 2)
                    _exit(Interruption.exitCode)
                }
            }
            if number == SIGHUP && isIgnoring(former) { signal(number, SIG_IGN) }
        }
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    private static func isIgnoring(_ handler: __sighandler_t?) -> Bool {
        unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
