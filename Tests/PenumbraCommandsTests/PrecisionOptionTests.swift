import Backbones
import Foundation
import NeuralNetwork
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// `--precision`.
@Suite struct PrecisionOptionTests {
    private static let isSupported = (try? Precision.bf16.check()) != nil
    private static let options = "--labels soft --image-size 32 --epochs 1 --batch-size 12 --threads 1 --quiet"

    /// oneDNN is told to act as on a processor without AVX512_BF16.
    @Test func aProcessorWithoutTheInstructionsIsToldSo() throws {
        let folder = try TemporaryFolder()
        for command in [
            "train Shapes --out run --labels soft", "reproduce --preset quick --out run", "evaluate run",
            "embed x.safetensors Shapes --out f.npy",
        ] {
            let run = try ShellRun(
                "ONEDNN_MAX_CPU_ISA=AVX512_CORE $penumbra \(command) --precision bf16", in: folder)
            #expect(run.status == 2)
            #expect(
                run.errors
                    == "Error: bf16 needs a processor with AVX512_BF16 instructions, which this one lacks; float32 "
                    + "runs everywhere\n")
        }
        #expect(try !folder.names.contains("run"))
    }

    @Test(.enabled(if: isSupported)) func theRunAndItsCheckpointSayIt() throws {
        let folder = try TemporaryFolder()
        #expect(try ShellRun("$penumbra generate shapes --out . --count 60 --size 32 --quiet", in: folder).status == 0)
        let train = "$penumbra train Shapes --out run \(Self.options)"
        let run = try ShellRun(train + " --precision bf16", in: folder)
        #expect(run.status == 0, "\(run.errors)")
        let checkpoint = folder.path("run/split-1/soft/checkpoint.safetensors")
        #expect(try Checkpoint.read(URL(fileURLWithPath: checkpoint)).precision == .bf16)
        let stage = try #require(
            try RunFolder(url: URL(fileURLWithPath: folder.path("run"))).readManifest().stages["split-1/soft/train"])
        #expect(stage.command.contains(" --precision bf16"))
        let other = try ShellRun(train, in: folder)
        #expect(other.status == 2)
        #expect(other.errors.contains("was made with other settings: --precision is \"bf16\", not \"float32\"."))

        // The checkpoint holds float32 weights, so both precisions work; their features differ slightly.
        for precision in Precision.allCases {
            let embed = try ShellRun(
                "$penumbra embed \(checkpoint) Shapes --out \(precision).npy --precision \(precision)", in: folder)
            #expect(embed.status == 0, "\(embed.errors)")
        }
        let files = try ["float32.npy", "bf16.npy"].map { try Data(contentsOf: URL(fileURLWithPath: folder.path($0))) }
        #expect(files[0].count == files[1].count && files[0] != files[1])
    }
}
