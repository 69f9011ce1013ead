import Foundation
import LabelDistributions
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns
@testable import Training

@Suite struct GridSearchTests {
    @Test func combinations() {
        var base = TrainingParameters(labels: .soft)
        (base.learningRate, base.dropout) = (0.5, 0.25)
        let grid = TrainingGrid(learningRates: [0.1, 0.2], batchSizes: [8, 16], weightDecays: [0])
        let all = grid.combinations(of: base)
        #expect(all.map(\.learningRate) == [0.1, 0.1, 0.2, 0.2])
        #expect(all.map(\.batchSize) == [8, 16, 8, 16])
        #expect(all.allSatisfy { $0.weightDecay == 0 && $0.dropout == 0.25 })
        #expect(TrainingGrid().combinations(of: base) == [base])
    }

    @Test func theBestHasTheLeastDivergence() {
        func trial(_ kl: Double?) -> GridSearch.Trial {
            let record = kl.map {
                EpochRecord(
                    epoch: 1, loss: 0, learningRate: 1, validation: [.macroAccuracy: 0, .klDivergence: $0], seconds: 1)
            }
            return GridSearch.Trial(parameters: TrainingParameters(labels: .soft), record: record, seconds: 1)
        }
        #expect(GridSearch.best(of: [trial(0.4), trial(nil), trial(0.2), trial(0.2)]) == 2)
        #expect(GridSearch.best(of: [trial(nil)]) == nil)
    }

    @Test func everyCombinationIsTriedAndTheBestKept() throws {
        let folder = try TemporaryFolder()
        _ = CommandRun("generate", "shapes", "--out", folder.url.path, "--count", "40", "--size", "32")
        let grid = try folder.file("grid.json", #"{"lr": [0.01, 1e30], "dropout": [0, 0.5]}"#)
        let command = [
            "train", folder.path("Shapes"), "--out", folder.path("run"), "--labels", "soft", "--image-size", "32",
            "--epochs", "1", "--batch-size", "12", "--threads", "1", "--backbone", "resnet20_cifar", "--grid", grid,
        ]
        var run = CommandRun(arguments: command)
        #expect(run.status == .done, "\(run.errors)")
        let table = try folder.text("run/split-1/soft/grid.csv").split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        #expect(table.count == 5)
        #expect(table[1..<5].map { $0[0] + " " + $0[3] } == ["0.01 0.0", "0.01 0.5", "1e+30 0.0", "1e+30 0.5"])
        #expect(table[3..<5].allSatisfy { $0[7].isEmpty && $0[9] == "diverged" })
        let divergences = try table[1..<3].map { try #require(Double($0[7])) }
        let best = divergences[0] <= divergences[1] ? 1 : 2
        #expect(table[best][9] == "best" && table[3 - best][9] == "done")
        #expect(try folder.text("run/split-1/soft/grid.md").contains("**best**"))
        let made = folder.path("run/split-1/soft/grid/lr-0.01-batch-12-decay-0.0005-dropout-\(table[best][3])")
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: made + "/checkpoint.safetensors"))
                == Data(contentsOf: URL(fileURLWithPath: folder.path("run/split-1/soft/checkpoint.safetensors"))))

        run = CommandRun(arguments: command)
        #expect(run.status == .done && run.errors.hasSuffix("train soft: already done\n"))
        _ = try folder.file("grid.json", #"{"lr": [0.02]}"#)
        run = CommandRun(arguments: command)
        #expect(run.status == .wrongInput && run.errors.contains("was made with other settings: grid"), "\(run.errors)")
    }

    @Test(arguments: [
        (#"{"rate": [1]}"#, "found 'rate'; expected lr, batch_size, weight_decay or dropout"),
        (#"{"lr": []}"#, "lr: expected at least one value"),
        (#"[1]"#, "expected an object with lr, batch_size, weight_decay or dropout"),
        (#"{"lr": [0.1"#, "not JSON"),
    ])
    func wrongGrids(text: String, message: String) throws {
        let folder = try TemporaryFolder()
        let grid = try folder.file("grid.json", text)
        let run = CommandRun(
            "train", folder.url.path, "--out", folder.path("run"), "--labels", "hard", "--grid", grid)
        #expect(run.status == .wrongInput)
        #expect(run.errors == "Error: \(grid): \(message)\n")
    }

    @Test func valuesOutOfRangeAreNamed() throws {
        let folder = try TemporaryFolder()
        let grid = try folder.file("grid.json", #"{"dropout": [0, 1]}"#)
        let run = CommandRun(
            "train", folder.url.path, "--out", folder.path("run"), "--labels", "hard", "--grid", grid)
        #expect(run.status == .wrongInput)
        #expect(run.errors == "Error: --dropout is 1.0; expected a number of at least 0 and below 1\n")
    }

    /// Four lists of 1,000 values make 10^12 trainings.
    @Test func aGridOfTooManyCombinationsIsRefused() throws {
        let folder = try TemporaryFolder()
        func grid(_ lengths: Int...) throws -> URL {
            let keys = ["lr", "weight_decay", "dropout", "batch_size"]
            let lists = zip(keys, lengths).map { key, length in
                "\"\(key)\": [" + [String](repeating: "1", count: length).joined(separator: ",") + "]"
            }
            return URL(fileURLWithPath: try folder.file("g.json", "{" + lists.joined(separator: ",") + "}"))
        }
        #expect(try GridFile.read(grid(100, 100)).count == 10_000)
        let large = try grid(1000, 1000, 1000, 1000)
        #expect(
            throws: InputError.malformedJSON(
                path: large.path, problem: "found 1000000000000 combinations; expected at most 10000")
        ) { try GridFile.read(large) }
        #expect(TrainingGrid(learningRates: [1, 2], dropouts: [0, 0.1, 0.2]).count == 6)
        #expect(TrainingGrid().count == 1)
    }
}
