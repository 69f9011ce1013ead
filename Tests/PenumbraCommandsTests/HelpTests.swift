import ArgumentParser
import Foundation
import TestSupport
import Testing

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Pins every command's help text. After an intended change, record the texts with
///
///     PENUMBRA_RECORD_SNAPSHOTS=1 make test LINT= FILTER=HelpTests
///
/// and review the diff.
@Suite struct HelpTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Snapshots")

    /// The words that call each command.
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
        let recorded = try String(contentsOf: url, encoding: .utf8)
        #expect(run.output == recorded)
    }

    @Test func theSnapshotsAreThoseOfAllCommands() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted()
        #expect(names == Self.commands.map { "help-\((["penumbra"] + $0).joined(separator: "-")).txt" }.sorted())
    }

    @Test func theVersionIsPrinted() {
        let run = CommandRun("--version")
        #expect(run.status == .done)
        #expect(run.output == "\(PenumbraVersion.line)\n")
        let form = /[0-9]+\.[0-9]+\.[0-9]+( \(commit [0-9a-f]{7,40}(\+changes)?\))?/
        #expect(PenumbraVersion.line.wholeMatch(of: form) != nil)
    }

    @Test func theVerboseVersionNamesWhatIsLoaded() throws {
        let run = CommandRun("--version", "--verbose")
        #expect(run.status == .done)
        let names = run.output.split(separator: "\n").map { $0.split(separator: " ")[0] }
        #expect(
            names == [
                "penumbra", "oneDNN", "OpenBLAS", "Cairo", "Pango", "OpenSSL", "libzip", "zlib", "processor",
                "instructions", "threads",
            ])
        #expect(run.output.contains(/\nOpenBLAS +0\.\d+\.\d+\n/))
    }

    private static let examples: [(String, String)] = CommandExamples.all.flatMap { name, examples in
        examples.map { (name, $0.line) }
    }

    /// Every example must parse.
    @Test(arguments: examples)
    func theExamplesAreCommands(name: String, line: String) throws {
        let words = line.split(separator: " ").map(String.init)
        #expect(words.dropFirst().starts(with: name.split(separator: " ").map(String.init)))
        #expect(throws: Never.self) { try PenumbraCommand.parseAsRoot(Array(words.dropFirst())) }
    }

    @Test func everyCommandHasExamples() {
        for words in Self.commands where !words.isEmpty && words != ["manual"] {
            #expect(!CommandExamples.of(words).isEmpty, "\(words)")
        }
        let run = CommandRun("help", "train")
        #expect(run.output.contains("\nEXAMPLES:\n  On soft labels, into a run:\n    penumbra train "))
    }

    @Test func everyCommandHasAManPage() throws {
        let folder = try TemporaryFolder()
        #expect(CommandRun("manual", "--out", folder.path("man")).status == .done)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("man")).sorted()
        let commands = Self.commands.filter { $0 != ["manual"] }
        #expect(names == commands.map { (["penumbra"] + $0).joined(separator: "-") + ".1" }.sorted())
        let page = try folder.text("man/penumbra-train.1")
        for part in [
            ".SH NAME\npenumbra\\-train \\- Train a network", ".SH SYNOPSIS\npenumbra train [<options>] <data>",
            "\n.SH EXAMPLES\n", "\n.B \\-\\-weight\\-decay <",
        ] {
            #expect(page.contains(part), "\(part)")
        }
    }
}
