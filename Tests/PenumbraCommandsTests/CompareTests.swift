import FeatureSpaces
import Foundation
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// `compare` on small feature files and on a run.
@Suite struct CompareTests {
    /// An interrupted comparison reuses the maps it has already finished.
    @Test func finishedMapsAreNotMadeAgain() throws {
        let files = try CompareFiles()
        #expect(files.compare("--snapshots", "2").status == .done)
        let maps = ["hard", "soft"]
        func inodes() throws -> [UInt64?] {
            try maps.map {
                try FileManager.default.attributesOfItem(atPath: files.folder.path("out/\($0).csv"))[.systemFileNumber]
                    as? UInt64
            }
        }
        let made = try inodes()
        let report = try files.folder.text("out/report.json")
        #expect(files.compare("--snapshots", "2").status == .done)
        #expect(try inodes() == made)
        #expect(try files.folder.text("out/report.json") == report)
        // A map that was edited or made with other options is recomputed.
        let soft = try files.folder.text("out/soft.csv")
        _ = try files.folder.file("out/soft.csv", soft.replacing("s3,", with: "s3,1"))
        #expect(files.compare("--snapshots", "2").status == .done)
        #expect(try files.folder.text("out/soft.csv") == soft)
        #expect(try inodes()[0] == made[0])
        #expect(files.compare("--snapshots", "2", "--seed", "5").status == .done)
        #expect(try inodes()[0] != made[0])
    }

    /// The same features and labels as another program would write them: an extra column of numbers, other label names and
    /// another row order.
    @Test func foreignFilesGiveTheSameReport() throws {
        let files = try CompareFiles()
        #expect(files.compare().status == .done)
        let plain = try files.report()
        for name in ["hard", "soft"] {
            let lines = try files.folder.text("\(name).csv").split(separator: "\n")
            let foreign = lines.enumerated().map { $0 == 0 ? "id,p,q,r,width" : "\($1),\(900 + $0 % 7)" }
            _ = try files.folder.file("\(name).csv", foreign.joined(separator: "\n") + "\n")
        }
        let labels = try files.folder.text("samples.csv").split(separator: "\n").dropFirst().map { line in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            return ([fields[0]] + fields[3...]).joined(separator: ";")
        }
        _ = try files.folder.file("samples.csv", "picture;a;b;c\n" + labels.reversed().joined(separator: "\n") + "\n")
        let run = files.compare("--skip-columns", "width", "--id-column", "picture", "--strict")
        #expect(run.status == .done, "\(run.errors)")
        let foreign = try files.report()
        #expect(foreign.classes == plain.classes && foreign.images == plain.images)
        #expect(foreign.pairs.map(\.sentence) == plain.pairs.map(\.sentence))
        #expect(foreign.kinds.map { $0.spaces[0].measures } == plain.kinds.map { $0.spaces[0].measures })
        #expect(foreign.labels?.lines.isEmpty == false)
        // With the width column included, the feature spaces differ.
        #expect(files.compare("--columns", "p", "q", "r", "width", "--id-column", "picture").status == .done)
        #expect(try files.report().kinds.map { $0.spaces[0].measures } != plain.kinds.map { $0.spaces[0].measures })
    }

    /// A table of predictions beside another program's features may have any form.
    @Test(arguments: ["id,a,b,c\ns0,1,0,0\n", "id,true_p,predicted_p\nz,1,1\n", "no table\n"])
    func aForeignFileOfPredictionsIsLeftOut(content: String) throws {
        let files = try CompareFiles()
        _ = try files.folder.file("predictions.csv", content)
        let run = files.compare("--max-iter", "20", "--bootstraps", "20")
        #expect(run.status == .done, "\(run.errors)")
        #expect(try files.report().kinds.allSatisfy { $0.evaluation == nil })
    }

