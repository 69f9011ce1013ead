import Foundation
import Testing

@testable import PenumbraCommands

/// Tries extreme numbers for every option the parser knows, including options added later. Inputs and outputs cannot exist, so
/// nothing is computed. A trap would crash the test process.
@Suite struct ExtremeNumberTests {
    /// The output of `--experimental-dump-help`.
    private struct Help: Decodable {
        struct Command: Decodable {
            let commandName: String
            let subcommands: [Command]?
            let arguments: [Argument]?
        }

        struct Argument: Decodable {
            struct Name: Decodable { let kind, name: String }

            let kind: String
            let names: [Name]?
            let isOptional: Bool

            var option: String? { kind == "option" ? names?.first { $0.kind == "long" }.map { "--\($0.name)" } : nil }
        }

        let command: Command
    }

    /// A command with only its required arguments, and its options.
    private struct Call {
        let words: [String]
        let options: [String]
    }

    private static let nowhere = "/dev/null/x"
    private static let required = ["--preset": "quick", "--labels": "hard"]

    private static func calls(_ command: Help.Command, _ path: [String]) -> [Call] {
        let subcommands = (command.subcommands ?? []).filter { $0.commandName != "help" }
        if !subcommands.isEmpty { return subcommands.flatMap { calls($0, path + [$0.commandName]) } }
        let arguments = command.arguments ?? []
        let words = arguments.filter { !$0.isOptional }.flatMap { argument in
            argument.option.map { [$0, required[$0] ?? nowhere] } ?? [nowhere]
        }
        return [Call(words: path + words, options: arguments.compactMap(\.option))]
    }

    private static func calls() throws -> [Call] {
        let help = CommandRun("--experimental-dump-help")
        return calls(try JSONDecoder().decode(Help.self, from: Data(help.output.utf8)).command, [])
    }

    /// Values that no option accepts as a number.
    private static let noNumbers = ["nan", "1e400"]
    private static let numbers = ["-1", "0", "1e308", "1e-320", "9223372036854775807", "-9223372036854775808"]

    @Test func everyOptionTakesAnyNumber() throws {
        // Commands share option groups, so each option is classified only once.
        var numeric = Set<String>(), others = Set<String>()
        let calls = try Self.calls()
        #expect(calls.count >= 12)
        for call in calls {
            for option in call.options where !others.contains(option) && !call.words.contains(option) {
                func run(_ value: String) -> CommandRun {
                    CommandRun(arguments: call.words + ["\(option)=\(value)"])
                }
                func isRefused(_ value: String) -> Bool { run(value).errors.contains("invalid for '\(option) ") }
                let isKnown = numeric.contains(option)
                if !isKnown {
                    guard isRefused("word"), ["1", "32", "0.5"].contains(where: { !isRefused($0) }) else {
                        others.insert(option)
                        continue
                    }
                    numeric.insert(option)
                    for value in Self.noNumbers { #expect(isRefused(value), "\(call.words) \(option)=\(value)") }
                }
                for value in isKnown ? ["9223372036854775807"] : Self.numbers {
                    let status = run(value).status
                    #expect([.wrongInput, .failed].contains(status), "\(call.words) \(option)=\(value): \(status)")
                }
            }
        }
        #expect(numeric.count >= 30, "\(numeric.sorted())")
    }

    @Test(arguments: [
        (["compare", "a", "--out", nowhere, "--snapshots=201"], "expected 0 to 200."),
        (["compare", "a", "--out", nowhere, "--bootstraps=100001"], "expected 0 to 100000."),
        (["compare", "a", "--out", nowhere, "--neighbors=0"], "expected 1 to 1000000."),
        (["project", "a", "--out", nowhere, "--save-interval=-1"], "expected 0 to 1000000000."),
        (["project", "a", "--out", nowhere, "--max-iter=2147483648"], "expected 0 to 2147483647."),
        (["plot", "a", "--labels", "b", "--out", nowhere, "--dpi=2401"], "expected 36 to 2400."),
        (
            ["plot", "a", "--labels", "b", "--out", nowhere, "--point-size=0"],
            "expected a number above 0 and at most 20."
        ),
        (["generate", "shapes", "--out", nowhere, "--pure=1.1"], "expected 0 to 1."),
        (["dataset", "a", "--images=401"], "expected 1 to 400."),
        (["embed", "a", "b", "--out", nowhere, "--image-size=31"], "expected 32 to 4096."),
    ])
    func aNumberBeyondItsRangeIsRefusedWithTheRange(words: [String], expected: String) {
        let run = CommandRun(arguments: words)
        let option = words.last!.split(separator: "=")[0]
        #expect(run.status == .wrongInput)
        #expect(
            run.errors.contains("is invalid for '\(option) <\(option.dropFirst(2))>': \(expected)"), "\(run.errors)")
    }
}
