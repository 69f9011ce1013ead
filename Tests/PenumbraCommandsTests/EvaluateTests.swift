import Foundation
import LabelDistributions
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

@Suite struct EvaluateTests {
    private let header = "id,split,true_p,true_q,predicted_p,predicted_q\n"

    /// Two images of different classes: the first predicted correctly at .8, the second wrongly at .6.
    private var rows: String { "a,test,1,0,0.8,0.2\nb,test,0,1,0.6,0.4\n" }

    @Test func aTableIsMeasured() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("predictions.csv", header + rows + "c,val,1,0,0,1\n")
        let run = CommandRun("evaluate", path, "--table", folder.path("table.csv"))
        #expect(run.status == .done, "\(run.errors)")
        // By hand: recalls 1 and 0; F1 2/3 and 0; ECE |1 − .8| / 2 + |0 − .6| / 2; CE −(ln .8 + ln .4) / 2; shared mass .8 and
        // .4. Labels without entropy have no correlation.
        let lines = run.output.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(
            lines[1].split(separator: " ").suffix(11)
                == [
                    "2", "0.5000", "0.5696", "0.3333", "0.4000", "0.5697", "0.7481", "0.6000", "0.8000", "–", "0.5000",
                ])
        let table = try folder.text("table.csv").split(separator: "\n")
        let measures = [
            "macro_accuracy", "kl_divergence", "macro_f1", "ece", "soft_cross_entropy", "jsd_similarity",
            "soft_accuracy",
            "manhattan_distance", "entropy_correlation", "top1_accuracy",
        ]
        #expect(
            table[0] == "run,labels,split,seed,images,"
                + (measures + measures.map { $0 + "_sd" }).joined(separator: ","))
        #expect(table.count == 2 && table[1].hasPrefix(",\(path),,,2,0.5,0.569"))
        #expect(table[1].hasSuffix(",0.8,,0.5" + String(repeating: ",", count: 10)))
    }

    /// Without a checkpoint these options would silently do nothing.
    @Test(arguments: [
        (["--image-size", "64"], "--image-size"), (["--exif", "ignore"], "--exif"), (["--part", "base."], "--part"),
        (["--mean", "0.5", "--std", "0.2"], "--mean, --std"),
    ]) func optionsOfCheckpointsAreRefusedForOthers(options: [String], said: String) throws {
        let folder = try TemporaryFolder()
        let table = try folder.file("run/split-1/hard/predictions.csv", header + rows)
        for path in [table, folder.path("run")] {
            let run = CommandRun(arguments: ["evaluate", path] + options)
            #expect(run.status == .wrongInput)
            let verb = options.count > 2 ? "require" : "requires"
            #expect(run.errors.contains("not a checkpoint, which \(said) \(verb); leave "))
        }
    }

    @Test(arguments: [
        (["--data", "nowhere"], "--data is not used; leave it out"),
        (["--subset", "train"], "--subset is not used; leave it out"),
        (["--data", "nowhere", "--ids", "ids.csv"], "--ids, --data are not used; leave them out"),
    ]) func optionsThatTrueLabelsLeaveUnusedAreRefused(options: [String], said: String) throws {
        let folder = try TemporaryFolder()
        let table = try folder.file("p.csv", header + rows)
        let run = CommandRun(arguments: ["evaluate", table] + options)
        #expect(run.status == .wrongInput)
        #expect(run.errors == "Error: \(table): found predictions with true labels, for which \(said)\n")
        _ = try folder.file("run/split-1/hard/predictions.csv", header + rows)
        let ofRun = CommandRun(arguments: ["evaluate", folder.path("run"), "--subset", "train"])
        #expect(ofRun.status == .wrongInput)
        #expect(ofRun.errors.hasSuffix("found a run, for which --subset is not used; leave it out\n"))
    }

    /// The words for a subset are those of label files, and rows that are not measured are counted.
    @Test func rowsOfOtherSplitsAreLeftOutAndCounted() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file(
            "p.csv", header + rows.replacing("a,test", with: "a,Test") + "c,val,1,0,0,1\nd,train,1,0,0,1\n")
        let run = CommandRun("evaluate", path)
        #expect(run.status == .done, "\(run.errors)")
        #expect(run.errors.contains("p.csv: measures 2 of 4 rows: those of split test\n"), "\(run.errors)")
        let all = CommandRun("evaluate", try folder.file("all.csv", header + rows))
        #expect(all.status == .done && !all.errors.contains("measures"))
    }

    /// Job arrays leave a run in this state between jobs.
    @Test func aTrainingThatHasNotEndedIsLeftOutAndSaid() throws {
        let folder = try TemporaryFolder()
        for kind in ["hard", "soft"] {
            _ = try folder.file("run/split-1/\(kind)/predictions.csv", header + rows)
            _ = try folder.file("run/split-1/\(kind)/resume.safetensors", "")
        }
        let record = RunManifest.Stage(command: "", parameters: .null, inputs: [:], outputs: [])
        try RunFolder(url: URL(fileURLWithPath: folder.path("run"))).record(record, as: "split-1/hard/train")
        let run = CommandRun("evaluate", folder.path("run"))
        #expect(run.status == .done, "\(run.errors)")
        #expect(run.output.contains("run/split-1/hard") && !run.output.contains("run/split-1/soft"))
        #expect(run.errors.contains("run/split-1/soft: its training has not ended; left out"), "\(run.errors)")
    }

    @Test func aRunOfSeveralSplitsGetsMeansAndDeviations() throws {
        let folder = try TemporaryFolder()
        for (split, rows) in [(1, rows), (2, "a,test,1,0,0.8,0.2\nb,test,0,1,0.2,0.8\n")] {
            _ = try folder.file("split-\(split)/hard/predictions.csv", header + rows)
        }
        _ = try folder.file("split-1/soft/predictions.csv", header + rows)
        let run = CommandRun("evaluate", folder.url.path, "--json")
        #expect(run.status == .done, "\(run.errors)")
        let table = try JSONDecoder.forTests.decode(EvaluationTable.self, from: Data(run.output.utf8))
        #expect(table.evaluations.map(\.split) == [.slice(1), .slice(1), .slice(2)])
        #expect(table.evaluations.map(\.labels) == ["hard", "soft", "hard"])
        #expect(table.means.count == 1)
        #expect(table.means[0].splits == [.slice(1), .slice(2)])
        #expect(table.means[0].means[.macroAccuracy] == 0.75)
        #expect(abs(try #require(table.means[0].deviations[.macroAccuracy]) - 0.125.squareRoot()) < 1e-15)
        // One-hot labels have no entropy to correlate with.
        #expect(table.means[0].means[.entropyCorrelation] == nil && table.evaluations[0][.entropyCorrelation] == nil)
        // The keys of JSON are the columns of the CSV, also those of the means.
        let written = try #require(
            JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        #expect(written["format"] as? Int == 2)
        let first = try #require((written["evaluations"] as? [[String: Any]])?.first)
        let mean = try #require((written["means"] as? [[String: Any]])?.first?["means"] as? [String: Double])
        let columns = PredictionMeasure.allCases.filter { $0 != .entropyCorrelation }.map(\.columnName)
        #expect(Set(mean.keys) == Set(columns) && Set(first.keys).isSuperset(of: columns))
        let lines = CommandRun("evaluate", folder.url.path).output.split(separator: "\n")
        #expect(lines.last?.contains("hard, 2 splits") == true)
        #expect(lines.last?.contains("0.7500 ± 0.3536") == true)
        // Evaluates a single training, given its folder.
        let one = CommandRun("evaluate", folder.path("split-1/soft"))
        let row = one.output.split(separator: "\n").last
        #expect(one.status == .done && row?.hasPrefix(folder.path("split-1/soft") + "  ") == true, "\(one.errors)")
    }

    @Test func aClassWithoutImagesIsSaid() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("p.csv", header + "a,test,1,0,0.8,0.2\n")
        let run = CommandRun("evaluate", path)
        #expect(run.output.hasSuffix("p.csv: no image of q, left out of ACC\n"))
    }

    private static func wrongSum(_ sum: String) -> String {
        "<>, row 1: the predicted probabilities sum to \(sum); expected numbers of at least 0 that sum to 1"
    }

    @Test(arguments: [
        ("a,test,1,0,0.8,0.3\n", Self.wrongSum("1.1")),
        ("a,test,1,0,1.5,-0.5\n", Self.wrongSum("1.0")),
        ("a,test,1,0,nan,1\n", Self.wrongSum("nan")),
        ("a,test,1,1,0.8,0.2\n", "<>, row 1: the true shares sum to 2.0; expected 1 (within 0.002)"),
        ("a,val,1,0,0.8,0.2\n", "<>: no row whose split is 'test'"),
        ("", "<>: no rows; expected at least one"),
    ])
    func wrongTables(rows: String, message: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("p.csv", header + rows)
        let run = CommandRun("evaluate", path)
        #expect(run.status == .wrongInput)
        #expect(run.errors == "Error: \(message.replacing("<>", with: path))\n")
    }

    @Test func otherFilesAreNoPredictions() throws {
        let folder = try TemporaryFolder()
        var run = CommandRun("evaluate", folder.url.path)
        #expect(run.status == .wrongInput)
        #expect(run.errors == "Error: \(folder.url.path): no predictions and no checkpoint found\n")
        let path = try folder.file("p.csv", "id,true_p,predicted_q\na,1,1\n")
        run = CommandRun("evaluate", path)
        #expect(
            run.errors == "Error: \(path): no column 'predicted_p'; the columns are id, true_p, predicted_q\n")
        run = CommandRun("evaluate", folder.path("none"))
        #expect(run.errors == "Error: \(folder.path("none")): no such file\n")
    }
}

extension JSONDecoder {
    /// Decodes what commands print with `--json`.
    static var forTests: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }
}
