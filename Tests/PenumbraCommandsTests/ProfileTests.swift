import Foundation
import NeuralNetwork
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// `--profile` and `--recompute` on a small training.
@Suite struct ProfileTests {
    /// 60 images, of which 36 are for training: three steps.
    private static let quick = [
        "--labels", "soft", "--image-size", "32", "--epochs", "1", "--batch-size", "12", "--threads", "2",
    ]

    private func folder() throws -> (folder: TemporaryFolder, data: String) {
        let folder = try TemporaryFolder()
        _ = CommandRun("generate", "shapes", "--out", folder.url.path, "--count", "60", "--size", "32")
        return (folder, folder.path("Shapes"))
    }

    @Test func aProfileTellsOfEveryBlockInSixtyColumnsAndOfEveryLayerInAFile() throws {
        let (folder, data) = try folder()
        defer { folder.remove() }
        let trained = CommandRun(
            arguments: ["train", data, "--out", folder.path("run"), "--profile", "--recompute"] + Self.quick)
        #expect(trained.status == .done, "\(trained.errors)")
        let lines = trained.output.split(separator: "\n").map(String.init)
        #expect(lines.last == folder.path("run/split-1/soft/checkpoint.safetensors"))
        #expect(lines.dropLast().allSatisfy { $0.count <= 60 }, "\(trained.output)")
        for name in ["stem ", "dense block 1 ", "transition 3 ", "dense block 4 ", "final average ", "optimiser "] {
            #expect(lines.contains { $0.hasPrefix(name) }, "\(name)")
        }
        #expect(lines[0].split(separator: " ", omittingEmptySubsequences: true).contains("again"))
        // Three passes for each of 120 convolutions, minus the input gradient of the first.
        #expect(lines.contains { $0.hasPrefix("Winograd: ") && $0.hasSuffix(" of 359 passes, counted as direct") })
        for name in ["convolutions alone", "every pass by itself"] {
            #expect(lines.contains { $0.hasPrefix(name) && $0.hasSuffix("%") && !$0.hasSuffix(" 0.0%") }, "\(name)")
        }

        let rows = try folder.text("run/split-1/soft/profile.csv").split(separator: "\n").map(String.init)
        // Header, 1 + 1 + 2 · 58 layers, 3 transitions, the final average, and the parts outside the layers.
        #expect(rows.count == 1 + 122 + NetworkProfile.Part.allCases.count)
        #expect(rows[0].hasPrefix("block,layer,forward_ms,again_ms,backward_ms,"))
        let again = rows.filter { row in
            let fields = row.split(separator: ",", omittingEmptySubsequences: false)
            return fields[0] != "block" && (Double(fields[3]) ?? 0) > 0
        }
        #expect(again.count == 59)
    }

    @Test func recomputationGivesTheSameCheckpoint() throws {
        let (folder, data) = try folder()
        defer { folder.remove() }
        var digests: [String] = []
        for options in [[], ["--recompute"]] {
            let out = folder.path("run\(options.count)")
            let trained = CommandRun(arguments: ["train", data, "--out", out, "--json"] + options + Self.quick)
            #expect(trained.status == .done && !trained.output.contains("profile"))
            let run = RunFolder(url: URL(fileURLWithPath: out))
            let record = try #require(try run.readManifest().stages["split-1/soft/train"])
            #expect(record.command.hasSuffix("--recompute") == !options.isEmpty)
            let member = run.member(Repetition(split: .slice(1)), kind: MemberKind(labels: .soft))
            digests.append(try SHA256Digest.of(file: member.checkpoint).description)
        }
        #expect(digests[0] == digests[1])
        // Recomputing is not a different training, so the existing one counts as done.
        let again = CommandRun(arguments: ["train", data, "--out", folder.path("run0"), "--recompute"] + Self.quick)
        #expect(again.errors.hasSuffix("train soft: already done\n"))
    }

    @Test func aProfileOfAnEmbedding() throws {
        let (folder, data) = try folder()
        defer { folder.remove() }
        _ = CommandRun(arguments: ["train", data, "--out", folder.path("run")] + Self.quick)
        let embedded = CommandRun(
            "embed", folder.path("run/split-1/soft/checkpoint.safetensors"), data, "--out", folder.path("e.npy"),
            "--subset", "all", "--image-size", "160", "--threads", "2", "--profile", "--json")
        #expect(embedded.status == .done, "\(embedded.errors)")
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(embedded.output.utf8)) as? [String: Any])
        let profile = try #require(report["profile"] as? [String: Any])
        #expect((profile["blocks"] as? [Any])?.count == 9)
        #expect((profile["convolutions_alone"] as? Double ?? 0) > 0)
        #expect(FileManager.default.fileExists(atPath: folder.path("e-profile.csv")))
    }

    @Test func aGridHasNoProfile() {
        let run = CommandRun("train", "data", "--out", "run", "--labels", "soft", "--grid", "g.json", "--profile")
        #expect(run.status == .wrongInput)
        #expect(run.errors.contains("--profile and --grid cannot be combined."))
    }

    @Test func aNetworkThatDoesNotFitNamesTheOptions() {
        func text(_ available: Int, recomputing: Int?, parts: Int = 1) -> String {
            NetworkMemoryError(
                needed: 8 << 30, available: available << 30, batch: 128,
                image: ImageShape(channels: 3, height: 224, width: 224), neededRecomputing: recomputing.map { $0 << 30 }
            ).explained(parts: parts, batchSize: 128 * parts).description
        }
        let figures = "batches of 128 images of 224 × 224 pixels take 8.0 GiB of memory, "
        #expect(
            text(6, recomputing: 4) == figures
                + "but only 6.0 GiB is available; it fits with --recompute (4.0 GiB) or with --accumulate 2 (about 4.0 GiB)"
        )
        #expect(
            text(3, recomputing: 4, parts: 2) == figures
                + "but only 3.0 GiB is available; it fits with --accumulate 8 (about 2.0 GiB)")
        #expect(
            text(0, recomputing: 4) == figures + "but only 0.0 MiB is available; use a smaller --image-size")
    }
}
