import ArgumentParser
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
    /// Runs a command whose images the processes that were started together divide among them: each does a share, and the
    /// first puts them together. False where this process was started alone, or the command shares its work in its own way.
    ///
    /// Throws `ProcessError` where it is none that several processes can share.
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
            let mine = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
                .filter { $0.pathExtension == "safetensors" }[0]
            let all = try group.gather([UInt8](Data(contentsOf: mine)), isPatient: true, doing: "gathering shares")
            if group.isFirst {
                for (rank, bytes) in all.enumerated() {
                    let name = "part-\(rank + 1)-of-\(group.count).safetensors"
                    try Data(bytes).write(to: folder.appendingPathComponent(name))
                }
                let merged = try MergedParts(folder)
                // What there is to say was said of the share.
                try Console.$current.withValue(console.withoutDiagnostics) {
                    try MergeCommand.$merged.withValue(merged) { try CommandLineProgram.performAlone(arguments) }
                }
            }
            try group.end()
        }
        return true
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
