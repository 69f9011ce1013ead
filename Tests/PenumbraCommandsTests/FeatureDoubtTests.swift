import Foundation
import NeighborEmbedding
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Labels, votes and numbers of samples among the columns of features, and what every command says about what it read.
@Suite struct FeatureDoubtTests {
    private let folder: TemporaryFolder
    private static let rows = 40

    init() throws { folder = try TemporaryFolder() }

    /// A table with two columns of fractions, `u` and `v`, and others in between.
    private func table(_ names: [String], header: Bool = true, _ cells: (Int) -> [String]) throws -> FeatureChoice {
        let lines = (0..<Self.rows).map { row in
            (["\(MadeFeatures.field(row, 0))"] + cells(row) + ["\(MadeFeatures.field(row, 1))"]).joined(separator: ",")
        }
        let text = ((header ? [(["u"] + names + ["v"]).joined(separator: ",")] : []) + lines).joined(separator: "\n")
        let url = URL(fileURLWithPath: try folder.file("t.csv", text + "\n"))
        return try #require(try FeatureTable.read(url, idsFile: nil).choice)
    }

    @Test(arguments: ["true_label", "y", "gt", "cls", "class_idx", "labelid", "Ground Truth", "hard_label"])
    func labelsHaveManyNames(name: String) throws {
        let choice = try table([name]) { ["\($0 % 3)"] }
        #expect(choice.features == ["u", "v"])
        #expect(choice.skipped == [FeatureChoice.Skipped(column: name, reason: "label")])
    }

