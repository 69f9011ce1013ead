import Backbones
import Foundation
import NeuralNetwork
import Numerics
import TensorFiles
import TestSupport
import Testing

@testable import PenumbraCommands
@testable import PenumbraRuns

/// `embed` for stages, logits and one of several networks, from a checkpoint in the public CIFAR code's layout.
@Suite struct EmbedLayerTests {
    let folder: TemporaryFolder
    let data: String
    let checkpoint: String

    init() throws {
        folder = try TemporaryFolder()
        data = folder.path("Shapes")
        checkpoint = folder.path("model.pth")
        _ = CommandRun("generate", "shapes", "--out", folder.url.path, "--count", "20", "--size", "32")
        let network = try Architecture.wrn_28_2.backbone(classes: 6).network(
            imageSize: 32, batch: 1, threads: ThreadCount(1), trains: false)
        var both: [NamedTensor] = []
        for (seed, part) in [(3, "student"), (4, "teacher")] {
            try network.initialize(seed: UInt64(seed))
            both += try network.state().map {
                NamedTensor(name: "\(part).\($0.name)", shape: $0.shape, values: $0.values)
            }
        }
        try TorchStreamFixture.write(both, to: checkpoint)
    }

    private func embed(_ options: String...) -> CommandRun {
        CommandRun(arguments: ["embed", checkpoint, data, "--threads", "1"] + options)
    }

    private func array(_ name: String) throws -> NumericArray {
        try NPYFile.read(URL(fileURLWithPath: folder.path(name)))
    }

    @Test func everyLayerHasItsFile() throws {
        let out = folder.path("x.npy")
        let run = embed("--part", "teacher", "--layer", "block1", "--layer", "features", "--logits", "--out", out)
        #expect(run.status == .done, "\(run.errors)")
        #expect(run.errors.contains("WRN-28-2 (WideResNet-pytorch) under teacher; pixel values scaled by mean 0.4914"))
        #expect(run.errors.contains("\n  ReLU is assumed, as in WideResNet-pytorch: "))
        let shapes = try ["x-block1.npy", "x-features.npy", "x-logits.npy"].map { try array($0).shape }
        #expect(shapes == [[4, 32], [4, 128], [4, 6]])
        #expect(FileManager.default.fileExists(atPath: folder.path("x-samples.csv")))
        let alone = embed("--part", "teacher", "--out", out)
        #expect(alone.status == .done, "\(alone.errors)")
        let (features, among) = (try array("x.npy"), try array("x-features.npy"))
        #expect(features == among)
        // The other network, or another pixel scaling, gives other features.
        #expect(embed("--part", "student", "--out", out).status == .done)
        #expect(try array("x.npy") != features)
        #expect(embed("--part", "teacher", "--mean", "0.5", "--std", "0.25,0.25,0.25", "--out", out).status == .done)
        #expect(try array("x.npy") != features)
    }

    @Test func whatIsWrongIsSaid() throws {
        let out = folder.path("x.npy")
        var run = embed("--out", out)
        #expect(run.status == .wrongInput)
        #expect(
            run.errors.hasSuffix(
                "Error: \(checkpoint): holds 2 networks; choose one with --part PREFIX:\n  student: WRN-28-2 "
                    + "(WideResNet-pytorch)\n  teacher: WRN-28-2 (WideResNet-pytorch)\n"),
            "\(run.errors)")
        run = embed("--part", "teacher", "--layer", "layer9", "--out", out)
        #expect(run.status == .wrongInput)
        #expect(
            run.errors.hasSuffix(
                "no layer layer9 with outputs; expected one of block1, block2, block3, features, logits\n"))
        #expect(embed("--mean", "0.5", "--out", out).errors.contains("--mean and --std go together"))
        run = embed("--mean", "0.5", "--std", "0", "--out", out)
        #expect(run.errors.contains("--std is 0; expected three positive numbers"))
    }

    @Test func inspectListsLayersAndNetworks() throws {
        let run = CommandRun("inspect", checkpoint, "--layers", "--part", "teacher")
        #expect(run.status == .done, "\(run.errors)")
        let lines = run.output.split(separator: "\n").map(String.init)
        #expect(
            lines.prefix(6) == [
                "block1    32 × 32 × 32  32 features", "block2    64 × 16 × 16  64 features",
                "block3    128 × 8 × 8   128 features", "features  128           128 features",
                "logits    6             6 features", "(images of 32 px)",
            ])
        #expect(run.output.contains("--part student"))
    }
}
