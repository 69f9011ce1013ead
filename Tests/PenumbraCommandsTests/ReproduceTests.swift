import Numerics
import Foundation
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

@Suite struct ReproduceTests: QuickReproduction {
    private func digests(_ folder: TemporaryFolder, _ names: [String]) throws -> [String] {
        try names.map { try SHA256Digest.of(file: URL(fileURLWithPath: folder.path("run/" + $0))).description }
    }

    private let figures = ["figure.pdf", "figure.png", "figure.svg"]

    @Test func weightsGivenTwiceAreRefused() throws {
        let folder = try TemporaryFolder()
        let run = CommandRun(
            "reproduce", "--preset", "quick", "--out", folder.path("run"), "--pretrained", "/a.pt", "--pretrained",
            "/b.pt")
        #expect(run.status == .wrongInput)
        #expect(
            run.errors.hasPrefix("Error: --pretrained names 2 files for densenet121: /a.pt, /b.pt; expected one."),
            "\(run.errors)")
        #expect(try folder.names.isEmpty)
    }

    @Test func everythingIsMadeOnceAndWhatIsMissingAgain() throws {
        let folder = try TemporaryFolder()
        var run = reproduce(folder)
        #expect(run.status == .done, "\(run.errors)")
        let names = [
            "dataset", "evaluation.json", "figure.pdf", "figure.png", "figure.svg", "run.json", "split-1",
            "table.csv", "table.md", "table.tex",
        ]
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("run")).sorted() == names)
        #expect(run.output.contains("split-1/soft"))
        for name in ["dataset/Shapes (62 files)", "split-1/hard/tsne.csv", "figure.svg", "run.json"] {
            #expect(run.output.contains("\n\(name) "))
        }
        let before = try digests(folder, figures)

        run = reproduce(folder)
        #expect(run.status == .done)
        let titles = run.errors.split(separator: "\n")
        #expect(titles.count == 9 && titles.allSatisfy { $0.hasSuffix(": already done") }, "\(run.errors)")

        // The layout comes out identical, but its report holds timings and changes, so the figure is redrawn.
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
                == "Error: \(folder.path("run")): generate was made with other settings: --seed is 0, not 1. Choose "
                + "another folder, or use --fresh to start again\n")
        let foreign = try folder.file("run/notes.txt", "mine")
        let before = try digests(folder, ["split-1/soft/checkpoint.safetensors"])
        run = reproduce(folder, "--seed", "1", "--fresh", "--json", "-q")
        #expect(run.status == .done, "\(run.errors)")
        #expect(run.errors.isEmpty)
        #expect(try digests(folder, ["split-1/soft/checkpoint.safetensors"]) != before)
        #expect(FileManager.default.fileExists(atPath: foreign))
    }

    @Test func anUnknownPresetNamesThoseThatThereAre() {
        let run = CommandRun("reproduce", "--preset", "huge", "--out", "/nowhere")
        #expect(run.status == .wrongInput)
        #expect(run.errors == "Error: unknown preset 'huge'; expected one of quick, small, table1, paper, real\n")
    }

    @Test func aFolderThatCannotBeMadeIsAFailure() {
        let run = CommandRun("reproduce", "--preset", "quick", "--out", "/proc/penumbra")
        #expect(run.status == .failed)
        #expect(run.errors.hasPrefix("Error: /proc/penumbra: "))
    }

    @Test func everyPresetIsWithinTheRangesOfItsStages() throws {
        let folder = try TemporaryFolder()
        for preset in ReproductionPreset.all {
            #expect(!preset.runs.isEmpty && (preset.runs.count == 1) == (preset.runs[0].folder == nil))
            for plan in preset.runs {
                #expect(!plan.splits.isEmpty && plan.splits.allSatisfy { (1...3).contains($0) })
                #expect(plan.training.imageSize >= 32)
                #expect(plan.start == nil || preset.runs.contains { $0.folder == plan.start && $0.isStart })
                if let set = try plan.generatedSet(seed: 0, data: folder.url) {
                    let count = plan.set.givenFolder == nil ? plan.count : 10_000
                    #expect(preset.projection.tsne.perplexities[0] < Double(count / 5 - 1))
                    _ = try JSONValue(encoding: try set.record())
                }
                for kind in plan.kinds {
                    for repetition in plan.repetitions {
                        let training = plan.training(kind, repetition)
                        try training.validate()
                        #expect(MemberKind(of: training) == kind && training.split == repetition.split)
                    }
                }
            }
        }
    }

    @Test func timeLeftCountsWhatIsNotTrained() throws {
        let folder = try TemporaryFolder()
        let plan = ReproducedRun(
            count: 100, splits: [1, 2], kinds: ReproducedRun.fourKinds
        ) { ($0.imageSize, $0.epochs, $0.batchSize) = (32, 7, 4) }
        let reproduction = Reproduction(
            plan: plan, run: RunFolder(url: folder.url), projection: ProjectionParameters())
        var estimate = try #require(try reproduction.estimate(threads: ThreadCount(1)))
        #expect(estimate.trainings == 8 && estimate.epochs == 56 && estimate.imagesPerEpoch == 60)
        #expect(abs(estimate.seconds * estimate.imagesPerSecond - 56 * 60 * 13 / 12) < 1e-6)
        // One training is done; another was interrupted after three epochs.
        let record = RunManifest.Stage(command: "", parameters: .null, inputs: [:], outputs: [])
        try reproduction.run.record(record, as: "split-1/quantized-cpu/train")
        _ = try folder.file("split-2/soft/history.csv", "epoch,loss\n1,1\n2,1\n3,1\n")
        estimate = try #require(try reproduction.estimate(threads: ThreadCount(1)))
        #expect(estimate.trainings == 7 && estimate.epochs == 46)
        for split in 1...2 {
            for kind in plan.kinds { try reproduction.run.record(record, as: "split-\(split)/\(kind.name)/train") }
        }
        #expect(try reproduction.estimate(threads: ThreadCount(1)) == nil)
    }

    /// Pre-training on one image folder, trainings from those weights on another, several seeds, and mixtures.
    @Test func imagesThatTheUserHas() throws {
        let folder = try TemporaryFolder()
        let data = folder.path("data")
        _ = CommandRun("generate", "shapes", "--out", data, "--count", "20", "--size", "32", "--pure", "1")
        try FileManager.default.moveItem(atPath: data + "/Shapes", toPath: data + "/cifar10")
        _ = CommandRun("generate", "shapes", "--out", data, "--count", "20", "--size", "32", "--seed", "1")
        try FileManager.default.moveItem(atPath: data + "/Shapes", toPath: data + "/cifar10h")
        let words = [
            "reproduce", "--preset", "real", "--out", folder.path("run"), "--data", data, "--epochs", "1",
            "--batch-size", "16", "--max-iter", "20", "--perplexity", "2", "--threads", "1", "-q",
            "--backbone", "resnet20_cifar",
        ]
        var run = CommandRun(arguments: words + ["--only", "cifar10h", "--splits", "1", "--image-size", "32"])
        #expect(run.status == .done, "\(run.errors)")
        let record = try RunFolder(url: folder.file("run/cifar10h")).readManifest().stages["split-1/soft/train"]
        let weights = "pretraining/split-1/hard/checkpoint.safetensors"
        #expect(record?.command.contains("--pretrained ") == true && record?.command.contains(weights) == true)
        #expect(try folder.text("run/cifar10h/table.md").contains("| hard + smoothing 0.1 | 1 |"))
        // An interrupted pre-training leaves no record, so whatever starts from its weights must wait for it.
        let start = RunFolder(url: folder.file("run/pretraining"))
        try start.record(nil, as: "split-1/hard/train")
        run = CommandRun(arguments: words + ["--only", "cifar10h", "--splits", "1", "--image-size", "32"])
        #expect(run.status == .done, "\(run.errors)")
        // Everything is done, so the same command trains nothing.
        run = CommandRun(arguments: words + ["--only", "cifar10h", "--splits", "1", "--image-size", "32"])
        #expect(run.status == .done && !run.errors.contains("epoch"), "\(run.errors)")
        run = CommandRun(arguments: words + ["--only", "cifar10q", "--image-size", "32"])
        #expect(run.status == .done, "\(run.errors)")
        #expect(try folder.text("run/cifar10q/table.md").contains("| quantized + cpu | 3 seeds |"))
        #expect(FileManager.default.fileExists(atPath: folder.path("run/cifar10q/figure-split-1-seed-2.svg")))
        run = CommandRun(arguments: words)
        #expect(run.status == .wrongInput && run.errors.contains("has no folder 'ferplus'"), "\(run.errors)")
        run = CommandRun("reproduce", "--preset", "real", "--out", folder.path("run"))
        #expect(run.status == .wrongInput && run.errors.contains("needs --data"), "\(run.errors)")
    }

    @Test(arguments: [(45.2, "45 s"), (750, "13 min"), (12_100, "3 h 20 min"), (89.6, "90 s"), (7_200, "2 h 0 min")])
    func durations(seconds: Double, text: String) {
        #expect(Reproduction.Estimate.duration(seconds) == text)
    }

    /// Both runs of Table 1, the second on the user's own images.
    @Test func severalRunsGetOneTable() throws {
        let folder = try TemporaryFolder()
        _ = CommandRun("generate", "fibres", "--out", folder.url.path, "--count", "60", "--size", "32")
        let words = [
            "reproduce", "--preset", "table1", "--out", folder.path("run"), "--count", "60", "--image-size", "32",
            "--epochs", "1", "--batch-size", "36", "--max-iter", "30", "--perplexity", "3", "--splits", "2",
            "--threads", "1", "-q", "--backbone", "resnet20_cifar",
        ]
        var run = CommandRun(arguments: words + ["--only", "fibres", "--mice-bone", folder.path("Fibres-simulated")])
        #expect(run.status == .done, "\(run.errors)")
        let table = try folder.text("run/micebone/table.md").split(separator: "\n")
        #expect(table.count == 6)
        #expect(
            table[0] == "| labels | splits | ACC | KL | F1 | ECE | CE | 1-JSD | soft ACC | L1 | r(H) | top-1 |")
        #expect(table[5].hasPrefix("| quantized + cpu | 1 | ") && table[2...].contains { $0.contains("**") })
        // Every output made from simulated images says so.
        let samples = try folder.text("run/micebone/split-2/hard/samples.csv").split(separator: "\n")
        #expect(samples[0] == "id,split,annotators,simulation,g,nr,ug")
        #expect(samples[1].contains(",fibres (simulated),"))
        #expect(try folder.text("run/micebone/figure.svg").contains("Fibres (simulated). N = 12"))
        run = CommandRun(arguments: words + ["--splits", "4"])
        #expect(run.status == .wrongInput && run.errors.contains("preset table1 has 1, 2 and 3."), "\(run.errors)")
        run = CommandRun(arguments: words + ["--only", "shape"])
        #expect(run.status == .wrongInput && run.errors.contains("preset table1 has shapes and fibres."))
        run = CommandRun("reproduce", "--preset", "quick", "--out", folder.path("q"), "--mice-bone", folder.path("x"))
        #expect(run.status == .wrongInput && run.errors.contains("--mice-bone replaces fibres"))
    }
}
