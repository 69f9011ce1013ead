import Foundation
import Synchronization

/// The user asked to stop (Ctrl-C), and the work ended at the next good place.
///
/// The first interrupt only sets a flag, which long work looks at between its steps; the second ends the process at once.
struct Interruption: Error, CustomStringConvertible {
    /// What is kept, for the user.
    let kept: String

    var description: String { "interrupted; \(kept)" }

    private static let requests = Atomic<Int>(0)

    /// Whether the user has asked to stop.
    static var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }

    /// Throws once the user has asked to stop.
    static func check(kept: String) throws(Interruption) {
        if isRequested { throw Interruption(kept: kept) }
    }

    /// Takes over SIGINT, and makes writing beyond the process's limit of file size an error rather than its end.
    static func install() {
        // The first access makes the atomic; within the handler that could wait for a lock.
        _ = isRequested
        signal(SIGXFSZ, SIG_IGN)
        // A parent that blocks the signal on the thread that starts us would pass that on.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        signal(SIGINT) { _ in
            if Interruption.requests.add(1, ordering: .relaxed).newValue > 1 {
                // The cursor may stand within a bar.
                _ = write(STDERR_FILENO, "\r\n", 2)
                _exit(ExitStatus.interrupted.rawValue)
            }
        }
    }
}
