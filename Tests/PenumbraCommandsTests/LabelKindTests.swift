import Foundation
import LabelDistributions
import Testing
import TestSupport
import Training

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Trainings on other kinds of labels: naming, recording and finding them again.
@Suite struct LabelKindTests {
    @Test(arguments: [
        ("hard", "hard", "hard labels"),
        ("quantized-resampled", "quantized, drawn anew", "quantized labels, drawn anew"),
        ("quantized-cpu", "quantized + cpu", "quantized labels + cpu"),
        ("soft-annotations3-images1000", "soft, 3 annotations, 1000 images", "soft labels, 3 annotations, 1000 images"),
        ("hard-smoothing0.1", "hard + smoothing 0.1", "hard labels + smoothing 0.1"),
        ("hard-images500-mixup0.2", "hard + mixup 0.2, 500 images", "hard labels + mixup 0.2, 500 images"),
        ("hard-annotations1-cpu", "hard + cpu, 1 annotation", "hard labels + cpu, 1 annotation"),
    ])
    func namesAreReadAgain(name: String, title: String, heading: String) throws {
        let kind = try #require(MemberKind(name: name))
        #expect(kind.name == name && kind.title == title && kind.heading == heading)
    }

    @Test(arguments: [
        "", "grid", "Hard", "soft-", "quantized-cpu-resampled", "soft-annotations", "hard-images-3", "soft-soft",
        "hard-smoothing", "hard-smoothing0", "hard-smoothing0.10", "hard-mixup0.2-smoothing0.1", "hard-mixupnan",
    ])
    func otherFoldersAreNoTrainings(name: String) {
        #expect(MemberKind(name: name) == nil)
    }

    @Test func tablesHaveThePlainKindsFirst() {
        let names = [
            "soft-annotations3", "hard-mixup0.2", "quantized-cpu", "hard-smoothing0.1", "hard", "soft", "quantized",
            "soft-annotations10",
        ]
        let sorted = names.compactMap(MemberKind.init(name:)).sorted(by: MemberKind.precedes).map(\.name)
        #expect(
            sorted == [
                "hard", "hard-smoothing0.1", "hard-mixup0.2", "soft", "soft-annotations10", "soft-annotations3",
                "quantized",
                "quantized-cpu",
            ])
    }

    @Test func aRunOfSeveralKinds() throws {
        let folder = try TemporaryFolder()
        let data = folder.path("Shapes"), out = folder.path("run")
        _ = CommandRun("generate", "shapes", "--out", folder.url.path, "--count", "60", "--size", "32")
        for words in [
            ["--labels", "quantized", "--loss", "cpu", "--cpu-priors", ".2,.5"],
            ["--labels", "soft", "--annotations", "3"],
        ] {
            let run = CommandRun(
                arguments: [
                    "train", data, "--out", out, "--backbone", "resnet20_cifar", "--image-size", "32", "--epochs", "1",
                    "--batch-size", "12",
                ] + words)
            #expect(run.status == .done, "\(run.errors)")
        }
        let record = try RunFolder(url: URL(fileURLWithPath: out)).readManifest()
        let command = try #require(record.stages["split-1/quantized-cpu/train"]).command
        #expect(command.contains("--labels quantized ") && command.contains("--loss cpu --cpu-priors 0.2,0.5"))
        guard case .object(let fields) = record.stages["split-1/quantized-cpu/train"]!.parameters else { return }
        #expect(fields["cpu_priors"] == .array([.number(0.2), .number(0.5)]))
        let table = CommandRun("evaluate", out, "--json")
        let evaluations = try JSONDecoder.forTests.decode(EvaluationTable.self, from: Data(table.output.utf8))
        #expect(evaluations.evaluations.map(\.labels) == ["soft-annotations3", "quantized-cpu"])
        // One-versus-rest outputs are normalised; otherwise the predictions would be refused.
        let divergences = evaluations.evaluations.compactMap { $0[.klDivergence] }
        #expect(divergences.count == 2 && divergences.allSatisfy { $0 > 0 && $0 < 10 })
    }

    @Test func aRecordOfAnOlderProgramIsStillDone() throws {
        let folder = try TemporaryFolder()
        let data = folder.path("Shapes"), out = folder.path("run")
        _ = CommandRun("generate", "shapes", "--out", folder.url.path, "--count", "30", "--size", "32")
        let words = [
            "train", data, "--out", out, "--labels", "hard", "--backbone", "resnet20_cifar", "--image-size", "32",
            "--epochs", "1",
        ]
        #expect(CommandRun(arguments: words).status == .done)
        let run = RunFolder(url: URL(fileURLWithPath: out))
        var stage = try #require(try run.readManifest().stages["split-1/hard/train"])
        guard case .object(var fields) = stage.parameters else { return }
        for key in ["precision", "loss", "resamples"] { fields[key] = nil }
        stage.parameters = .object(fields)
        try run.record(stage, as: "split-1/hard/train")
        #expect(CommandRun(arguments: words).errors.hasSuffix("train hard: already done\n"))
        let other = CommandRun(arguments: words + ["--precision", "bf16"])
        #expect(other.status == .wrongInput)
    }

    @Test(arguments: [
        (
            ["--cpu-priors", ".1,1.5", "--loss", "cpu"],
            "is invalid for '--cpu-priors <cpu-priors>': expected two numbers from 0 to 1."
        ),
        (["--cpu-priors", ".1,.6"], "--loss is cross-entropy; expected cpu with --cpu-priors"),
    ])
    func wrongPriors(options: [String], message: String) throws {
        let folder = try TemporaryFolder()
        let run = CommandRun(
            arguments: ["train", folder.url.path, "--out", folder.path("run"), "--labels", "quantized"] + options)
        #expect(run.status == .wrongInput && run.errors.contains(message), "\(run.errors)")
    }
}
