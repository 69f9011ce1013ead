import PenumbraRuns
import ArgumentParser
import Figures
import Numerics
import TensorFiles
import TerminalProgress

/// The number of threads, for commands that compute.
struct ThreadOptions: ParsableArguments {
    @Option(in: .from(1, to: 1024), help: "Number of threads (default: all processors).")
    var threads: Int?

    /// The thread count to pass on.
    var count: ThreadCount { threads.map { ThreadCount($0) } ?? .available }
}

/// The seed, for commands that draw random numbers.
struct SeedOptions: ParsableArguments {
    @Option(help: "Seed for all random numbers; the same seed gives the same bytes.")
    var seed: UInt64 = 0
}

/// The time limit of a command that can resume later.
struct TimeOptions: ParsableArguments {
    @Option(
        help: """
            Save and stop after this time, such as 3h50m or 90s, with exit code 75; the same command resumes from there.
            """)
    var stopAfter: TimeLimit?
}

extension TimeLimit: ExpressibleByArgument {
    /// Parses a time such as `3h50m`.
    public init?(argument: String) { self.init(argument) }
}

/// Limits on input files, and how tables are written for other programs.
struct FileOptions: ParsableArguments {
    @Option(
        help: """
            Largest JSON file to read, and largest array to unpack from an .npz, in bytes or with K, M or G (default: 256M, \
            and 64M or 100 times the packed size).
            """)
    var maxFileSize: ByteCount?

    @Flag(
        help: """
            Put an apostrophe before table text that begins with =, +, - or @, so that no spreadsheet takes \
            it for a formula. Such ids no longer match those of other files.
            """)
    var safeCsv = false

    /// The limits for the readers.
    var limits: FileLimits {
        var limits = FileLimits()
        limits.allowed = maxFileSize?.bytes
        return limits
    }
}

/// A number of bytes on a command line, optionally with K, M or G for powers of 1024.
struct ByteCount: ExpressibleByArgument {
    let bytes: Int

    init?(argument: String) {
        let shift = ["K": 10, "M": 20, "G": 30][argument.last?.uppercased() ?? ""] ?? 0
        let digits = shift == 0 ? argument[...] : argument.dropLast()
        guard let number = Int(digits), number > 0, number <= (1 << 50) >> shift else { return nil }
        bytes = number << shift
    }
}

/// How a command reports.
struct ReportingOptions: ParsableArguments {
    @Flag(name: [.short, .long], help: "Print no progress on standard error.")
    var quiet = false

    @Flag(help: "Print results as JSON, for programs to read.")
    var json = false

    /// The progress output.
    var progress: ProgressOutput { Console.current.progress(isQuiet: quiet) }

    /// Prints a note on standard error unless quiet.
    func note(_ line: String) {
        if !quiet { Console.current.diagnostic(line) }
    }

    /// Prints `value` as JSON, or the lines for people. Throws `FileWriteError`.
    func report(_ value: some Encodable, _ lines: [String]) throws {
        if json {
            try Console.current.result(JSONText.of(value))
        } else {
            for line in lines { try Console.current.result(line) }
        }
    }
}
