import Foundation
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

@Suite struct ResultsTableTests {
    /// An evaluation as recorded by a program that had only the first four measures.
    private func evaluation(
        _ name: String, split: Int? = nil, seed: UInt64? = nil, labels: String? = nil, _ measures: [Double]
    ) throws
        -> Evaluation
    {
        var fields: [String: Any] = [
            "name": name, "images": 10, "macro_accuracy": measures[0], "kl_divergence": measures[1],
            "macro_f1": measures[2], "expected_calibration_error": measures[3], "absent_classes": [String](),
        ]
        fields["split"] = split
        fields["seed"] = seed
        fields["labels"] = labels
        return try JSONDecoder.forTests.decode(
            Evaluation.self, from: JSONSerialization.data(withJSONObject: fields))
    }

    private func table() throws -> ResultsTable {
        ResultsTable(
            EvaluationTable([
                try evaluation("a_b|c/split-1/hard", split: 1, labels: "hard", [0.9, 0.5, 0.8, 0.1]),
                try evaluation(
                    "a_b|c/split-1/quantized-cpu", split: 1, labels: "quantized-cpu", [0.7, 0.25, 0.90001, 0.2]),
                try evaluation("a_b|c/split-2/hard", split: 2, labels: "hard", [0.8, 0.3, 1, 0.1]),
                try evaluation("d/split-1/soft", split: 1, labels: "soft", [1, 0, 1, 0]),
                try evaluation("file.csv", [0.5, 1, 0.5, 0.3]),
            ]))
    }

    @Test func theBestOfEachRunIsBold() throws {
        let lines = try table().markdown.split(separator: "\n")
        #expect(
            lines[0] == "| run | labels | splits | ACC | KL | F1 | ECE | CE | 1-JSD | soft ACC | L1 | r(H) | top-1 |")
        // .90001 and the mean .9 agree to four digits, so both are marked best.
        #expect(
            lines[2]
                == "| a\\_b\\|c | hard | 2 | **0.8500 ± 0.0707** | 0.4000 ± 0.1414 | **0.9000 ± 0.1414** | "
                + "**0.1000 ± 0.0000** | – | – | – | – | – | – |"
        )
        #expect(
            lines[3]
                == "| a\\_b\\|c | quantized + cpu | 1 | 0.7000 | **0.2500** | **0.9000** | 0.2000 | – | – | – | – | – | – |"
        )
        // A single row has nothing to be compared with.
        #expect(lines[4] == "| d | soft | 1 | 1.0000 | 0.0000 | 1.0000 | 0.0000 | – | – | – | – | – | – |")
        #expect(lines[5] == "|  | file.csv | – | 0.5000 | 1.0000 | 0.5000 | 0.3000 | – | – | – | – | – | – |")
    }

    @Test func latexNamesARunOnceAndEscapes() throws {
        let lines = try table().latex.split(separator: "\n")
        #expect(lines[1] == "\\begin{tabular}{llrrrrrrrrrrr}" && lines.last == "\\end{tabular}")
        #expect(lines[5].hasPrefix("a\\_b|c & hard & 2 & $\\mathbf{0.8500 \\pm 0.0707}$ & $0.4000 \\pm 0.1414$ & "))
        #expect(lines[6].hasPrefix(" & quantized + cpu & 1 & $0.7000$ & $\\mathbf{0.2500}$"))
        #expect(lines.count { $0 == "\\midrule" } == 3)
    }

    @Test func csvHasEverySplitAndTheMeans() throws {
        let folder = try TemporaryFolder()
        let url = folder.url.appendingPathComponent("table.csv")
        try table().write(to: url)
        let lines = try folder.text("table.csv").split(separator: "\n")
        #expect(lines.count == 7)
        #expect(lines[1] == "a_b|c,hard,1,,10,0.9,0.5,0.8,0.1" + String(repeating: ",", count: 16))
        #expect(lines[3].hasPrefix("a_b|c,hard,mean,,20,0.85") && lines[3].contains(",0.0707106"))
    }

    @Test func seedsAreCountedAndAveraged() throws {
        let folder = try TemporaryFolder()
        let evaluations = try [UInt64(0), 2].map { seed in
            try evaluation(
                "x/split-1-seed-\(seed)/hard", split: 1, seed: seed, labels: "hard", [0.5 + Double(seed) / 10, 1, 1, 0])
        }
        let table = EvaluationTable(evaluations)
        #expect(table.means.count == 1 && table.means[0].seeds == [0, 2] && table.means[0].splits.count == 2)
        #expect(table.lines.last?.hasPrefix("x/hard, 2 seeds") == true)
        #expect(ResultsTable(table).markdown.contains("| hard | 2 seeds | 0.6000 ± 0.1414 |"))
        try ResultsTable(table).write(to: folder.file("t.csv"))
        #expect(try folder.text("t.csv").contains("\nx,hard,1,2,10,0.7,"))
    }

    @Test func aSingleRunIsNotNamed() throws {
        let table = ResultsTable(
            EvaluationTable([try evaluation("x/split-1/soft", split: 1, labels: "soft", [1, 0, 1, 0])]))
        #expect(table.markdown.hasPrefix("| labels | splits | ACC |"))
        #expect(table.latex.contains("{lrrrrrrrrrrr}"))
    }

    @Test func otherFormatsAreRefusedBeforeTheWork() throws {
        let folder = try TemporaryFolder()
        let run = CommandRun(
            "evaluate", folder.path("none"), "--table", folder.path("t.md"), "--table", folder.path("t.doc"))
        #expect(run.status == .wrongInput)
        #expect(run.errors.hasSuffix("t.doc: unknown extension; expected .md or .csv or .tex\n"))
    }

    @Test func aPValueIsNeverZero() {
        #expect(
            [1, 0.0011, 0.000_051, 0.000_049, 0].map { Decimals.probability($0, 4) } == [
                "1.0000", "0.0011", "0.0001", "< 0.0001", "< 0.0001",
            ])
        #expect([0.005, 0.000_2].map { Decimals.probability($0, 3) } == ["0.005", "< 0.001"])
    }
}
