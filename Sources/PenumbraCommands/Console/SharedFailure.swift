import Foundation
import PenumbraRuns
import Processes

/// What ended the work of one of several processes, which must end the others too.
struct SharedFailure: Error {
    let underlying: any Error
    /// Of this process, which does nothing else any more.
    nonisolated(unsafe) let group: any ProcessGroup
}

/// Commands that several processes may run together.
enum SharedCommand {
    /// Throws `ProcessError` where a command that several processes cannot share was started as one of several.
    static func check(_ command: String) throws(ProcessError) {
        guard let launcher = Launcher() else { return }
        throw .cannotShare(command: command, variable: launcher.variable, count: launcher.count)
    }

    /// Runs `body` with the processes that were started together, nil where this one was started alone. What it throws in
    /// one of several becomes a `SharedFailure`, but for an interruption, which all of them have agreed on.
    static func run(_ body: ((any ProcessGroup)?) throws -> Void) throws {
        guard let group = try Processes.join() else { return try body(nil) }
        do {
            try body(group)
        } catch let interruption as Interruption {
            throw interruption
        } catch {
            throw SharedFailure(underlying: error, group: group)
        }
    }

    /// Lets the first process speak first where all have the same to say. Its end makes the launcher end the others, with a
    /// SIGTERM first; then they have nothing to add.
    static func waitForFirst(status: ExitStatus) {
        guard let launcher = Launcher(), launcher.rank > 0 else { return }
        for _ in 0..<40 {
            if Interruption.isSignalled { exit(status.rawValue) }
            usleep(50_000)
        }
    }
}
