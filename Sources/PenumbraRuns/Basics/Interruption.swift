import Foundation
import Synchronization

/// The user or the system requested a stop (Ctrl-C, SIGTERM, SIGHUP), or the time limit has passed (`within`), and the work
/// ended at the next suitable point.
///
/// The first signal only sets a flag, which long-running work checks between its steps; the second ends the process at once. A
/// SIGHUP that the parent process ignores, as under `nohup`, stays ignored.
package struct Interruption: Error, CustomStringConvertible {
    /// What has been kept, as told to the user.
    let kept: String

    /// The time limit that has passed, if there was no signal before.
    private let limit: TimeLimit?

    init(kept: String) {
        self.kept = kept
        // Without a signal it was the time limit, either of this process or of another that shares the work.
        limit = Self.isSignalled ? nil : Self.time?.limit
    }

    package var description: String {
        limit.map { "Stopped after \($0.words): \(kept)" } ?? "Interrupted: \(kept)"
    }

    /// Whether the cause was the time limit and not a signal.
    package var isOutOfTime: Bool { limit != nil }

    /// The time limit of the running command.
    @TaskLocal static var time: TimeLimit.Running?

    private static let requests = Atomic<Int>(0)
    /// The first signal that requested a stop; 0 if there was none.
    private static let firstSignal = Atomic<Int32>(0)

    /// The exit code after the first signal that requested a stop.
    package static var exitCode: Int32 {
        let signal = firstSignal.load(ordering: .relaxed)
        return 128 + (signal == 0 ? SIGINT : signal)
    }

    /// Whether a signal has requested a stop.
    package static var isSignalled: Bool { requests.load(ordering: .relaxed) > 0 }

    /// Whether a signal has requested a stop, or the time limit has passed.
    static var isRequested: Bool { isSignalled || time?.isOver ?? false }

    /// Throws once a stop has been requested.
    package static func check(kept: String) throws(Interruption) {
        if isRequested { throw Interruption(kept: kept) }
    }

    /// Handles SIGINT, SIGTERM and SIGHUP, and turns writing beyond the process's file-size limit into an error instead of the
    /// end of the process.
    package static func install() {
        // The first access creates the atomics; inside the handler that could wait for a lock.
        _ = isRequested
        _ = exitCode
        signal(SIGXFSZ, SIG_IGN)
        // Signals that a parent blocks on the thread that starts this process would be blocked here too.
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            sigaddset(&signals, number)
            let former = signal(number) { number in
                _ = Interruption.firstSignal.compareExchange(expected: 0, desired: number, ordering: .relaxed)
                if Interruption.requests.add(1, ordering: .relaxed).newValue > 1 {
                    // The cursor may be inside a progress bar.
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
