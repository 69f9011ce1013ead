import ArgumentParser
import Foundation
import PenumbraRuns

/// Divides a command's images into shares for several jobs.
struct ShareOptions: ParsableArguments {
    @Option(
        help: """
            Do only this share of the images, such as 2/8, and write the result to --parts; 'penumbra merge' then does \
            the rest of the command.
            """)
    var share: WorkShare?

    @Option(help: "Folder for the shares, the same for all of them.", transform: URL.init(fileURLWithPath:))
    var parts: URL?

    func validate() throws {
        if (share == nil) != (parts == nil) { throw ValidationError("--share and --parts must be given together.") }
    }

    /// How the images of the running command are divided; nil if they are not.
    var partial: PartialWork? {
        if let parts = MergeCommand.merged { return .merged(parts) }
        guard let share, let parts else { return nil }
        return .share(share, folder: parts, command: Self.withoutShare(CommandLineProgram.arguments))
    }

    /// The words of a command that determine its result, without those that may differ between its jobs.
    static func withoutShare(_ arguments: [String]) -> [String] {
        let withValue: Set = ["--share", "--parts", "--threads"], alone: Set = ["-q", "--quiet"]
        var words: [String] = []
        var skipsNext = false
        for word in arguments {
            if skipsNext {
                skipsNext = false
            } else if withValue.contains(word) {
                skipsNext = true
            } else if !alone.contains(word), !withValue.contains(where: { word.hasPrefix($0 + "=") }) {
                words.append(word)
            }
        }
        return words
    }

    /// Reports a job's share.
    func report(_ reporting: ReportingOptions) throws {
        guard let share, let parts else { return }
        let line = "share \(share.number) of \(share.count) is in \(parts.path)"
        try reporting.report(Report(share: share, parts: parts.path), [line])
    }

    private struct Report: Encodable {
        var share: WorkShare
        var parts: String
    }
}

extension WorkShare: ExpressibleByArgument {
    /// Parses a share such as `2/8`.
    public init?(argument: String) { self.init(argument) }
}
