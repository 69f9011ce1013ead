import Foundation
import Synchronization
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns
@testable import TerminalProgress

/// Runs a command inside the test process and keeps its output.
struct CommandRun {
    let status: ExitStatus
    let output: String
    let errors: String

    init(_ arguments: String...) { self.init(arguments: arguments) }

    /// An option replaces the same one before it, so that helpers may give defaults.
    init(arguments: [String]) { self.init(exactly: Self.withoutReplaced(arguments)) }

    private static func withoutReplaced(_ arguments: [String]) -> [String] {
        var words = arguments
        while RepeatedOption.isPossible(in: words), let tree = CommandTree.ofProgram,
            let repeated = RepeatedOption(in: words, of: tree),
            let place = words.firstIndex(where: { $0 == repeated.name || $0.hasPrefix(repeated.name + "=") })
        {
            words.removeSubrange(place...(words[place] == repeated.name ? place + 1 : place))
        }
        return words
    }

    init(exactly arguments: [String]) {
        let output = Mutex("")
        let errors = Mutex("")
        let console = Console(
            columns: 100, result: { text in output.withLock { $0 += text } },
            diagnostic: { text in errors.withLock { $0 += text } },
            progress: { _ in
                ProgressOutput(style: .none, isUnicode: false, width: { 80 }, now: { 0 }, write: { _ in })
            })
        status = Console.$current.withValue(console) { CommandLineProgram.status(ofRunning: arguments) }
        self.output = output.withLock { $0 }
        self.errors = errors.withLock { $0 }
    }
}
