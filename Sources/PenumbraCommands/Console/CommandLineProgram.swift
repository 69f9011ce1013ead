import PenumbraRuns
import ArgumentParser
import Foundation
import Figures
import Numerics
import Processes
import TensorFiles

/// The whole program, from its arguments to its exit code.
public enum CommandLineProgram {
    /// Runs the command given by `arguments` (without the program's name), and returns the exit code.
    public static func run(_ arguments: [String]) -> Int32 {
        do throws(NameEncoding) { try NameEncoding.checkProcess() } catch {
            Console.current.diagnostic("Error: \(error)")
            return ExitStatus.wrongInput.rawValue
        }
        Interruption.install()
        RefusedMemory.report { report($0, arguments).rawValue }
        BundledFonts.prepare()
        return status(ofRunning: arguments).rawValue
    }

    /// Runs a command and reports how it ended.
    static func status(ofRunning arguments: [String]) -> ExitStatus {
        do {
            if Set(arguments) == ["--version", "--verbose"] {
                for line in PenumbraVersion.details { try Console.current.result(line) }
                return .done
            }
            let arguments = CommandAdvice.joiningNegativeNumbers(arguments)
            let placement = PlaceCommand.arguments(ofAlias: arguments)
            if placement != nil {
                Console.current.diagnostic(
                    "'penumbra project --into' is now 'penumbra place'; the former spelling still works"
                )
            }
            try perform(placement ?? arguments)
            return .done
        } catch {
            return report(error, arguments)
        }
    }

    /// The arguments of the running command.
    @TaskLocal static var arguments: [String] = []

    /// Parses `arguments` and runs the command, together with the other processes if there are several. Throws what the command
    /// throws, and the parser's errors.
    static func perform(_ arguments: [String]) throws {
        let command = try PenumbraCommand.parseAsRoot(arguments)
        if RepeatedOption.isPossible(in: arguments), let tree = CommandTree.ofProgram,
            let repeated = RepeatedOption(in: arguments, of: tree)
        {
            throw repeated.error
        }
        if try !SharedCommand.runInShares(command, arguments) { try performAlone(arguments) }
    }

    /// The same in this process only.
    static func performAlone(_ arguments: [String]) throws {
        var command = try PenumbraCommand.parseAsRoot(arguments)
        try SerialBLAS.checkAddressSpace()
        let files = fileOptions(of: command)
        try $arguments.withValue(arguments) {
            try FileLimits.$current.withValue(files.limits) {
                try CSVWriter.$guardsFormulas.withValue(files.safeCsv) {
                    try OutputFolder.removingEmptyOnes { try command.run() }
                }
            }
        }
    }

    /// The command's settings for files; the defaults if it has no such options.
    private static func fileOptions(of command: any ParsableCommand) -> (limits: FileLimits, safeCsv: Bool) {
        for child in Mirror(reflecting: command).children {
            if let group = child.value as? OptionGroup<FileOptions> {
                return (group.wrappedValue.limits, group.wrappedValue.safeCsv)
            }
        }
        return (FileLimits(), false)
    }

    private static func report(_ error: any Error, _ arguments: [String]) -> ExitStatus {
        let cause = (error as? SharedFailure)?.underlying ?? error
        if PenumbraCommand.exitCode(for: cause) != .success, !(cause is Interruption) {
            SharedCommand.waitForFirst(status: ExitStatus(of: cause))
        }
        if let failure = error as? SharedFailure {
            failure.group.abort(code: report(ofOne: failure.underlying, arguments).rawValue)
        }
        return report(ofOne: error, arguments)
    }

    private static func report(ofOne error: any Error, _ arguments: [String]) -> ExitStatus {
        // ArgumentParser throws its own errors, which include their usage text, and requests for help or the version.
        let status = ExitStatus(of: error)
        let isFromParser = PenumbraCommand.exitCode(for: error) != .failure
        if !isFromParser {
            Console.current.diagnostic(status.isInterruption ? "\(error)" : "Error: \(error)")
            return status
        }
        let message =
            (error as? ValidationError).map { Self.message(of: $0, arguments) }
            ?? PenumbraCommand.fullMessage(for: error, columns: Console.current.columns)
        if PenumbraCommand.exitCode(for: error) == .success {
            do {
                let asksForHelp = arguments.first == "help"
                let examples = asksForHelp ? CommandExamples.section(Array(arguments.dropFirst())) : ""
                try Console.current.result(message + examples)
                return .done
            } catch {
                Console.current.diagnostic("Error: \(error)")
                return .failed
            }
        }
        let advice = CommandTree.ofProgram.map { CommandAdvice(arguments: arguments, tree: $0) }
        Console.current.diagnostic(advice?.completing(message) ?? message)
        return .wrongInput
    }

    /// The error of a running command as the parser words one of its own: with the usage of the command that `arguments` call,
    /// not of the program.
    private static func message(of error: ValidationError, _ arguments: [String]) -> String {
        var type: any ParsableCommand.Type = PenumbraCommand.self
        var words = [PenumbraCommand.configuration.commandName!]
        for word in arguments.prefix(while: { !$0.hasPrefix("-") }) {
            guard let next = type.configuration.subcommands.first(where: { $0.configuration.commandName == word })
            else { break }
            (type, words) = (next, words + [word])
        }
        return "Error: \(error.message)\nUsage: \(PenumbraCommand.usageString(for: type))\n"
            + "  See '\(words.joined(separator: " ")) --help' for more information."
    }
}
