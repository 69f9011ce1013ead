import PenumbraRuns
import ArgumentParser
import Numerics
import TerminalProgress

/// The number of threads, for commands that compute.
struct ThreadOptions: ParsableArguments {
    @Option(help: "Number of threads (default: all processors).")
    var threads: Int?

    /// The count to pass down.
    var count: ThreadCount { threads.map { ThreadCount($0) } ?? .available }

    mutating func validate() throws {
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads is \(threads); expected 1 to 1024.")
        }
    }
}

/// The seed, for commands that draw random numbers.
struct SeedOptions: ParsableArguments {
    @Option(help: "Seed for everything random; the same seed gives the same bytes.")
    var seed: UInt64 = 0
}

/// How a command speaks.
struct SpeechOptions: ParsableArguments {
    @Flag(name: [.short, .long], help: "Print no progress on standard error.")
    var quiet = false

    @Flag(help: "Print results as JSON, for programs to read.")
    var json = false

    /// Where progress goes.
    var progress: ProgressOutput { Console.current.progress(isQuiet: quiet) }

    /// Prints a note on standard error unless quiet.
    func note(_ line: String) {
        if !quiet { Console.current.diagnostic(line) }
    }

    /// Prints `value` as JSON, or the lines that people read. Throws `FileWriteError`.
    func report(_ value: some Encodable, _ lines: [String]) throws {
        if json {
            try Console.current.result(JSONText.of(value))
        } else {
            for line in lines { try Console.current.result(line) }
        }
    }
}
