import Foundation
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// `penumbra place NEW --into LAYOUT --reference FEATURES`.
@Suite struct PlacementTests {
    /// A map of 40 points (`map.csv`, made from `known.csv`) and 12 new points in `new.csv`.
    private func folder(_ options: String...) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let known = try folder.file("known.csv", ProjectTests.csv(ProjectTests.features()))
        let run = CommandRun(
            arguments: [
                "project", known, "--out", folder.path("map.csv"), "--perplexity", "6", "--max-iter", "100",
                "--threads", "1",
            ] + options)
        #expect(run.status == .done, "\(run.errors)")
        _ = try folder.file("new.csv", ProjectTests.csv(ProjectTests.features(12), idPrefix: "n"))
        return folder
    }

    private func place(_ folder: TemporaryFolder, _ options: [String], new: String = "new.csv", out: String = "out.csv")
        -> CommandRun
    {
        CommandRun(
            arguments: [
                "place", folder.path(new), "--out", folder.path(out), "--into", folder.path("map.csv"),
                "--reference", folder.path("known.csv"),
            ] + options)
    }

    @Test func newPointsGetPlacesAndAReport() throws {
        let folder = try folder()
        let run = place(folder, ["--threads", "1"])
        #expect(run.status == .done, "\(run.errors)")
        #expect(run.errors.isEmpty)
        let start =
            "12 points placed in the map \(folder.path("map.csv")); written to \(folder.path("out.csv"))\nKL "
        #expect(run.output.hasPrefix(start))
        #expect(run.output.hasSuffix(" per point after 250 iterations (exact), perplexity 5.000\n"))
        let layout = try LayoutFile.read(URL(fileURLWithPath: folder.path("out.csv")))
        #expect(layout.ids.ids == (0..<12).map { "n\($0)" })
        // The fields that `plot` reads of every map.
        let report = try JSONText.read(LayoutReport.self, from: URL(fileURLWithPath: folder.path("out.json")))
        #expect(report.points == 12 && report.iterations == 250 && report.isComplete && report.method == "exact")
        #expect(report.parameters.perplexity.single == 5 && report.parameters.tsne.learningRate == .value(0.1))
        #expect(
            report.parameters.tsne.lateExaggeration == 1.5 && report.parameters.tsne.earlyExaggerationIterations == 0)
        #expect(report.parameters.initialization == "median")
        let text = try folder.text("out.json")
        for (key, name) in [("into", "map.csv"), ("reference", "known.csv")] {
            #expect(text.contains("\"\(key)\" : \"\(folder.path(name))\""))
            let digest = try SHA256Digest.of(file: URL(fileURLWithPath: folder.path(name))).description
            #expect(text.contains("\"\(key)_digest\" : \"\(digest)\""))
        }
        #expect(try folder.names == ["known.csv", "map.csv", "map.json", "new.csv", "out.csv", "out.json"])
    }

    @Test func aNewPointComesToItsLikes() throws {
        let folder = try folder()
        #expect(place(folder, ["--perplexity", "3"]).status == .done)
        let map = try LayoutFile.read(URL(fileURLWithPath: folder.path("map.csv")))
        let new = try LayoutFile.read(URL(fileURLWithPath: folder.path("out.csv")))
        for point in 0..<12 {
            let nearest = (0..<40).min { distance(map, $0, new, point) < distance(map, $1, new, point) }!
            #expect(nearest % 2 == point % 2)
        }
    }

    private func distance(_ map: LayoutFile, _ row: Int, _ new: LayoutFile, _ point: Int) -> Float {
        let x = map.coordinates[2 * row] - new.coordinates[2 * point]
        let y = map.coordinates[2 * row + 1] - new.coordinates[2 * point + 1]
        return x * x + y * y
    }

    @Test func theBytesDoNotDependOnTheThreads() throws {
        let folder = try folder()
        #expect(place(folder, ["--threads", "1"], out: "a.csv").status == .done)
        #expect(place(folder, ["--threads", "3"], out: "b.csv").status == .done)
        #expect(try folder.text("a.csv") == folder.text("b.csv"))
    }

    @Test func whatTheMapWasMadeWithHolds() throws {
        let folder = try folder(
            "--metric", "cosine", "--pca", "2", "--degrees-of-freedom", "0.8", "--dimensions", "1", "--seed", "4")
        #expect(place(folder, ["--metric", "cosine", "--pca=2"]).status == .done)
        let parameters = try JSONText.read(
            LayoutReport.self, from: URL(fileURLWithPath: folder.path("out.json"))
        ).parameters
        #expect(
            parameters.tsne.metric == .cosine && parameters.tsne.components == 2
                && parameters.tsne.degreesOfFreedom == 0.8)
        #expect(parameters.tsne.dimensions == 1 && parameters.tsne.seed == 4)
        let layout = try LayoutFile.read(URL(fileURLWithPath: folder.path("out.csv")))
        #expect((0..<12).allSatisfy { layout.coordinates[2 * $0 + 1] == 0 })
        for (option, asked, made) in [
            ("metric", "euclidean", "cosine"), ("pca", "1", "2"), ("degrees-of-freedom", "1.0", "0.8"),
            ("dimensions", "2", "1"),
        ] {
            let run = place(folder, ["--\(option)", asked])
            #expect(run.status == .wrongInput)
            #expect(
                run.errors
                    == "Error: \(folder.path("map.json")): the map was made with --\(option) \(made), not \(asked)\n"
            )
        }
    }

    @Test func withoutAReportTheOptionsHold() throws {
        let folder = try folder()
        try FileManager.default.removeItem(atPath: folder.path("map.json"))
        #expect(place(folder, ["--metric", "cosine"]).status == .done)
        let report = try JSONText.read(LayoutReport.self, from: URL(fileURLWithPath: folder.path("out.json")))
        #expect(report.parameters.tsne.metric == .cosine)
    }

    @Test func otherFeaturesThanTheMapsAreNoted() throws {
        let folder = try folder()
        _ = try folder.file("known.csv", folder.text("known.csv") + "\n")
        let run = place(folder, [])
        #expect(run.status == .done)
        #expect(
            run.errors
                == "\(folder.path("map.json")): made from a different file than \(folder.path("known.csv")), though "
                + "the features may be the same\n")
    }

    @Test func otherSamplesAreRefused() throws {
        let folder = try folder()
        _ = try folder.file("known.csv", folder.text("known.csv").replacing("s3,", with: "z3,"))
        let run = place(folder, ["--quiet"])
        #expect(run.status == .wrongInput)
        #expect(
            run.errors
                == "Error: \(folder.path("known.csv")) and \(folder.path("map.csv")) hold different samples: "
                + "row 4 is 'z3' in the first and 's3' in the second\n")
        #expect(try !folder.names.contains("out.csv"))
    }

    @Test func anotherNumberOfRowsThanTheReportsIsRefused() throws {
        let folder = try folder()
        _ = try folder.file("map.csv", folder.text("map.csv").split(separator: "\n").dropLast().joined(separator: "\n"))
        let run = place(folder, [])
        #expect(run.status == .wrongInput)
        #expect(
            run.errors
                == "Error: \(folder.path("map.csv")): found 39 rows; expected 40, as in \(folder.path("map.json"))\n")
    }

    @Test func theReferenceMayBeAnArray() throws {
        let folder = try folder()
        try NPYFile.write(ProjectTests.features(), to: URL(fileURLWithPath: folder.path("known.npy")))
        let ids = try folder.file("ids.csv", "id\n" + (0..<40).map { "s\($0)" }.joined(separator: "\n"))
        let run = CommandRun(
            "place", folder.path("new.csv"), "--out", folder.path("b.csv"), "--into", folder.path("map.csv"),
            "--reference", folder.path("known.npy"), "--reference-ids", ids, "--quiet")
        #expect(run.status == .done, "\(run.errors)")
        #expect(place(folder, [], out: "a.csv").status == .done)
        #expect(try folder.text("a.csv") == folder.text("b.csv"))
    }

    /// `<>` stands for the folder.
    @Test(arguments: [
        (["--perplexity", "40"], "<>/map.csv: the perplexity is 40.0; in a map of 40 points it must be below 40"),
        (["--late-exaggeration", "0"], "the exaggeration is 0.0; it must be a number of at least 1"),
        (["--out", "<>/map.csv"], "<>/map.csv: an input that is also an output; choose another name for the output"),
        (["--into", "<>/none.csv"], "<>/none.csv: no such file"),
        (["--reference", "<>/none.npy"], "<>/none.npy: no such file"),
    ])
    func wrongInput(options: [String], message: String) throws {
        let folder = try folder()
        let run = place(folder, options.map { $0.replacing("<>", with: folder.url.path) })
        #expect(run.status == .wrongInput)
        #expect(run.errors == "Error: " + message.replacing("<>", with: folder.url.path) + "\n")
        #expect(try !folder.names.contains("out.csv"))
    }

    @Test func otherFeaturesAreRefused() throws {
        let folder = try folder()
        let new = try folder.file("new.csv", "id,f0,f1\na,1,2\n")
        let run = place(folder, [])
        #expect(run.status == .wrongInput)
        #expect(run.errors == "Error: \(new): no column 'f2'; the columns are id, f0, f1\n")
        let array = URL(fileURLWithPath: folder.path("new.npy"))
        try NPYFile.write(NumericArray(shape: [1, 2], values: [1, 2]), to: array)
        let other = place(folder, [], new: "new.npy")
        #expect(other.errors == "Error: \(array.path): the new points have 2 features; expected 3, as in the map\n")
    }

    @Test(arguments: [
        (["--theta", "0.5"], "Unknown option '--theta'"), (["--neighbors=exact"], "Unknown option '--neighbors'"),
        (["--stop", "auto"], "Unknown option '--stop'"),
        (
            ["--init", "pca"],
            "The value 'pca' is invalid for '--init <init>': expected median, weighted or random."
        ),
        (
            ["--method", "barnes-hut"],
            "The value 'barnes-hut' is invalid for '--method <method>': expected auto, exact or interpolation."
        ),
        (
            ["--learning-rate", "auto"],
            "The value 'auto' is invalid for '--learning-rate <learning-rate>': expected a number."
        ),
    ])
    func optionsOfOtherMapsAreRefused(options: [String], message: String) {
        let run = CommandRun(
            arguments: ["place", "a.npy", "--out", "b.csv", "--into", "c.csv", "--reference", "d.npy"] + options)
        #expect(run.status == .wrongInput)
        #expect(run.errors.hasPrefix("Error: \(message)"), "\(run.errors)")
    }

    @Test(arguments: [("--reference", ["--into", "c.csv"]), ("--into", ["--reference", "c.npy"])])
    func layoutAndReferenceBelongTogether(missing: String, options: [String]) {
        let run = CommandRun(arguments: ["place", "a.npy", "--out", "b.csv"] + options)
        #expect(run.status == .wrongInput)
        #expect(run.errors.hasPrefix("Error: Missing expected argument '\(missing) <"), "\(run.errors)")
    }

    @Test func theSpellingOfBeforeGivesTheSameAndANotice() throws {
        let folder = try folder()
        #expect(place(folder, [], out: "a.csv").status == .done)
        for into in [["--into", folder.path("map.csv")], ["--into=" + folder.path("map.csv")]] {
            let run = CommandRun(
                arguments: ["project", folder.path("new.csv"), "--reference", folder.path("known.csv")] + into
                    + ["--out", folder.path("b.csv")])
            #expect(run.status == .done, "\(run.errors)")
            #expect(run.errors.hasPrefix("'penumbra project --into' is now 'penumbra place'"))
            #expect(try folder.text("a.csv") == folder.text("b.csv"))
        }
        #expect(PlaceCommand.arguments(ofAlias: ["project", "--", "--into"]) == nil)
        #expect(PlaceCommand.arguments(ofAlias: ["plot", "--into", "x"]) == nil)
    }
}
