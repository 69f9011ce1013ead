import PenumbraRuns
import Foundation
import TensorFiles
import TerminalProgress

/// The output of a command: results to standard output, everything else to standard error.
struct Console: Sendable {
    /// The console of the running command; tests substitute their own.
    @TaskLocal static var current = Console.standard

    private let writeResult: @Sendable (String) throws -> Void
    private let writeDiagnostic: @Sendable (String) -> Void
    private let makeProgress: @Sendable (Bool) -> ProgressOutput
    /// The maximum width of help texts.
    let columns: Int

    init(
        columns: Int, result: @escaping @Sendable (String) throws -> Void,
        diagnostic: @escaping @Sendable (String) -> Void,
        progress: @escaping @Sendable (_ isQuiet: Bool) -> ProgressOutput
    ) {
        self.columns = columns
        writeResult = result
        writeDiagnostic = diagnostic
        makeProgress = progress
    }

    /// The process's own streams.
    static let standard = Console(
        columns: {
            var size = winsize()
            let isTerminal = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
            let given = ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
            return given.map { min(100, max(30, $0)) } ?? (isTerminal ? min(100, Int(size.ws_col)) : 100)
        }(),
        result: { text in
            var bytes = Array(text.utf8)[...]
            while !bytes.isEmpty {
                let count = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
                if count < 0 && errno != EINTR {
                    throw FileWriteError.failed(path: "standard output", doing: "writing", errno: errno)
                }
                bytes = bytes.dropFirst(max(0, count))
            }
        },
        diagnostic: { text in try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) },
        progress: { ProgressOutput.standardError(quiet: $0) })

    /// A console without any output.
    static var silent: Console { Console.standard.withoutResults.withoutDiagnostics }

    /// The same console without standard output.
    var withoutResults: Console {
        Console(columns: columns, result: { _ in }, diagnostic: writeDiagnostic, progress: makeProgress)
    }

    /// The same console without standard error.
    var withoutDiagnostics: Console {
        let makeProgress = makeProgress
        return Console(
            columns: columns, result: writeResult, diagnostic: { _ in }, progress: { _ in makeProgress(true) })
    }

    /// Prints a line of results. Throws `FileWriteError`.
    func result(_ line: String) throws { try writeResult(line + "\n") }

    /// Prints a line that is not a result.
    func diagnostic(_ line: String) { writeDiagnostic(Self.printable(line) + "\n") }

    /// The progress output.
    func progress(isQuiet: Bool) -> ProgressOutput { makeProgress(isQuiet) }

    /// Removes characters that would move the cursor or change colours: names in files may contain any.
    private static func printable(_ text: String) -> String {
        let scalars = text.unicodeScalars.map {
            $0.properties.generalCategory == .control && $0 != "\n" ? "?" : $0
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