    @Test func aYBesideAnXIsACoordinate() throws {
        #expect(
            try table(["x", "y"]) { ["\(MadeFeatures.field($0, 2))", "\($0 % 3)"] }.features == ["u", "x", "y", "v"])
        #expect(try table(["y"]) { ["\($0 % 3).5"] }.features == ["u", "y", "v"])
    }

    @Test func columnsOfClassesAreNoFeatures() throws {
        let shares = try table(["p_cat", "p_dog"]) { $0 % 2 == 0 ? ["0.25", "0.75"] : ["1", "0"] }
        #expect(shares.features == ["u", "v"])
        #expect(shares.skipped.map(\.reason) == ["of a class", "of a class"])
        // Other numbers with such names are none.
        #expect(try table(["p_cat", "p_dog"]) { ["0.5", "0.\($0)5"] }.features == ["u", "p_cat", "p_dog", "v"])
        for names in [["votes_0", "votes_1"], ["prob_cat", "prob_dog"], ["predicted_a", "true_a"]] {
            #expect(try table(names) { ["\($0 % 4)", "0.5"] }.features == ["u", "v"], "\(names)")
        }
        // Not even sixteen of them are a family.
        let many = (0..<16).map { "votes_\($0)" }
        #expect(try table(many) { row in many.indices.map { "\((row + $0) % 5)" } }.features == ["u", "v"])
        let classification = (0..<16).map { "cls_\($0)" }
        let tokens = try table(classification) { row in classification.indices.map { MadeFeatures.field(row, $0 + 2) } }
        #expect(tokens.features == ["cls_0 … cls_15"])
    }

    @Test func wholeNumbersAmongFractionsAreNamed() throws {
        #expect(try table(["sample_no"]) { ["\(1000 + $0 * 7 % 40)"] }.skipped.map(\.reason) == ["another id"])
        let counted = try table(["run"]) { ["\(1000 + $0 * 7 % 40)"] }
        #expect(
            counted.warnings == [
                "warning: run: another whole number in every row, among features with fractions; if numbers of samples, leave "
                    + "out with --skip-columns"
            ])
        let few = try table(["kind"]) { ["\($0 % 3)"] }
        #expect(
            few.warnings == [
                "warning: kind: few different whole numbers, among features with fractions; if labels or votes, leave out with "
                    + "--skip-columns"
            ])
        let headerless = try table(["n"], header: false) { ["\(1000 + $0 * 7 % 40)"] }
        #expect(headerless.warnings?.first?.hasPrefix("warning: column 2: another whole number") == true)
        // Numbers of samples are named even if half of the columns are whole, and do not hide those of a batch.
        let half = try table(["batch", "run"]) { ["\($0 % 4)", "\(1000 + $0)"] }
        #expect(half.warnings?.map { $0.prefix(14) } == ["warning: run: ", "warning: batch"])
        #expect(try table(["a", "b"]) { ["\($0 % 4)", "\($0 % 5)"] }.warnings == nil)
        // Constant columns, and tables of whole numbers, are ordinary.
        #expect(try table(["dead"]) { _ in ["0"] }.warnings == nil)
        #expect(try table(["a", "b", "c"]) { ["\($0 % 3)", "\($0 % 4)", "\($0 % 5)"] }.warnings == nil)
    }

    /// Nothing but the numbers themselves says that a column of an array is no feature.
    @Test func columnsOfArraysThatNumberSamplesAreNamed() throws {
        func warnings(_ columns: [(Int) -> Float]) throws -> [String] {
            let url = URL(fileURLWithPath: folder.path("x.npy"))
            let values = (0..<Self.rows).flatMap { row in columns.map { $0(row) } }
            try NPYFile.write(NumericArray(shape: [Self.rows, columns.count], values: values), to: url)
            return FeatureFacts(try FeatureTable.read(url, idsFile: nil), for: TSNEParameters()).readingLines
                .filter { $0.hasPrefix("warning: ") }
        }
        let fraction: (Int) -> Float = { Float($0 * 37 % 11) + 0.5 }
        for first in [0, 1] {
            #expect(
                try warnings([{ Float($0 + first) }, fraction]) == [
                    "warning: column 0 (counted from 0): the numbers of the rows, in order; if not features, save the array "
                        + "without it, such as numpy.delete(x, 0, axis=1)"
                ])
        }
        #expect(
            try warnings([fraction, { Float(1000 + $0) }, { Float(7 * $0) }]) == [
                "warning: columns 1, 2 (counted from 0): another whole number in every row, among features with fractions; if "
                    + "numbers of samples, save the array without them, such as numpy.delete(x, [1, 2], axis=1)"
            ])
        // Whole numbers throughout, columns that repeat numbers, a single column.
        #expect(try warnings([{ Float(7 * $0) }, { Float($0 % 3) }]) == [])
        #expect(try warnings([fraction, { Float($0 % 20) }]) == [])
        #expect(try warnings([{ Float($0) }]) == [])
    }

    @Test func longListsShowBothEnds() throws {
        let names = (0..<14).map { "\(String(UnicodeScalar(UInt8(97 + $0))))x" }
        let choice = try table(names) { row in names.indices.map { MadeFeatures.field(row, $0 + 2) } }
        #expect(choice.lines == ["16 features: u, ax, bx, cx, dx, ex, fx, gx … lx, mx, nx, v"])
    }

    // MARK: - In every command

    /// Features with their classes' votes among them, and the labels.
    private func files() throws -> (good: String, bad: String, labels: String) {
        let names = ["a", "b", "c"]
        var labels = "id,a,b,c\n", good = "id,u,v,w\n", bad = "id,u,v,a,b,c\n"
        for row in 0..<Self.rows {
            let votes = names.indices.map { "\(row % 3 == $0 ? 8 : 1)" }.joined(separator: ",")
            let numbers = (0..<3).map { MadeFeatures.field(row, $0) }
            labels += "s\(row),\(votes)\n"
            good += "s\(row),\(numbers.joined(separator: ","))\n"
            bad += "s\(row),\(numbers[0]),\(numbers[1]),\(votes)\n"
        }
        return try (folder.file("good.csv", good), folder.file("bad.csv", bad), folder.file("labels.csv", labels))
    }

    @Test func classesAreNoFeaturesInAnyCommand() throws {
        let (good, bad, labels) = try files()
        let out = folder.path("out")
        let expected =
            "\(bad): features have names of classes in \(labels) (a, b, c); leave these columns out with --skip-columns, or name "
            + "the features with "
        for words in [
            ["compare", good, bad, "--labels", labels, "--out", out],
            ["annotation-budget", labels, "--features", bad, "--out", out],
        ] {
            let run = CommandRun(arguments: words)
            #expect(run.status == .wrongInput && run.errors.hasSuffix("Error: \(expected)--columns\n"), "\(run.errors)")
        }
        let map = try folder.file(
            "map.csv",
            "id,x,y\n"
                + (0..<Self.rows).map { "s\($0),\(MadeFeatures.field($0, 0)),\(MadeFeatures.field($0, 1))\n" }.joined())
        let page = ["explore", map, "--labels", labels, "--features", bad, "--out", folder.path("page.html")]
        let refused = CommandRun(arguments: page)
        #expect(refused.status == .wrongInput)
        #expect(refused.errors.hasSuffix("Error: \(expected)--feature-columns\n"), "\(refused.errors)")
        #expect(CommandRun(arguments: page + ["--skip-columns", "a", "b", "c"]).status == .done)
        let figure = CommandRun(arguments: [
            "figure", bad, "--labels", labels, "--out", folder.path("f.svg"), "--perplexity", "5", "--max-iter", "10",
        ])
        #expect(
            figure.status == .wrongInput && figure.errors.hasSuffix("Error: \(expected)--feature-columns\n"),
            "\(figure.errors)")
        // Who names the features means them.
        let named = CommandRun(arguments: [
            "annotation-budget", labels, "--features", bad, "--columns", "u", "a", "--draws", "2", "--neighbors", "3",
            "--out",
            out, "--json",
        ])
        #expect(named.status == .done, "\(named.errors)")
        #expect(named.errors.contains("\(bad): 2 features: u, a\n"))
        #expect(try folder.text("out/budget.json").contains("\n  \"columns\" : {\n"))
    }

    /// Also of a space whose rows are reordered.
    @Test func comparisonsSayWhatTheyRead() throws {
        let (good, _, labels) = try files()
        let lines = try folder.text("good.csv").split(separator: "\n")
        let turned = try folder.file(
            "turned.csv",
            ([lines[0] + ",kind"] + lines.dropFirst().enumerated().reversed().map { "\($1),\($0 % 3)" })
                .joined(separator: "\n") + "\n")
        let out = folder.path("out")
        let run = CommandRun(arguments: [
            "compare", good, turned, "--labels", labels, "--out", out, "--perplexity", "5", "--max-iter", "10",
            "--neighbors", "5",
            "--bootstraps", "20", "--permutations", "0", "--snapshots", "0",
        ])
        #expect(run.status == .done, "\(run.errors)")
        for line in [
            "\(good): 3 features: u, v, w", "\(turned): 4 features: u, v, w, kind",
            "\(turned): warning: kind: few different whole numbers, among features with fractions; if labels or votes, leave out "
                + "with --skip-columns",
            "\(turned): its samples are in a different order and are joined by id",
        ] {
            #expect(run.errors.contains(line + "\n"), "\(line): \(run.errors)")
        }
        let report = try JSONText.read(ComparisonReport.self, from: folder.file("out/report.json"))
        let records = report.kinds.compactMap { $0.spaces[0].input }
        #expect(records.map(\.columns?.features) == [["u", "v", "w"], ["u", "v", "w", "kind"]])
    }

    // MARK: - Ways on

    /// A file that may hold features or weights: the arrays and the option that names one.
    @Test func arraysOfCheckpointFormatsAreNamed() throws {
        let (good, _, labels) = try files()
        let path = folder.path("x.safetensors")
        var file = SafetensorsFile(metadata: [:])
        for name in ["a", "b", "c", "features"] {
            file.append(
                name, NumericArray(shape: [Self.rows, 2], values: (0..<2 * Self.rows).map { Float($0 * 37 % 97) }))
        }
        file.append("bias", NumericArray(shape: [2], values: [0, 1]))
        try file.write(to: URL(fileURLWithPath: path))
        let expected =
            "Error: \(path): read as a checkpoint: name its images with --data (for an array of features: --array; of two "
            + "dimensions: a (40, 2) float32; b (40, 2) float32; c (40, 2) float32 …)\n"
        let compared = CommandRun("compare", good, path, "--labels", labels, "--out", folder.path("out"))
        #expect(compared.status == .wrongInput && compared.errors.hasSuffix(expected), "\(compared.errors)")
        let figure = CommandRun("figure", path, "--labels", labels, "--out", folder.path("f.svg"))
        #expect(figure.status == .wrongInput && figure.errors.hasSuffix(expected), "\(figure.errors)")
        // Rows without ids and rows with ids have nothing in common.
        let mixed = CommandRun(
            "compare", good, path, "--labels", labels, "--array", "features", "--common-samples", "--out",
            folder.path("out"))
        #expect(mixed.status == .wrongInput)
        #expect(
            mixed.errors.hasSuffix(
                "Error: \(path): has no ids, but \(good) has; expected ids in both or in neither: add a column 'id' to a table, an "
                    + "array 'ids' to an .npz\n"), "\(mixed.errors)")
    }

    @Test func optionsOfCommasAreNamedWhereTheyHelp() throws {
        func problem(_ cell: String) throws -> String {
            let rows = (0..<Self.rows).map {
                "\(MadeFeatures.field($0, 0));\($0 == 3 ? cell : MadeFeatures.field($0, 1))"
            }
            let url = URL(fileURLWithPath: try folder.file("c.csv", "a;b\n" + rows.joined(separator: "\n") + "\n"))
            do {
                return "\(try FeatureTable.read(url, idsFile: nil).ids.ids.count)"
            } catch { return "\(error)" }
        }
        #expect(try problem("1,5").contains("if these are decimal commas, give --decimal comma"))
        #expect(try !problem("1,234.5").contains("--decimal"))
    }

    /// A first line that could be names or data: the error names the option that this command has for features, and it helps.
    @Test(arguments: [
        (["project", "FEATURES", "--perplexity", "5"], "--header"),
        (["compare", "FEATURES", "OTHER", "--labels", "LABELS"], "--feature-header"),
        (["figure", "FEATURES", "--labels", "LABELS", "--perplexity", "5"], "--feature-header"),
        (["annotation-budget", "LABELS", "--features", "FEATURES"], "--feature-header"),
    ]) func aDoubtfulTableNamesTheOptionOfItsCommand(words: [String], option: String) throws {
        let counts = (0..<Self.rows).map { row in (0..<6).map { "\(row + $0 + 1)" }.joined(separator: ",") + "\n" }
        let names = (0..<6).map { "\($0)" }.joined(separator: ",") + "\n"
        let files = [
            "FEATURES": try folder.file("doubtful.csv", counts.joined()),
            "OTHER": try folder.file("other.csv", names + counts.reversed().joined()),
            "LABELS": try folder.file(
                "labels.csv", "id,cat,dog\n" + (0..<Self.rows).map { "\($0),\($0 % 4),\(3 - $0 % 4)\n" }.joined()),
        ]
        let out = folder.path(words[0] == "figure" ? "out.png" : words[0] == "project" ? "out.csv" : "out")
        let arguments = words.map { files[$0] ?? $0 } + ["--out", out]
        let refused = CommandRun(arguments: arguments)
        #expect(
            refused.errors.hasSuffix(
                "line 1: '1 2 3 4 5 6' could be column names or data; say which with \(option) yes or \(option) no\n"),
            "\(refused.errors)")
        if words[0] == "compare" { return }
        let helped = CommandRun(arguments: arguments + [option, "no"])
        #expect(helped.status == .done, "\(helped.errors)")
    }

    @Test func optionsOfTablesAreRefusedForArrays() throws {
        let array = folder.file("x.npy")
        try NPYFile.write(NumericArray(shape: [Self.rows, 1], values: (0..<Self.rows).map(Float.init)), to: array)
        let run = CommandRun(
            "project", array.path, "--decimal", "comma", "--separator", "tab", "--out", folder.path("map.csv"))
        #expect(run.errors == "Error: \(array.path): --separator, --decimal: for tables, but this file is an array\n")
    }

    /// Where several files are read, options of tables are for those of them that are tables.
    @Test func optionsOfTablesNeedATable() throws {
        let labels = try files().labels
        let arrays = try ["x.npy", "y.npy"].map { name in
            let url = folder.file(name)
            try NPYFile.write(NumericArray(shape: [Self.rows, 1], values: (0..<Self.rows).map(Float.init)), to: url)
            return url
        }
        for (words, options, names) in [
            (
                ["compare", arrays[0].path, arrays[1].path, "--out", folder.path("out")], ["--columns", "f0"],
                "--columns"
            ),
            (
                ["figure", arrays[0].path, "--out", folder.path("f.svg")],
                ["--feature-columns", "f0", "--skip-columns", "f1", "--feature-separator", "tab"],
                "--feature-columns, --skip-columns, --feature-separator"
            ),
        ] {
            let run = CommandRun(arguments: words + ["--labels", labels] + options)
            #expect(run.status == .wrongInput)
            #expect(
                run.errors.hasSuffix(
                    "Error: \(arrays[0].path): \(names): for tables of features (.csv, .tsv), but there is none; leave "
                        + "\(names == "--columns" ? "it" : "them") out\n"), "\(run.errors)")
        }
        let run = CommandRun(
            "compare", arrays[0].path, arrays[1].path, "--labels", labels, "--out", folder.path("out"), "--array", "x")
        #expect(run.errors.contains("--array: for files that may hold several arrays, such as .npz"), "\(run.errors)")
        let table = URL(fileURLWithPath: "t.csv"), archive = URL(fileURLWithPath: "x.npz")
        try FeatureFileFormat.refuse(FeatureReading(array: "x", columns: ["f0"]), for: [arrays[0], table, archive])
    }

    @Test func exploreSaysWhatItReadAndJoinsById() throws {
        let (good, _, _) = try files()
        let map = try folder.file(
            "map.csv",
            "id,x,y\n"
                + (0..<Self.rows).map { "s\($0),\(MadeFeatures.field($0, 0)),\(MadeFeatures.field($0, 1))\n" }.joined())
        func page(_ features: String) throws -> String {
            let run = CommandRun(arguments: ["explore", map, "--features", features, "--out", folder.path("page.html")])
            #expect(run.status == .done, "\(run.errors)")
            return run.errors
        }
        #expect(try page(good).contains("good.csv: 3 features: u, v, w\n"))
        let plain = try folder.text("page.html")
        let lines = try folder.text("good.csv").split(separator: "\n")
        let turned = try folder.file(
            "turned.csv", ([lines[0]] + lines.dropFirst().reversed()).joined(separator: "\n") + "\n")
        #expect(try page(turned).contains("turned.csv: its samples are in a different order and are joined by id\n"))
        #expect(try folder.text("page.html") == plain)
        let array = folder.file("x.npy")
        try NPYFile.write(NumericArray(shape: [Self.rows, 1], values: (0..<Self.rows).map(Float.init)), to: array)
        let refused = CommandRun("explore", map, "--features", array.path, "--out", folder.path("page.html"))
        #expect(
            refused.errors.hasSuffix(
                "Error: \(array.path): has no ids, but \(map) has; expected ids in both or in neither: add a column 'id' to a "
                    + "table, an array 'ids' to an .npz\n"), "\(refused.errors)")
    }
}
