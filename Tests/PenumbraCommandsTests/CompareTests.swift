import FeatureSpaces
import Foundation
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// `compare` on small files of features and on a run.
@Suite struct CompareTests {
    /// 60 samples of three classes whose labels run from one to the next, in features that follow them (`soft`) or only
    /// their majorities (`hard`).
    private final class Files {
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
                // Different for every sample, so that no two neighbours are equally far.
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

    /// An interrupted comparison goes on with the maps that it has finished.
    @Test func finishedMapsAreNotMadeAgain() throws {
        let files = try Files()
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
        // A changed map and one of other options are made again.
        let soft = try files.folder.text("out/soft.csv")
        _ = try files.folder.file("out/soft.csv", soft.replacing("s3,", with: "s3,1"))
        #expect(files.compare("--snapshots", "2").status == .done)
        #expect(try files.folder.text("out/soft.csv") == soft)
        #expect(try inodes()[0] == made[0])
        #expect(files.compare("--snapshots", "2", "--seed", "5").status == .done)
        #expect(try inodes()[0] != made[0])
    }

    /// The same features and labels in other people's form: a stray column of numbers, labels under other names and in
    /// another order.
    @Test func foreignFilesGiveTheSameReport() throws {
        let files = try Files()
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
        // With the column of widths they are other spaces.
        #expect(files.compare("--columns", "p", "q", "r", "width", "--id-column", "picture").status == .done)
        #expect(try files.report().kinds.map { $0.spaces[0].measures } != plain.kinds.map { $0.spaces[0].measures })
    }

    @Test func filesOfFeaturesAreCompared() throws {
        let files = try Files()
        let run = files.compare()
        #expect(run.status == .done, "\(run.errors)")
        let report = try files.report()
        #expect(report.kinds.map(\.name) == ["hard", "soft"] && report.images == Files.count)
        #expect(report.kinds.allSatisfy { $0.spaces.count == 1 && $0.evaluation == nil })
        let pair = try #require(report.pairs.first)
        #expect(pair.verdict.yardstick == .samples && pair.verdict.evidence.count == 5)
        #expect(run.output.hasPrefix(pair.sentence + "\n\nmeasure "))
        #expect(try files.folder.text("out/report.json").contains("\"format\" : 2"))
        #expect(report.answer.sentences == [pair.sentence] && report.answer.ranking == nil)
        for name in ["figure.png", "figure.svg", "figure.pdf", "explorer.html", "start.csv", "hard.csv", "soft.json"] {
            #expect(FileManager.default.fileExists(atPath: files.folder.path("out/\(name)")), "\(name)")
        }
        // The explorer holds the way of both maps, laid onto the first as it became, and who labelled.
        let ways = try FileManager.default.contentsOfDirectory(atPath: files.folder.path("out/soft.snapshots"))
        #expect(ways.count == 24)
        let page = try files.folder.text("out/explorer.html")
        #expect(page.contains("\"iteration 57\"") && page.contains("\"annotators\""))
        #expect(page.contains("\"answer\":[\""))
        // The answer, a small table and the figure come before everything else.
        let text = try files.folder.text("out/report.md")
        #expect(text.hasPrefix("# hard, soft\n\n**\(pair.sentence)**\n\n| measure | hard | soft | gap | speaks for |"))
        let places = try ["**\n\n| measure", "![The maps", "60 images, 3 classes.", "## In the space of features"].map {
            try #require(text.range(of: $0)?.lowerBound)
        }
        #expect(places == places.sorted())
        let suspects = try CSVTable.read(URL(fileURLWithPath: files.folder.path("out/suspects.csv")))
        #expect(suspects.rowCount == Files.count && Set(suspects.column(1)).count == Files.count)
        let disagreements = try (0..<suspects.rowCount).map { try suspects.number($0, 2) }
        #expect(disagreements == disagreements.sorted(by: >))
        // Every sample once, what changed most first.
        let rows = try CSVTable.read(URL(fileURLWithPath: files.folder.path("out/samples.csv")))
        #expect(rows.rowCount == Files.count && Set(rows.column(3)).count == Files.count)
        let changed = try (0..<rows.rowCount).map { try rows.number($0, 4) }
        #expect(changed == changed.sorted(by: >) && changed[0] > 0)
        for row in 0..<rows.rowCount {
            #expect(abs(try rows.number(row, 6) - rows.number(row, 5) - rows.number(row, 7)) < 1e-12)
        }
        // Both maps begin at the same place.
        let start = try LayoutFile.read(URL(fileURLWithPath: files.folder.path("out/start.csv")))
        let mean = start.coordinates.reduce(0) { $0 + Double($1) } / Double(start.coordinates.count)
        #expect(start.coordinates.count == 2 * Files.count && abs(mean) < 1e-6)
    }

