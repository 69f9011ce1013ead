import FeatureSpaces
import Foundation
import LabelDistributions
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Inputs of `compare`: joining samples by id, naming spaces, trainings that differ, and what is refused.
@Suite struct CompareInputsTests {
    @Test func whatCannotBeCompared() throws {
        let files = try CompareFiles()
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
                == "Error: found soft (\(soft)); expected two or more kinds to compare (spaces of the same name can be "
                + "renamed with --names)\n")
        #expect(message(hard, soft, "--names", "x").contains("--names has 1 value; expected 2, one per space."))
        #expect(message(hard, files.folder.path("none.npy"), "--labels", samples).hasSuffix("none.npy: no such file\n"))
        #expect(
            message(hard, files.folder.path("runs/none"), "--labels", samples)
                .hasSuffix("runs/none: no such file or folder\n"))
        let drawn = CommandRun("figure", files.folder.path("runs/none"), "--out", files.folder.path("f.svg"))
        #expect(drawn.errors.hasSuffix("runs/none: no such file or folder\n"), "\(drawn.errors)")
        let lines = try files.folder.text("soft.csv").split(separator: "\n")
        let short = try files.folder.file("short.csv", lines.prefix(40).joined(separator: "\n") + "\n")
        #expect(
            message(hard, short, "--labels", samples)
                == "Error: \(hard) and \(short) hold different samples: 21 only in \(hard) (s39, s40, s41 … (21 in "
                + "all)); compare the samples they share with --common-samples\n")
        let few = try files.folder.file("few.csv", lines.prefix(16).joined(separator: "\n") + "\n")
        #expect(
            message(hard, few, "--labels", samples, "--common-samples")
                == "Error: \(hard): found 15 samples; comparing spaces needs at least 20\n")
        #expect(
            message(hard, soft).contains("found no labels (looked for hard-samples.csv); name a file of labels "))
        // The table next to the features is not read in another way.
        for name in ["hard", "soft"] {
            _ = try files.folder.file("\(name)-samples.csv", files.folder.text("samples.csv"))
        }
        #expect(
            message(hard, soft, "--classes", "a", "b", "--label-format", "votes")
                == "Error: \(hard): --label-format, --classes: how to read a file of labels, but none is named; name it with "
                + "--labels, or leave the options out\n")
        #expect(
            message(hard, soft, "--labels", samples, "--only-class", "x")
                == "Error: --only-class is 'x'; expected a class that occurs in the samples: a, b, c\n")
        #expect(CommandRun(arguments: ["compare", hard, soft]).errors.contains("Missing --out"))
        #expect(
            message(hard, soft, "--labels", samples, "--votes", samples, "--fold-seed", "2").contains(
                "--votes, --fold-seed: for a data set, but none is named; name it with --data, or leave the options out."
            ))
        let bad = try files.folder.file(
            "bad.csv", files.folder.text("soft.csv").replacing("\"s5\",", with: "\"s5\",nan,"))
        #expect(!message(hard, bad, "--labels", samples).isEmpty)
        #expect(message(hard, soft, "--labels", samples, "--neighbors", "0").contains("1 to 1000000"))
        #expect(message(hard, soft, "--labels", samples, "--snapshots", "201").contains("0 to 200"))
    }

    /// Options that nothing uses, and more neighbours than would say anything.
    @Test func whatWouldHaveNoEffectIsRefused() throws {
        let files = try CompareFiles()
        let hard = files.folder.path("hard.csv")
        for words in [["--split", "2"], ["--split", "1"], ["--precision", "bf16"]] {
            let run = CommandRun(
                arguments: [
                    "compare", hard, files.folder.path("soft.csv"), "--labels", files.folder.path("samples.csv"),
                    "--out",
                    files.folder.path("out"), "-q",
                ] + words)
            #expect(run.status == .wrongInput)
            #expect(
                run.errors
                    == "Error: \(hard): not a checkpoint, which \(words[0]) requires; leave it out, or name the checkpoint\n"
            )
        }
        let run = files.compare("--self-test-seeds", "3")
        #expect(run.status == .wrongInput && run.errors.contains("--self-test-seeds is for --self-test; leave it out."))
        for (number, status) in [("59", ExitStatus.wrongInput), ("58", .done)] {
            let run = CommandRun(
                arguments: [
                    "compare", hard, files.folder.path("soft.csv"), "--labels", files.folder.path("samples.csv"),
                    "--out",
                    files.folder.path("out"), "-q", "--perplexity", "5", "--max-iter", "5", "--snapshots", "0",
                    "--bootstraps", "20", "--permutations", "0", "--neighbors", number,
                ])
            #expect(run.status == status, "\(run.errors)")
            if status == .done { continue }
            #expect(
                run.errors.hasSuffix(
                    "hard.csv: the number of nearest neighbours (--neighbors) is 59; with 60 samples it must be below 59\n"
                ),
                "\(run.errors)")
        }
    }

    /// Exact copies are neighbours by their ids, whatever rows they are in, and the report names them.
    @Test func theOrderOfCopiesDoesNotShow() throws {
        let files = try CompareFiles()
        let labels = try files.folder.text("samples.csv").split(separator: "\n").dropFirst().map { line in
            line.split(separator: ",", omittingEmptySubsequences: false).suffix(3).map { Double($0)! }
        }
        let rows = labels.enumerated().map { row, label -> String in
            let winner = label.firstIndex(of: label.max()!)!
            return "s\(row)," + label.indices.map { $0 == winner ? "5" : "0" }.joined(separator: ",") + "\n"
        }
        let soft = try files.folder.text("soft.csv").split(separator: "\n").map { $0 + "\n" }
        func measured(_ order: [Int]) throws -> (SpaceMeasures, ComparisonReport) {
            _ = try files.folder.file("hard.csv", "id,f0,f1,f2\n" + order.map { rows[$0] }.joined())
            _ = try files.folder.file("soft.csv", soft[0] + order.map { soft[$0 + 1] }.joined())
            let run = files.compare()
            #expect(run.status == .done, "\(run.errors)")
            let report = try files.report()
            return (report.kinds[0].spaces[0].measures, report)
        }
        let (found, report) = try measured(Array(rows.indices))
        let (other, _) = try measured(rows.indices.sorted { labels[$0].max()! > labels[$1].max()! })
        for measure in [SpaceMeasure.neighborDivergence, .entropyCorrelation] {
            let (one, two) = (try #require(found[measure]).value, try #require(other[measure]).value)
            #expect(abs(one - two) < 1e-12, "\(measure)")
        }
        #expect(found.copiedSamples == rows.count)
        #expect(
            report.copyRemarks.count == 1
                && report.copyRemarks[0].hasPrefix("In hard, 60 of 60 samples have exact copies"))
        #expect(try files.folder.text("out/report.md").contains("drawn at random among them."))
    }

    /// One class: only neighbours are defined.
    @Test func oneMeasureIsASingular() throws {
        let labels = [LabelDistribution](repeating: LabelDistribution(oneHot: 0, of: 1), count: 30)
        let space = try FeatureSpace(features: (0..<30).map { Float($0 * 37 % 31) }, dimension: 1, labels: labels)
        let trial = Trial(split: "", space: MeasuredSpace(space))
        let words = VerdictWords(first: "a", second: "b", verdict: try Verdict(first: [trial], second: [trial]))
        #expect(
            words.statement.hasPrefix(
                "a and b: not distinguishable. The only defined measure speaks for neither; undefined"),
            "\(words.statement)")
    }

    /// Reordered samples give the same report. With `--common-samples`, samples that only one file has are left out.
    @Test func samplesAreJoinedByID() throws {
        let files = try CompareFiles()
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
        // The map of the reordered space lists the samples in the order of the first space.
        let map = try LayoutFile.read(URL(fileURLWithPath: files.folder.path("out/soft.csv")))
        #expect(map.ids.ids == (0..<CompareFiles.count).map { "s\($0)" })
        _ = try files.folder.file("soft.csv", turned.dropLast(7).joined(separator: "\n") + "\n")
        #expect(files.compare("--common-samples").status == .done)
        #expect(try files.report().images == CompareFiles.count - 7)
        // A single class has no other class to be separated from, so measure 2 would only repeat measure 1.
        #expect(files.compare("--common-samples", "--only-class", "b").status == .done)
        let alone = try files.report()
        #expect(alone.images >= 20 && alone.images < 30)
        #expect(alone.pairs[0].verdict.evidence.filter { $0.gap == nil }.map(\.measure) == [.classPairCorrelation])
    }

    /// Two data sets that number their images alike: the tables beside the features are compared whatever `--labels` names.
    @Test func featuresOfTwoDataSetsAreRefused() throws {
        let files = try CompareFiles()
        let text = try files.folder.text("samples.csv")
        let other = text.split(separator: "\n").map {
            $0.hasPrefix("\"s7\"") ? "\"s7\",test,15,0.25,0.25,0.5" : String($0)
        }.joined(separator: "\n")
        _ = try files.folder.file("hard-samples.csv", text)
        let soft = try files.folder.file("soft-samples.csv", other + "\n")
        for more in [["--labels", files.folder.path("samples.csv")], []] {
            for choice in [[], ["--common-samples"]] {
                let run = CommandRun(
                    arguments: ["compare", files.folder.path("hard.csv"), files.folder.path("soft.csv"), "-q"]
                        + ["--out", files.folder.path("new/out")] + more + choice)
                #expect(run.status == .wrongInput)
                #expect(
                    run.errors.hasPrefix(
                        "Error: \(files.folder.path("hard-samples.csv")) and \(soft) label 's7' differently: a 0.650, "
                            + "b 0.350 in the first, c 0.500, a 0.250, b 0.250 in the second; expected the same samples"
                    ), "\(run.errors)")
                #expect(run.errors.contains("--allow-different") && run.errors.contains("--labels") == more.isEmpty)
            }
        }
        // A refused call leaves no folders behind.
        #expect(!FileManager.default.fileExists(atPath: files.folder.path("new")))
        let allowed = files.compare("--allow-different")
        #expect(allowed.status == .done, "\(allowed.errors)")
        #expect(try files.report().answer.trainingDifferences.count == 1)
        #expect(try files.folder.text("out/report.md").contains("label 's7' differently"))
        // Another table beside the features does not matter.
        _ = try files.folder.file("soft-samples.csv", "name,remark\ns7,none\n")
        #expect(files.compare().status == .done)
    }

    /// A map is not taken for features by any command that reads these, unless its columns are named.
    @Test func mapsAreNotFeatures() throws {
        let files = try CompareFiles()
        let (folder, samples) = (files.folder, files.folder.path("samples.csv"))
        let features = folder.path("soft.csv"), map = folder.path("map.csv")
        #expect(
            CommandRun("project", features, "--out", map, "--max-iter", "5", "--perplexity", "5", "-q").status == .done)
        let other = try folder.file("other.csv", folder.text("map.csv"))
        let out = folder.path("out")
        let error =
            "Error: \(map): found a map (id, x, y) of \(features); expected features: name the file that the map was "
            + "made of, or, if x and y are features, say so with --columns x y\n"
        for words in [
            ["compare", map, other, "--labels", samples, "--out", out],
            ["project", map, "--out", folder.path("again.csv")],
            ["annotation-budget", samples, "--label-format", "votes", "--features", map, "--out", out],
            ["place", map, "--into", other, "--reference", features, "--out", out],
            ["figure", map, "--labels", samples, "--out", folder.path("f.png"), "--max-iter", "5"],
        ] {
            let run = CommandRun(arguments: words + ["-q"])
            #expect(run.status == .wrongInput)
            let said = words[0] == "figure" ? error.replacing("--columns x", with: "--feature-columns x") : error
            #expect(run.errors.hasSuffix(said) || words[0] == "place", "\(words[0]): \(run.errors)")
        }
        let page = CommandRun("explore", other, "--features", other, "--out", folder.path("p.html"), "-q")
        #expect(page.status == .wrongInput)
        #expect(
            page.errors
                == "Error: \(other): found a map (id, x, y); expected features: name the file that the map was made "
                + "of, or, if x and y are features, say so with --feature-columns x y\n")
        let said = CommandRun(
            "project", map, "--out", folder.path("again.csv"), "--columns", "x", "y", "--max-iter", "5", "--perplexity",
            "5", "-q")
        #expect(said.status == .done, "\(said.errors)")
    }

    /// Samples without a label are an error that names the option; with the option they are left out with a note.
    @Test func samplesWithoutLabelsAreLeftOutWhereThatIsAsked() throws {
        let files = try CompareFiles()
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
        #expect(
            files.compare("--common-samples").errors.contains("found 3 samples; comparing spaces needs at least 20"))
    }

    /// Files of the same name are told apart by folder. Commas and pipes in names break neither sentences nor tables.
    @Test func namesOfAllKinds() throws {
        let files = try CompareFiles()
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

    /// Trainings that differ in more than the kind of labels are an error, unless that is allowed.
    @Test func trainingsThatDifferAreSaid() throws {
        let files = try CompareFiles()
        var members: [String] = []
        var stages: [String] = []
        for (name, epochs) in [("hard", 20), ("soft", 30)] {
            let text = try files.folder.text("\(name).csv").split(separator: "\n").dropFirst()
            let values = text.flatMap { $0.split(separator: ",").dropFirst().map { Float($0)! } }
            _ = try files.folder.file("run/split-1/\(name)/samples.csv", files.folder.text("samples.csv"))
            try NPYFile.write(
                NumericArray(shape: [CompareFiles.count, 3], values: values),
                to: URL(fileURLWithPath: files.folder.path("run/split-1/\(name)/embeddings.npy")))
            _ = try files.folder.file(
                "run/split-1/\(name)/predictions.csv",
                "id,split,true_a,true_b,true_c,predicted_a,predicted_b,predicted_c\n"
                    + (0..<CompareFiles.count).map { "s\($0),test,1,0,0,0.5,0.25,0.25\n" }.joined())
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
                    "--permutations", "0", "--snapshots", "0",
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
        // As in `evaluate`, a training of the run that has begun and not ended is left out.
        let begun = files.folder.url.appendingPathComponent("run/split-1/quantized")
        try FileManager.default.copyItem(at: URL(fileURLWithPath: members[1]), to: begun)
        _ = try files.folder.file("run/split-1/quantized/resume.safetensors", "")
        members = [files.folder.path("run")]
        let whole = compare("--allow-different")
        #expect(whole.status == .done, "\(whole.errors)")
        #expect(
            whole.errors.contains("run/split-1/quantized: its training has not ended; left out\n"), "\(whole.errors)")
        #expect(try files.report().kinds.map(\.name) == ["hard labels", "soft labels"])
    }
}
