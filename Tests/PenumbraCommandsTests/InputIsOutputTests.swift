import Foundation
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// A file that a command reads is never one that it writes, under whatever name.
@Suite struct InputIsOutputTests {
    private let folder: TemporaryFolder
    private let features: String

    init() throws {
        folder = try TemporaryFolder()
        features = try folder.file("f.csv", ProjectTests.csv(ProjectTests.features()))
    }

    private func project(_ out: String, _ more: String...) -> CommandRun {
        CommandRun(arguments: ["project", features, "--out", out, "--max-iter", "10", "--perplexity", "3"] + more)
    }

    private func expectRefused(_ run: CommandRun, _ path: String, _ text: String) throws {
        #expect(run.status == .wrongInput)
        #expect(
            run.errors == "Error: \(path): an input that is also an output; choose another name for the output\n")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }

    @Test func aProjectionNeverOverwritesWhatItReads() throws {
        let start = folder.path("m.csv")
        #expect(project(start).status == .done)
        let text = try folder.text("m.csv")
        try expectRefused(project(start, "--init", start), start, text)
        try expectRefused(project(start, "--ids", start), start, text)
        try expectRefused(project(features), features, try folder.text("f.csv"))
    }

    @Test func linksAreSeenThrough() throws {
        let start = folder.path("m.csv")
        #expect(project(start).status == .done)
        let text = try folder.text("m.csv")
        let (hard, soft) = (folder.path("hard.csv"), folder.path("soft.csv"))
        try FileManager.default.linkItem(atPath: start, toPath: hard)
        try FileManager.default.createSymbolicLink(atPath: soft, withDestinationPath: "m.csv")
        for link in [hard, soft] {
            let run = project(link, "--init", start)
            #expect(run.status == .wrongInput)
            #expect(
                run.errors
                    == "Error: \(link): an output that is the same file as the input \(start); choose another name for "
                    + "the output\n")
        }
        #expect(try folder.text("m.csv") == text)
    }

    /// The report and the state lie beside the layout.
    @Test func filesBesideTheOutputCount() throws {
        let ids = try folder.file("m.json", "id\na\n")
        try expectRefused(project(folder.path("m.csv"), "--ids", ids), ids, "id\na\n")
    }

    @Test func aFigureNeverOverwritesItsLabels() throws {
        let layout = try folder.file("layout.csv", "id,x,y\na,0,0\nb,1,0\n")
        let labels = try folder.file("x.svg", "id,a,b\na,0,1\nb,1,0\n")
        try expectRefused(
            CommandRun("plot", layout, "--labels", labels, "--out", labels), labels, "id,a,b\na,0,1\nb,1,0\n")
        let figure = folder.path("y.svg")
        #expect(CommandRun("plot", layout, "--labels", labels, "--out", figure).status == .done)
    }

    /// The maps bear the names of the files of features.
    @Test func aComparisonNeverOverwritesItsFeaturesOrLabels() throws {
        let labels = try folder.file(
            "samples.csv", "id,a,b\n" + (0..<40).map { "s\($0),\($0 % 2),\(1 - $0 % 2)\n" }.joined())
        let other = try folder.file("g.csv", folder.text("f.csv"))
        let texts = try ["f.csv", "g.csv", "samples.csv"].map(folder.text)
        let run = CommandRun("compare", features, other, "--labels", labels, "--out", folder.path("."))
        #expect(run.status == .wrongInput)
        #expect(run.errors.contains("choose another name for the output"), "\(run.errors)")
        #expect(try ["f.csv", "g.csv", "samples.csv"].map(folder.text) == texts)
    }

    @Test func aTableNeverOverwritesItsPredictions() throws {
        let text = "id,true_a,true_b,predicted_a,predicted_b\nx,1,0,1,0\ny,0,1,0,1\n"
        let predictions = try folder.file("p.csv", text)
        try expectRefused(
            CommandRun("evaluate", predictions, "--table", predictions), predictions, text)
    }
}
