import Foundation
import TensorFiles
import Testing

@testable import PenumbraCommands

@Suite struct ReproduceTests {
    private func reproduce(_ folder: TemporaryFolder, _ more: String...) -> CommandRun {
        CommandRun(
            arguments: [
                "reproduce", "--preset", "quick", "--out", folder.path("run"), "--count", "60", "--image-size", "32",
                "--epochs", "1", "--batch-size", "12", "--max-iter", "60", "--perplexity", "3", "--threads", "1",
            ] + more)
    }

    private func digests(_ folder: TemporaryFolder, _ names: [String]) throws -> [String] {
        try names.map { try SHA256Digest.of(file: URL(fileURLWithPath: folder.path("run/" + $0))).description }
    }

    private let figures = ["figure.pdf", "figure.png", "figure.svg"]

    @Test func everythingIsMadeOnceAndWhatIsMissingAgain() throws {
        let folder = try TemporaryFolder()
        var run = reproduce(folder)
        #expect(run.status == .done, "\(run.errors)")
        let names = ["dataset", "evaluation.json", "figure.pdf", "figure.png", "figure.svg", "run.json", "split-1"]
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("run")).sorted() == names)
        #expect(run.output.contains("split-1/soft"))
        for name in ["dataset/Shapes (62 files)", "split-1/hard/tsne.csv", "figure.svg", "run.json"] {
            #expect(run.output.contains("\n\(name) "))
        }
        let before = try digests(folder, figures)

        run = reproduce(folder)
        #expect(run.status == .done)
        let titles = run.errors.split(separator: "\n")
        #expect(titles.count == 9 && titles.allSatisfy { $0.hasSuffix(": done before") }, "\(run.errors)")

        // The layout comes out the same; its report, which holds seconds, does not, so that the figure is drawn again.
        try FileManager.default.removeItem(atPath: folder.path("run/split-1/soft/tsne.csv"))
        for name in figures { try FileManager.default.removeItem(atPath: folder.path("run/" + name)) }
        run = reproduce(folder)
        #expect(run.errors.split(separator: "\n").count == 7)
        #expect(try digests(folder, figures) == before)
    }

    @Test func otherParametersNeedFresh() throws {
        let folder = try TemporaryFolder()
        #expect(reproduce(folder).status == .done)
        var run = reproduce(folder, "--seed", "1")
        #expect(run.status == .wrongInput)
        #expect(
            run.errors
                == "Error: \(folder.path("run/generate")) was made otherwise: seed is 0, 1 asked for. Choose another "
                + "folder, or --fresh to start again\n")
        let foreign = try folder.file("run/notes.txt", "mine")
        let before = try digests(folder, ["split-1/soft/checkpoint.safetensors"])
        run = reproduce(folder, "--seed", "1", "--fresh", "--json")
        #expect(run.status == .done, "\(run.errors)")
        #expect(run.errors.isEmpty)
        #expect(try digests(folder, ["split-1/soft/checkpoint.safetensors"]) != before)
        #expect(FileManager.default.fileExists(atPath: foreign))
    }

    @Test func anUnknownPresetNamesThoseThatThereAre() {
        let run = CommandRun("reproduce", "--preset", "huge", "--out", "/nowhere")
        #expect(run.status == .wrongInput)
        #expect(run.errors == "Error: there is no preset 'huge'; there are quick, small, paper\n")
    }

    @Test func aFolderThatCannotBeMadeIsAFailure() {
        let run = CommandRun("reproduce", "--preset", "quick", "--out", "/proc/penumbra")
        #expect(run.status == .failed)
        #expect(run.errors.hasPrefix("Error: /proc/penumbra: "))
    }

    @Test func everyPresetIsWithinTheRangesOfItsStages() throws {
        for preset in ReproductionPreset.all {
            #expect(!preset.splits.isEmpty && preset.splits.allSatisfy { (1...3).contains($0) })
            #expect(preset.imageSize >= 32 && preset.perplexity < Double(preset.count / 5 - 1))
        }
    }
}
