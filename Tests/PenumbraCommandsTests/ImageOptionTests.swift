import Backbones
import Foundation
import ImageDatasets
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Training decides how images are prepared; the checkpoint stores it, and later commands repeat it.
@Suite struct ImageOptionTests {
    /// Makes 40 images of 16 px and trains one epoch on them at double size.
    private func train(in folder: TemporaryFolder, _ options: String...) -> CommandRun {
        _ = CommandRun("generate", "shapes", "--out", folder.url.path, "--count", "40", "--size", "16")
        return CommandRun(
            arguments: [
                "train", folder.path("Shapes"), "--out", folder.path("run"), "--labels", "soft", "--epochs", "1",
                "--batch-size", "12", "--threads", "1", "--backbone", "resnet20_cifar",
            ] + options)
    }

    private func checkpoint(in folder: TemporaryFolder) -> URL {
        folder.url.appendingPathComponent("run/split-1/soft/checkpoint.safetensors")
    }

    private func features(of checkpoint: URL, in folder: TemporaryFolder, _ options: String...) throws -> [Float] {
        let out = folder.path("features.npy")
        let run = CommandRun(
            arguments: ["embed", checkpoint.path, folder.path("Shapes"), "--out", out, "--threads", "1"] + options)
        #expect(run.status == .done, "\(run.errors)")
        return try NPYFile.read(URL(fileURLWithPath: out)).values
    }

    @Test func embedPreparesImagesAsTrainingDid() throws {
        let folder = try TemporaryFolder()
        let outcome = train(in: folder, "--upsample", "3", "--image-size", "32", "--resize", "bilinear")
        #expect(outcome.status == .done, "\(outcome.errors)")
        let file = checkpoint(in: folder)
        let written = try Checkpoint.read(file)
        #expect(written.resize == "bilinear" && written.upsample == 3 && written.imageSize == 32)
        let record = try #require(
            try RunFolder(url: folder.url.appendingPathComponent("run")).readManifest().stages["split-1/soft/train"])
        #expect(record.command.contains("--image-size 32 --resize bilinear --upsample 3 "))

        // Repeating the stored options changes nothing; other options change the features.
        let found = try features(of: file, in: folder)
        #expect(try features(of: file, in: folder, "--resize", "bilinear", "--upsample", "3") == found)
        #expect(try features(of: file, in: folder, "--resize", "antialias") != found)
        #expect(try features(of: file, in: folder, "--upsample", "1") != found)

        // Older checkpoints lack these keys and imply antialiasing without upsampling.
        var old = try SafetensorsFile.read(file)
        old.metadata["penumbra.resize"] = nil
        old.metadata["penumbra.upsample"] = nil
        let copy = folder.url.appendingPathComponent("old.safetensors")
        try old.write(to: copy)
        #expect(
            try features(of: copy, in: folder)
                == features(of: file, in: folder, "--resize", "antialias", "--upsample", "1"))
    }

    @Test func upsamplingDecidesTheImageSizeAndWrongPreparationsAreRefused() throws {
        let folder = try TemporaryFolder()
        #expect(train(in: folder, "--upsample", "2").status == .done)
        let file = checkpoint(in: folder)
        let written = try Checkpoint.read(file)
        #expect(written.imageSize == 32 && written.upsample == 2 && written.resize == "antialias")
        for (key, value, message) in [
            ("penumbra.resize", "cubic", "metadata penumbra.resize is cubic; expected bilinear or antialias"),
            ("penumbra.upsample", "0", "metadata penumbra.upsample is 0; expected a factor from 1 to 64"),
        ] {
            var other = try SafetensorsFile.read(file)
            other.metadata[key] = value
            let url = folder.url.appendingPathComponent("other.safetensors")
            try other.write(to: url)
            let run = CommandRun("embed", url.path, folder.path("Shapes"), "--out", folder.path("e.npy"))
            #expect(run.status == .wrongInput)
            #expect(run.errors == "Error: \(url.path): \(message)\n")
        }
        let run = CommandRun(
            "embed", file.path, folder.path("Shapes"), "--out", folder.path("e.npy"), "--upsample", "65")
        #expect(run.status == .wrongInput)
        #expect(run.errors.contains("is invalid for '--upsample <upsample>': expected 1 to 64."), "\(run.errors)")
    }
}
