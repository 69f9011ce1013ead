import ArgumentParser
import Foundation

/// Measures predictions against label distributions.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure predictions: macro accuracy, KL, macro F1, calibration.",
        discussion: """
            Takes runs, of which it measures every training on its test split, or tables of predictions (.csv with \
            id, true_<class> and predicted_<class>, and split where only the rows of 'test' count).

            ACC is the mean recall over classes of the predicted class against the majority's; KL is KL(human || model) \
            with probabilities clipped to 1e-5, in nats; F1 is the macro mean; ECE has 10 bins. Runs of several splits \
            get a line of means ± standard deviations.
            """)

    @Argument(help: "Runs, or predictions (.csv).", transform: URL.init(fileURLWithPath:))
    var runs: [URL]

    @Option(help: "Also write the table to this CSV file.", transform: URL.init(fileURLWithPath:))
    var table: URL?

    @OptionGroup var speech: SpeechOptions

    func run() throws {
        if let table { try OutputFile.check(table) }
        let evaluations = EvaluationTable(try runs.flatMap(Self.evaluations(of:)))
        if let table { try evaluations.write(to: table) }
        try speech.report(evaluations, evaluations.lines)
    }

    private static func evaluations(of url: URL) throws -> [Evaluation] {
        var isFolder: ObjCBool = false
        if !FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) || !isFolder.boolValue {
            return [Evaluation(try PredictionTable.read(url), name: url.relativePath)]
        }
        let members = RunFolder(url: url).members.filter {
            FileManager.default.fileExists(atPath: $0.predictions.path)
        }
        if members.isEmpty { throw InputError.nothingInRun(path: url.path, needed: "predictions") }
        return try members.map { member in
            Evaluation(
                try PredictionTable.read(member.predictions), name: "\(url.relativePath)/\(member.name)",
                split: member.split, labels: member.labels)
        }
    }
}
