import ArgumentParser
import Foundation
import Testing

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Every command's help, literally. After a wanted change, record the texts again with
///
///     PENUMBRA_RECORD_SNAPSHOTS=1 swift test --filter HelpTests
///
/// and look at the difference.
@Suite struct HelpTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Snapshots")

    /// Of every command, the words that call it.
    static let commands = words(of: PenumbraCommand.self)

    private static func words(of command: any ParsableCommand.Type) -> [[String]] {
        [[]]
            + command.configuration.subcommands.flatMap { subcommand in
                words(of: subcommand).map { [subcommand.configuration.commandName ?? ""] + $0 }
            }
    }

    @Test(arguments: commands) func help(command: [String]) throws {
        let run = CommandRun(arguments: command + ["--help"])
        #expect(run.status == .done)
        #expect(run.errors.isEmpty)
        let name = (["penumbra"] + command).joined(separator: "-")
        let url = Self.folder.appendingPathComponent("help-\(name).txt")
        if ProcessInfo.processInfo.environment["PENUMBRA_RECORD_SNAPSHOTS"] == "1" {
            try Data(run.output.utf8).write(to: url)
        }
        #expect(run.output == (try String(contentsOf: url, encoding: .utf8)))
    }

    @Test func theSnapshotsAreThoseOfAllCommands() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted()
        #expect(names == Self.commands.map { "help-\((["penumbra"] + $0).joined(separator: "-")).txt" }.sorted())
    }

    @Test func theVersionIsPrinted() {
        let run = CommandRun("--version")
        #expect(run.status == .done)
        #expect(run.output == "0.1.0\n")
    }
}