    /// After hours of maps, images that cannot be read cost only the thumbnails.
    @Test func imagesThatCannotBeReadAreNoted() throws {
        let files = try CompareFiles()
        let sets = files.folder.path("sets")
        for kind in ["shapes", "fibres"] {
            let made = CommandRun("generate", kind, "--out", sets, "--count", "20", "--size", "32", "-q")
            #expect(made.status == .done, "\(made.errors)")
        }
        let wayOn = ": the explorer has no images; name their data set with --data\n"
        for (data, problem) in [
            (sets, "found several data sets (Fibres-simulated, Shapes); name one of these folders"),
            (sets + "/Shapes", "found no image of these samples"),
        ] {
            let run = CommandRun(
                "compare", files.folder.path("hard.csv"), files.folder.path("soft.csv"), "--labels",
                files.folder.path("samples.csv"), "--out", files.folder.path("out"), "--perplexity", "5", "--max-iter",
                "20", "--neighbors", "5", "--bootstraps", "20", "--permutations", "20", "--data", data)
            #expect(run.status == .done, "\(run.errors)")
            #expect(run.errors.contains("\(data): \(problem)\(wayOn)"), "\(run.errors)")
            #expect(FileManager.default.fileExists(atPath: files.folder.path("out/explorer.html")))
            try FileManager.default.removeItem(atPath: files.folder.path("out/explorer.html"))
        }
    }

