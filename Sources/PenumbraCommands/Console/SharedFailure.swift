import ArgumentParser
import Foundation
import PenumbraRuns
import Processes

/// The error that ended the work of one of several processes, and must end the others too.
struct SharedFailure: Error {
    let underlying: any Error
    /// The group of this process, which does no further work.
    nonisolated(unsafe) let group: any ProcessGroup
}

/// Commands that several processes may run together.
enum SharedCommand {
    /// Runs a command whose images are divided among the processes started together: each processes a share, and the first
    /// combines them. Returns false if this process was started alone, or if the command shares its work in its own way.
    ///
    /// Throws `ProcessError` if several processes cannot share the command.
    static func runInShares(_ command: any ParsableCommand, _ arguments: [String]) throws -> Bool {
        guard let launcher = Launcher(), !(command is TrainCommand) else { return false }
        guard command is EmbedCommand || command is EvaluateCommand || command is DatasetCommand else {
            throw ProcessError.cannotShare(
                command: type(of: command)._commandName, variable: launcher.variable, count: launcher.count)
        }
        try run { group in
            guard let group else { return }
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
                "penumbra-shares-\(ProcessInfo.processInfo.processIdentifier)")
            defer { try? FileManager.default.removeItem(at: folder) }
            let console = Console.current
            let share = ["--share", "\(group.rank + 1)/\(group.count)", "--parts", folder.path]
            try Console.$current.withValue(group.isFirst ? console.withoutResults : .silent) {
                try CommandLineProgram.performAlone(arguments + share)
            }
            func part(ofRank rank: Int) -> URL {
                folder.appendingPathComponent("part-\(rank + 1)-of-\(group.count).safetensors")
            }
            let mine = try Data(contentsOf: part(ofRank: group.rank))
            let all = try group.gather([UInt8](mine), isPatient: true, doing: "gathering shares")
            if group.isFirst {
                for (rank, bytes) in all.enumerated() { try Data(bytes).write(to: part(ofRank: rank)) }
                let merged = try MergedParts(folder)
                // Everything there is to report was reported for the share.
                try Console.$current.withValue(console.withoutDiagnostics) {
                    try MergeCommand.$merged.withValue(merged) { try CommandLineProgram.performAlone(arguments) }
                }
            }
            try group.end()
        }
        return true
    }

    /// Runs `body` with the processes that were started together, or nil if this one was started alone. An error in one of
    /// several becomes a `SharedFailure`, except for an interruption, on which all of them have agreed.
    static func run(_ body: ((any ProcessGroup)?) throws -> Void) throws {
        guard let group = try ProcessGroups.join() else { return try body(nil) }
        do {
            try body(group)
        } catch let interruption as Interruption {
            throw interruption
        } catch {
            throw SharedFailure(underlying: error, group: group)
        }
    }

    /// Lets the first process report first if all have the same message. When it ends, the launcher ends the others, beginning
    /// with a SIGTERM; they then have nothing to add.
    static func waitForFirst(status: ExitStatus) {
        guard let launcher = Launcher(), launcher.rank > 0 else { return }
        for _ in 0..<40 {
            if Interruption.isSignalled { exit(status.rawValue) }
            usleep(50_000)
        }
    }
}