    @Test func theSameAgainGivesTheSameReport() throws {
        let files = try Files()
        _ = files.compare()
        let before = try files.folder.text("out/report.json"), page = try files.folder.text("out/explorer.html")
        #expect(files.compare("--threads", "1").status == .done)
        #expect(try files.folder.text("out/report.json") == before)
        #expect(try files.folder.text("out/explorer.html") == page)
    }

    /// Nothing of the way is left, and the cost stands on standard output alone.
    @Test func theCostIsPrintedWithTheReport() throws {
        struct Printed: Decodable {
            struct Cost: Decodable {
                var projectSeconds: Double, measureSeconds: Double, peakMemory: Int
            }
            var cost: Cost
            var images: Int
        }
        let files = try Files()
        let run = files.compare("--json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let printed = try decoder.decode(Printed.self, from: Data(run.output.utf8))
        #expect(printed.images == Files.count && printed.cost.peakMemory > 1 << 20)
        #expect(printed.cost.projectSeconds > 0 && printed.cost.measureSeconds > 0)
        #expect(try !files.folder.text("out/report.json").contains("cost"))
        let left = try FileManager.default.contentsOfDirectory(atPath: files.folder.path("out"))
        #expect(!left.contains { $0.contains("measures") })
    }

    @Test func aSpaceBesideItselfIsNotDistinguishable() throws {
        let files = try Files()
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

    /// Trainings of one kind on one split are its seeds.
    @Test func seedsAreTheYardstick() throws {
        let files = try Files()
        let content = try files.folder.text("soft.csv"), hard = try files.folder.text("hard.csv")
        var members: [String] = []
        for (run, name, text) in [("a", "soft", content), ("b", "soft", content), ("a", "hard", hard)] {
            let member = "\(run)/split-1/\(name)"
            let rows = text.split(separator: "\n").dropFirst().map { $0.split(separator: ",").dropFirst() }
            let values = rows.flatMap { $0.map { Float($0)! + (run == "b" ? 0.001 : 0) } }
            _ = try files.folder.file("\(member)/samples.csv", files.folder.text("samples.csv"))
            try NPYFile.write(
                NumericArray(shape: [Files.count, 3], values: values),
                to: URL(fileURLWithPath: files.folder.path("\(member)/embeddings.npy")))
            members.append(files.folder.path(member))
        }
        // The predictions say that nothing has to be extracted.
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
        #expect(report.kinds[0].evaluation?.images == Files.count)
        #expect(try files.folder.text("out/explorer.html").contains("ACC"))
    }

    @Test func whatCannotBeCompared() throws {
        let files = try Files()
        func message(_ words: String...) -> String {
            let run = CommandRun(arguments: ["compare", "--out", files.folder.path("out"), "-q"] + words)
            #expect(run.status == .wrongInput, "\(words)")
            return run.errors
        }
        let (hard, soft, samples) = (
            files.folder.path("hard.csv"), files.folder.path("soft.csv"), files.folder.path("samples.csv")
        )
        #expect(
            message(soft, "--labels", samples)
                == "Error: soft (\(soft)) found, two or more kinds expected to compare (--names tells spaces of the same name "
                + "apart)\n")
        #expect(message(hard, soft, "--names", "x").contains("1 names for 2 spaces"))
        #expect(message(hard, files.folder.path("none.npy"), "--labels", samples).hasSuffix("none.npy: no such file\n"))
        let lines = try files.folder.text("soft.csv").split(separator: "\n")
        let short = try files.folder.file("short.csv", lines.prefix(40).joined(separator: "\n") + "\n")
        #expect(
            message(hard, short, "--labels", samples)
                == "Error: \(hard) and \(short) hold different samples: 21 only in \(hard) (s39, s40, s41 … (21 in all)); "
                + "compare those that all have with --common-samples\n")
        let few = try files.folder.file("few.csv", lines.prefix(16).joined(separator: "\n") + "\n")
        #expect(
            message(hard, few, "--labels", samples, "--common-samples")
                == "Error: \(hard): 15 samples found, at least 20 expected to compare spaces by\n")
        #expect(
            message(hard, soft).contains("no labels found (hard-samples.csv would hold them); name a file of labels "))
        #expect(
            message(hard, soft, "--labels", samples, "--only-class", "x")
                == "Error: --only-class is 'x'; expected a class that samples have: a, b, c\n")
        #expect(CommandRun(arguments: ["compare", hard, soft]).errors.contains("Missing --out"))
        let bad = try files.folder.file(
            "bad.csv", files.folder.text("soft.csv").replacing("\"s5\",", with: "\"s5\",nan,"))
        #expect(!message(hard, bad, "--labels", samples).isEmpty)
        #expect(message(hard, soft, "--labels", samples, "--neighbors", "0").contains("1 to 1000000"))
        #expect(message(hard, soft, "--labels", samples, "--snapshots", "201").contains("0 to 200"))
    }

    /// The same samples in another order give the same report; those that only one has are left out where that is asked for.
    @Test func samplesAreJoinedByID() throws {
        let files = try Files()
        #expect(files.compare().status == .done)
        let plain = try files.report()
        let lines = try files.folder.text("soft.csv").split(separator: "\n")
        let turned = [lines[0]] + lines.dropFirst().reversed()
        _ = try files.folder.file("soft.csv", turned.joined(separator: "\n") + "\n")
        let run = files.compare()
        #expect(run.status == .done, "\(run.errors)")
        let joined = try files.report()
        #expect(joined.answer.sentences == plain.answer.sentences)
        #expect(joined.kinds.map { $0.spaces[0].measures } == plain.kinds.map { $0.spaces[0].measures })
        // The map of the joined space names the samples in the first's order.
        let map = try LayoutFile.read(URL(fileURLWithPath: files.folder.path("out/soft.csv")))
        #expect(map.ids.ids == (0..<Files.count).map { "s\($0)" })
        _ = try files.folder.file("soft.csv", turned.dropLast(7).joined(separator: "\n") + "\n")
        #expect(files.compare("--common-samples").status == .done)
        #expect(try files.report().images == Files.count - 7)
        // One hard class alone has no other class to lie apart from: measure 2 would be measure 1 again.
        #expect(files.compare("--common-samples", "--only-class", "b").status == .done)
        let alone = try files.report()
        #expect(alone.images >= 20 && alone.images < 30)
        #expect(alone.pairs[0].verdict.evidence.filter { $0.gap == nil }.map(\.measure) == [.classPairCorrelation])
    }

    /// Samples without a label are an error that names the option, or are left out under it, which is said.
    @Test func samplesWithoutLabelsAreLeftOutWhereThatIsAsked() throws {
        let files = try Files()
        let lines = try files.folder.text("samples.csv").split(separator: "\n")
        _ = try files.folder.file("samples.csv", lines.prefix(41).joined(separator: "\n") + "\n")
        let refused = files.compare()
        #expect(refused.status == .wrongInput)
        #expect(refused.errors.contains("20 samples of ") && refused.errors.contains("the first is 's40'"))
        #expect(refused.errors.contains("compare those that have one with --common-samples"))
        let run = files.compare("--common-samples")
        #expect(run.status == .done, "\(run.errors)")
        #expect(try files.report().images == 40)
        _ = try files.folder.file("samples.csv", lines.prefix(4).joined(separator: "\n") + "\n")
        #expect(files.compare("--common-samples").errors.contains("3 samples found, at least 20 expected"))
    }

    /// Files of one name are told apart by their folders, and names with commas or pipes break no sentence and no table.
    @Test func namesOfAllKinds() throws {
        let files = try Files()
        var arguments = ["compare"]
        for (folder, name) in [("a, b", "hard"), ("c|d", "soft")] {
            arguments.append(try files.folder.file("\(folder)/embeddings.csv", files.folder.text("\(name).csv")))
        }
        let run = CommandRun(
            arguments: arguments + [
                "--labels", files.folder.path("samples.csv"), "--out", files.folder.path("out"), "--perplexity", "5",
                "--max-iter", "20", "--bootstraps", "50", "--permutations", "0", "--snapshots", "0", "-q",
            ])
        #expect(run.status == .done, "\(run.errors)")
        let report = try files.report()
        #expect(report.kinds.map(\.name) == ["a, b", "c|d"])
        #expect(report.pairs[0].sentence.contains("“a, b”") && report.pairs[0].sentence.contains("“c|d”"))
        let text = try files.folder.text("out/report.md")
        for line in text.split(separator: "\n") where line.hasPrefix("| measure |") || line.hasPrefix("| 1.") {
            #expect(line.replacing("\\|", with: "").split(separator: "|").count >= 3)
        }
        #expect(text.contains("| measure | a, b | c\\|d | gap | speaks for |"))
    }

    /// Three kinds: a matrix of outcomes, and a ranking.
    @Test func threeKinds() throws {
        let files = try Files()
        let hard = try files.folder.text("hard.csv").split(separator: "\n")
        let dealt =
            [hard[0]]
            + (0..<Files.count).map { index in
                let row = hard[1 + (index * 7) % Files.count].split(separator: ",").dropFirst()
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

    /// A ranking has groups, and is none where pairs contradict each other.
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

    /// What a run's trainings differ in beside their kind is an error, unless it is allowed.
    @Test func trainingsThatDifferAreSaid() throws {
        let files = try Files()
        var members: [String] = []
        var stages: [String] = []
        for (name, epochs) in [("hard", 20), ("soft", 30)] {
            let text = try files.folder.text("\(name).csv").split(separator: "\n").dropFirst()
            let values = text.flatMap { $0.split(separator: ",").dropFirst().map { Float($0)! } }
            _ = try files.folder.file("run/split-1/\(name)/samples.csv", files.folder.text("samples.csv"))
            try NPYFile.write(
                NumericArray(shape: [Files.count, 3], values: values),
                to: URL(fileURLWithPath: files.folder.path("run/split-1/\(name)/embeddings.npy")))
            _ = try files.folder.file(
                "run/split-1/\(name)/predictions.csv",
                "id,split,true_a,true_b,true_c,predicted_a,predicted_b,predicted_c\n"
                    + (0..<Files.count).map { "s\($0),test,1,0,0,0.5,0.25,0.25\n" }.joined())
            members.append(files.folder.path("run/split-1/\(name)"))
            stages.append(
                """
                "split-1/\(name)/train": {"command": "", "inputs": {"dataset": "ab"}, "outputs": [],
                  "parameters": {"labels": "\(name)", "epochs": \(epochs), "seed": \(epochs)}}
                """)
        }
        _ = try files.folder.file(
            "run/run.json", "{\"version\": \"1\", \"stages\": {\(stages.joined(separator: ","))}}")
        func compare(_ more: String...) -> CommandRun {
            CommandRun(
                arguments: ["compare"] + members + [
                    "--out", files.folder.path("out"), "--perplexity", "5", "--max-iter", "20", "--bootstraps", "20",
                    "--permutations", "0", "--snapshots", "0", "-q",
                ] + more)
        }
        let refused = compare()
        #expect(refused.status == .wrongInput)
        #expect(refused.errors.contains("epochs: 20 (") && refused.errors.contains("), 30 ("), "\(refused.errors)")
        #expect(!refused.errors.contains("seed:") && refused.errors.contains("--allow-different"))
        let allowed = compare("--allow-different")
        #expect(allowed.status == .done, "\(allowed.errors)")
        #expect(try files.report().answer.trainingDifferences.count == 1)
        #expect(try files.folder.text("out/report.md").contains("- epochs: 20"))
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

    /// Nothing of an id becomes a tag or ends the page's script.
    @Test func idsAreNoMarkup() throws {
        let hostile = [
            "</script><script>alert(1)</script>", "a\"b'c", "<img src=x onerror=alert(1)>", "שלום \u{202E}x", "😀&amp;",
        ]
        let files = try Files { $0 < hostile.count ? hostile[$0] : "s\($0)" }
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
        // The first feature of x is the class, and one class has no order. All labels are pure.
        #expect(
            run.output.hasPrefix(
                classes == 1
                    ? "x and y: not distinguishable." : "x: better ordered than y. 3 of 3 measures speak for it"))
    }
}
