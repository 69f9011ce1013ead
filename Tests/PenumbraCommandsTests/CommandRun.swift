import Foundation
import Synchronization

@testable import PenumbraCommands
@testable import TerminalProgress

/// A command run within the test, and what it said.
struct CommandRun {
    let status: ExitStatus
    let output: String
    let errors: String

    init(_ arguments: String...) { self.init(arguments: arguments) }

    init(arguments: [String]) {
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

/// A folder that is removed when the test drops it.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("penumbra-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { remove() }

    func remove() { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    /// Writes a file and returns its path.
    func file(_ name: String, _ text: String) throws -> String {
        let target = url.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: target)
        return target.path
    }

    func text(_ name: String) throws -> String {
        try String(contentsOf: url.appendingPathComponent(name), encoding: .utf8)
    }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
    }
}
