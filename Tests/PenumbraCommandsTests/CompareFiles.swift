import Foundation
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// 60 samples of three classes whose labels shift gradually from one class to the next. The `soft` features follow the labels,
/// the `hard` ones only the majority class.
final class CompareFiles {
    let folder: TemporaryFolder
    static let count = 60

    init(id: (Int) -> String = { "s\($0)" }) throws {
        folder = try TemporaryFolder()
        var samples = "id,split,annotators,a,b,c\n"
        var spaces = ["soft": "id,f0,f1,f2\n", "hard": "id,f0,f1,f2\n"]
        for index in 0..<Self.count {
            let place = Double(index) / Double(Self.count) * 3
            let (first, share) = (Int(place), place - place.rounded(.down))
            var label = [0.0, 0, 0]
            label[first] += 1 - share
            label[(first + 1) % 3] += share
            // Differs for every sample, so that no two neighbours are equally far away.
            let noise = Double((index * 37) % 61) / 6100
            let winner = label.firstIndex(of: label.max()!)!
            let name = "\"\(id(index).replacing("\"", with: "\"\""))\""
            samples +=
                "\(name),test,\(index % 9 == 0 ? "" : "15"),\(label.map { "\($0)" }.joined(separator: ","))\n"
            spaces["soft"]! += "\(name),\(label.map { "\($0 + noise)" }.joined(separator: ","))\n"
            let far = Double((index * 17) % 60) / 60
            spaces["hard"]! +=
                "\(name),\((0..<3).map { "\(($0 == winner ? 3 : 0) + far + noise)" }.joined(separator: ","))\n"
        }
        _ = try folder.file("samples.csv", samples)
        for (name, content) in spaces { _ = try folder.file("\(name).csv", content) }
    }

    func compare(_ more: String...) -> CommandRun {
        CommandRun(
            arguments: [
                "compare", folder.path("hard.csv"), folder.path("soft.csv"), "--labels", folder.path("samples.csv"),
                "--out", folder.path("out"), "--perplexity", "5", "--max-iter", "60", "--neighbors", "5",
                "--bootstraps", "100", "--permutations", "20", "-q",
            ] + more)
    }

    func report() throws -> ComparisonReport {
        try JSONText.read(ComparisonReport.self, from: URL(fileURLWithPath: folder.path("out/report.json")))
    }
}
