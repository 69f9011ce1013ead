import ArgumentParser
import Foundation
import PenumbraRuns

/// Completes a command whose images were processed by several jobs.
struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Merge the shares of several jobs into the files that a single run would have written.",
        discussion: """
            A typical call: penumbra merge parts

            'penumbra embed', 'evaluate' (of a checkpoint) and 'dataset --duplicates' do one share of their images each with \
            --share 1/8 --parts FOLDER, 2/8 and so on, as jobs that may run at once, on several machines. This command takes \
            their results instead of computing them and then does what the command does without --share: its output has the \
            same bytes as a single run. All shares must exist, from the same command, data and program.
            """)

    @Argument(help: "Folder of the shares.", transform: URL.init(fileURLWithPath:))
    var parts: URL

    /// The shares that the running command uses instead of doing the work itself.
    @TaskLocal static var merged: MergedParts?

    func run() throws {
        let merged = try MergedParts(parts)
        let present = FileManager.default.currentDirectoryPath
        if present != merged.folder, !FileManager.default.changeCurrentDirectoryPath(merged.folder) {
            throw PartError.noFolder(path: merged.folder)
        }
        defer { if present != merged.folder { _ = FileManager.default.changeCurrentDirectoryPath(present) } }
        try Self.$merged.withValue(merged) { try CommandLineProgram.performAlone(merged.command) }
    }
}