    @Test func filesOfFeaturesAreCompared() throws {
        let files = try CompareFiles()
        let run = files.compare()
        #expect(run.status == .done, "\(run.errors)")
        let report = try files.report()
        #expect(report.kinds.map(\.name) == ["hard", "soft"] && report.images == CompareFiles.count)
        #expect(report.kinds.allSatisfy { $0.spaces.count == 1 && $0.evaluation == nil })
        let pair = try #require(report.pairs.first)
        #expect(pair.verdict.yardstick == .samples && pair.verdict.evidence.count == 5)
        #expect(run.output.hasPrefix(pair.sentence + "\n\nmeasure "))
        #expect(try files.folder.text("out/report.json").contains("\"format\" : 4"))
        #expect(report.answer.sentences == [pair.sentence] && report.answer.ranking == nil)
        // One spelling, as a key and as a value.
        let written = try files.folder.text("out/report.json")
        #expect(written.contains("\"measure\" : \"pair_correlation\"") && written.contains("\"pair_correlation\" : {"))
        #expect(!written.contains("pairCorrelation") && !written.contains("BetterOrdered"))
        for name in ["figure.png", "figure.svg", "figure.pdf", "explorer.html", "start.csv", "hard.csv", "soft.json"] {
            #expect(FileManager.default.fileExists(atPath: files.folder.path("out/\(name)")), "\(name)")
        }
        // The explorer holds the snapshots of both maps, each aligned to the first final map, and the annotator counts.
        let ways = try FileManager.default.contentsOfDirectory(atPath: files.folder.path("out/soft.snapshots"))
        #expect(ways.count == 24)
        let page = try files.folder.text("out/explorer.html")
        #expect(page.contains("\"iteration 57\"") && page.contains("\"annotators\""))
        #expect(page.contains("\"answer\":[\""))
        #expect(
            page.contains(" With one training per kind and split, chance differences between trainings are unknown.\""))
        #expect(page.contains("label misfit change") && !page.contains("label fit"))
        // The answer, a small table and the figure come first.
        let text = try files.folder.text("out/report.md")
        #expect(text.hasPrefix("# hard, soft\n\n**\(pair.sentence)**\n\n| measure | hard | soft | gap | speaks for |"))
        let places = try [
            "**\n\n| measure", "![The maps", "60 images, 3 classes.", "## Inputs", "## In the space of features",
        ].map {
            try #require(text.range(of: $0)?.lowerBound)
        }
        #expect(places == places.sorted())
        // What was read, and with what settings it was measured.
        let (soft, samples) = (files.folder.path("soft.csv"), files.folder.path("samples.csv"))
        #expect(
            text.contains(
                "| soft | \(MarkdownText.escaped(soft)) | f0 … f2 | 60 | 3 | \(MarkdownText.escaped(samples)) | – | – |"
            ))
        #expect(text.contains("with --seed 0, --neighbors 5, --bootstraps 100 and --permutations 20."))
        #expect(report.kinds[1].spaces[0].input?.columns?.count == 3)
        #expect(
            text.contains("among 20 permutations of the labels and the labels themselves, so it is at least 0.048."))
        let suspects = try CSVTable.read(URL(fileURLWithPath: files.folder.path("out/suspects.csv")))
        #expect(suspects.rowCount == CompareFiles.count && Set(suspects.column(1)).count == CompareFiles.count)
        let disagreements = try (0..<suspects.rowCount).map { try suspects.number($0, 2) }
        #expect(disagreements == disagreements.sorted(by: >))
        // Every sample appears once, sorted by change, largest first.
        let rows = try CSVTable.read(URL(fileURLWithPath: files.folder.path("out/samples.csv")))
        #expect(rows.rowCount == CompareFiles.count && Set(rows.column(3)).count == CompareFiles.count)
        let changed = try (0..<rows.rowCount).map { try rows.number($0, 4) }
        #expect(changed == changed.sorted(by: >) && changed[0] > 0)
        for row in 0..<rows.rowCount {
            #expect(abs(try rows.number(row, 6) - rows.number(row, 5) - rows.number(row, 7)) < 1e-12)
        }
        // Both maps start from the same centred positions.
        let start = try LayoutFile.read(URL(fileURLWithPath: files.folder.path("out/start.csv")))
        let mean = start.coordinates.reduce(0) { $0 + Double($1) } / Double(start.coordinates.count)
        #expect(start.coordinates.count == 2 * CompareFiles.count && abs(mean) < 1e-6)
    }

    @Test func theSameAgainGivesTheSameReport() throws {
        let files = try CompareFiles()
        _ = files.compare()
        let before = try files.folder.text("out/report.json"), page = try files.folder.text("out/explorer.html")
        #expect(files.compare("--threads", "1").status == .done)
        #expect(try files.folder.text("out/report.json") == before)
        #expect(try files.folder.text("out/explorer.html") == page)
    }

    /// No intermediate files are left behind. The cost is printed on standard output but kept out of the report.
    @Test func theCostIsPrintedWithTheReport() throws {
        struct Printed: Decodable {
            struct Cost: Decodable {
                var projectSeconds: Double, measureSeconds: Double, peakMemory: Int
            }
            var cost: Cost
            var images: Int
        }
        let files = try CompareFiles()
        let run = files.compare("--json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let printed = try decoder.decode(Printed.self, from: Data(run.output.utf8))
        #expect(printed.images == CompareFiles.count && printed.cost.peakMemory > 1 << 20)
        #expect(printed.cost.projectSeconds > 0 && printed.cost.measureSeconds > 0)
        #expect(try !files.folder.text("out/report.json").contains("cost"))
        let left = try FileManager.default.contentsOfDirectory(atPath: files.folder.path("out"))
        #expect(!left.contains { $0.contains("measures") })
    }

    @Test func aSpaceBesideItselfIsNotDistinguishable() throws {
        let files = try CompareFiles()
        let run = CommandRun(
            arguments: [
                "compare", files.folder.path("soft.csv"), files.folder.path("soft.csv"), "--names", "one", "other",
                "--labels", files.folder.path("samples.csv"), "--out", files.folder.path("out"), "--perplexity", "5",
                "--max-iter", "30", "--bootstraps", "50", "--permutations", "0", "--no-shared-start",
            ])
        #expect(run.status == .done, "\(run.errors)")
        #expect(run.output.hasPrefix("one and other: not distinguishable."))
        let pair = try files.report().pairs[0]
        #expect(pair.verdict.outcome == .notDistinguishable && abs(pair.difference.neighborShare!.value - 1) < 1e-12)
    }

    /// Trainings of one kind on one split count as its seeds.
    @Test func seedsAreTheYardstick() throws {
        let files = try CompareFiles()
        let content = try files.folder.text("soft.csv"), hard = try files.folder.text("hard.csv")
        var members: [String] = []
        for (run, name, text) in [("a", "soft", content), ("b", "soft", content), ("a", "hard", hard)] {
            let member = "\(run)/split-1/\(name)"
            let rows = text.split(separator: "\n").dropFirst().map { $0.split(separator: ",").dropFirst() }
            let values = rows.flatMap { $0.map { Float($0)! + (run == "b" ? 0.001 : 0) } }
            _ = try files.folder.file("\(member)/samples.csv", files.folder.text("samples.csv"))
            try NPYFile.write(
                NumericArray(shape: [CompareFiles.count, 3], values: values),
                to: URL(fileURLWithPath: files.folder.path("\(member)/embeddings.npy")))
            members.append(files.folder.path(member))
        }
        // With predictions present, no features need to be extracted.
        let header = "id,split,true_a,true_b,true_c,predicted_a,predicted_b,predicted_c\n"
        let samples = try files.folder.text("samples.csv").split(separator: "\n").dropFirst()
        let predictions =
            header
            + samples.map { row in
                let fields = row.split(separator: ",", omittingEmptySubsequences: false)
                return "\(fields[0]),test,\(fields[3...].joined(separator: ",")),0.5,0.25,0.25\n"
            }.joined()
        for member in members {
            try Data(predictions.utf8).write(to: URL(fileURLWithPath: member + "/predictions.csv"))
        }
        let run = CommandRun(
            arguments: ["compare"] + members + [
                "--out", files.folder.path("out"), "--perplexity", "5", "--max-iter", "30", "--bootstraps", "20",
                "--permutations", "0", "--neighbors", "5", "-q",
            ])
        #expect(run.status == .done, "\(run.errors)")
        let report = try files.report()
        #expect(report.kinds.map(\.name) == ["soft labels", "hard labels"])
        #expect(report.kinds[0].spaces.count == 2 && report.pairs[0].verdict.yardstick == .seeds)
        #expect(report.kinds[0].evaluation?.images == CompareFiles.count)
        #expect(try files.folder.text("out/explorer.html").contains("ACC"))
    }

    /// It ended with the name of a type.
    @Test func aFailedSelfTestNamesItsCases() {
        let one = CompareCommand.FailedCases(names: ["a ring"], total: 27)
        #expect(ExitStatus(of: one) == .failed)
        #expect("\(one)".hasPrefix("1 of 27 cases does not pass") && "\(one)".hasSuffix(": a ring"))
        let two = CompareCommand.FailedCases(names: ["a ring", "arcs"], total: 27)
        #expect("\(two)".hasPrefix("2 of 27 cases do not pass") && "\(two)".hasSuffix(": a ring; arcs"))
    }

    /// Three kinds give a matrix of pairwise outcomes and a ranking.
    @Test func threeKinds() throws {
        let files = try CompareFiles()
        let hard = try files.folder.text("hard.csv").split(separator: "\n")
        let dealt =
            [hard[0]]
            + (0..<CompareFiles.count).map { index in
                let row = hard[1 + (index * 7) % CompareFiles.count].split(separator: ",").dropFirst()
                return "\"s\(index)\",\(row.joined(separator: ","))"[...]
            }
        _ = try files.folder.file("dealt.csv", dealt.joined(separator: "\n") + "\n")
        let run = CommandRun(
            arguments: ["compare"] + ["dealt", "soft", "hard"].map { files.folder.path("\($0).csv") } + [
                "--labels", files.folder.path("samples.csv"), "--out", files.folder.path("out"), "--perplexity", "5",
                "--max-iter", "20", "--bootstraps", "100", "--permutations", "0", "--snapshots", "0", "-q",
            ])
        #expect(run.status == .done, "\(run.errors)")
        let report = try files.report()
        #expect(report.pairs.count == 3 && report.matrix.table.count == 4)
        #expect(report.answer.sentences.count == 3)
        let matrix = try files.folder.text("out/report.md").split(separator: "\n").first { $0.hasPrefix("|  | dealt") }
        #expect(matrix == "|  | dealt | soft | hard |")
    }

    /// A ranking groups ties; contradictory pairs give none.
    @Test func rankingsAreTransitive() {
        func ranking(_ first: Verdict.Outcome, _ second: Verdict.Outcome, _ third: Verdict.Outcome) -> [[String]]? {
            VerdictMatrix(names: ["a", "b", "c"], pairs: [(0, 1, first), (0, 2, second), (1, 2, third)]).ranking
        }
        #expect(ranking(.firstBetterOrdered, .firstBetterOrdered, .secondBetterOrdered) == [["a"], ["c"], ["b"]])
        #expect(ranking(.firstBetterOrdered, .firstBetterOrdered, .notDistinguishable) == [["a"], ["b", "c"]])
        #expect(ranking(.firstBetterOrdered, .firstBetterOrdered, .mixed) == nil)
        #expect(ranking(.firstBetterOrdered, .secondBetterOrdered, .firstBetterOrdered) == nil)
        #expect(ranking(.firstBetterOrdered, .notDistinguishable, .notDistinguishable) == nil)
        #expect(ranking(.notDistinguishable, .notDistinguishable, .notDistinguishable) == nil)
        #expect(
            ComparisonReport.line([["a"], ["b, d", "c"]]) == "Best ordered first: a; “b, d” and c.")
    }

    @Test func theSelfTestPrintsATable() throws {
        let run = CommandRun(arguments: ["compare", "--self-test", "--self-test-seeds", "0"])
        #expect(run.status == .wrongInput && run.errors.contains("expected 1 to 10000"))
        let row = VerdictSelfTest.Row(
            name: "a", samples: 20, classes: 3, expected: .mixed, seeds: 10, right: 9, wrong: 1, spoke: [.labelProbe: 4]
        )
        let table = VerdictSelfTest(rows: [row])
        #expect(table.markdown.last == "| a | 20 | 3 | mixed | 9 of 10 | 1 | 0 | 0 | 0 | 0 | 4 |")
        #expect(!table.passes)
    }

    /// An id can neither become a tag nor close the page's script.
    @Test func idsAreNoMarkup() throws {
        let hostile = [
            "</script><script>alert(1)</script>", "a\"b'c", "<img src=x onerror=alert(1)>", "שלום \u{202E}x", "😀&amp;",
        ]
        let files = try CompareFiles { $0 < hostile.count ? hostile[$0] : "s\($0)" }
        let run = files.compare()
        #expect(run.status == .done, "\(run.errors)")
        for name in ["explorer.html", "figure.svg", "report.md"] {
            let text = try files.folder.text("out/\(name)")
            #expect(!text.contains("<script>alert") && !text.contains("<img src=x"), "\(name)")
        }
    }

    @Test(arguments: [1, 40]) func anyNumberOfClasses(classes: Int) throws {
        let folder = try TemporaryFolder()
        let names = (0..<classes).map { "k\($0)" }
        var samples = "id,\(names.joined(separator: ","))\n", features = ["x": "id,f0,f1\n", "y": "id,f0,f1\n"]
        for index in 0..<50 {
            samples += "s\(index),\((0..<classes).map { $0 == index % classes ? "1" : "0" }.joined(separator: ","))\n"
            features["x"]! += "s\(index),\(index % classes),\(Double((index * 7) % 50) / 50)\n"
            features["y"]! += "s\(index),\(Double((index * 11) % 50) / 50),\(index)\n"
        }
        let labels = try folder.file("samples.csv", samples)
        let paths = try ["x", "y"].map { try folder.file("\($0).csv", features[$0]!) }
        let run = CommandRun(
            arguments: ["compare"] + paths + [
                "--labels", labels, "--out", folder.path("out"), "--perplexity", "5", "--max-iter", "30",
                "--bootstraps",
                "20", "--permutations", "5", "-q",
            ])
        #expect(run.status == .done, "\(run.errors)")
        // The first feature of x is the class; a single class has no order. All labels are one-hot.
        #expect(
            run.output.hasPrefix(
                classes == 1
                    ? "x and y: not distinguishable." : "x: better ordered than y. 3 of 3 measures speak for it"))
    }
}
