import Foundation
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Commands whose images are divided among several jobs.
@Suite final class ShareTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let made = CommandRun("generate", "shapes", "--out", folder.path("."), "--count", "40", "--size", "32")
        try #require(made.status == .done)
        let trained = CommandRun(
            "train", folder.path("Shapes"), "--out", folder.path("run"), "--labels", "soft", "--backbone",
            "resnet20_cifar", "--image-size", "32", "--epochs", "1", "--batch-size", "12", "--threads", "1")
        try #require(trained.status == .done, "\(trained.errors)")
    }

    private var checkpoint: String { folder.path("run/split-1/soft/checkpoint.safetensors") }

    private func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: folder.path(name))) }

    /// Runs all shares with different thread counts and merges them.
    private func inShares(_ count: Int, _ words: [String]) throws -> CommandRun {
        for number in 1...count {
            let run = CommandRun(
                arguments: words + [
                    "--share", "\(number)/\(count)", "--parts", folder.path("parts"), "--threads", "\(1 + number % 2)",
                    "-q",
                ])
            try #require(run.status == .done, "\(run.errors)")
        }
        return CommandRun("merge", folder.path("parts"))
    }

    @Test func featuresOfSharesAreThoseOfOneRun() throws {
        for (one, other) in [("one.npy", "two.npy"), ("one.csv", "two.csv")] {
            func words(_ out: String) -> [String] {
                [
                    "embed", checkpoint, folder.path("Shapes"), "--subset", "all", "--out", folder.path(out), "--layer",
                    "layer2", "--layer", "features", "--logits",
                ]
            }
            let whole = CommandRun(arguments: words(one))
            #expect(whole.status == .done, "\(whole.errors)")
            let merged = try inShares(3, words(other))
            #expect(merged.status == .done, "\(merged.errors)")
            let type = (one as NSString).pathExtension
            for layer in ["layer2", "features", "logits"] {
                let (first, second) = try (bytes("one-\(layer).\(type)"), bytes("two-\(layer).\(type)"))
                #expect(first == second, "\(layer)")
            }
            if type == "npy" {
                let (first, second) = try (bytes("one-samples.csv"), bytes("two-samples.csv"))
                #expect(first == second)
            }
            try FileManager.default.removeItem(atPath: folder.path("parts"))
        }
    }

    @Test func measuresOfSharesAreThoseOfOneRun() throws {
        let words = ["evaluate", checkpoint, "--data", folder.path("Shapes"), "--json"]
        let whole = CommandRun(arguments: words + ["--table", folder.path("one.csv")])
        let merged = try inShares(2, words + ["--table", folder.path("two.csv")])
        #expect(merged.status == .done, "\(merged.errors)")
        #expect(merged.output == whole.output)
        let (first, second) = try (bytes("one.csv"), bytes("two.csv"))
        #expect(first == second)
        let run = CommandRun(
            "evaluate", folder.path("run"), "--share", "1/2", "--parts", folder.path("parts"))
        #expect(run.status == .wrongInput && run.errors.contains("--share takes one checkpoint"), "\(run.errors)")
    }

    @Test func identicalImagesAreFoundAcrossShares() throws {
        let images = try FileManager.default.subpathsOfDirectory(atPath: folder.path("Shapes"))
            .filter { $0.hasSuffix(".png") }.sorted()
        for (from, to) in [(0, 1), (0, images.count - 1)] {
            try FileManager.default.removeItem(atPath: folder.path("Shapes/" + images[to]))
            try FileManager.default.copyItem(
                atPath: folder.path("Shapes/" + images[from]), toPath: folder.path("Shapes/" + images[to]))
        }
        let words = ["dataset", folder.path("Shapes"), "--duplicates", "--json"]
        let whole = CommandRun(arguments: words)
        #expect(whole.output.contains("identical"), "\(whole.output)")
        for number in [3, 1, 2] {
            let run = CommandRun(arguments: words + ["--share", "\(number)/3", "--parts", folder.path("parts")])
            #expect(run.status == .done, "\(run.errors)")
        }
        let merged = CommandRun("merge", folder.path("parts"))
        #expect(merged.status == .done, "\(merged.errors)")
        #expect(merged.output == whole.output)
    }

    @Test func whatDoesNotBelongTogetherIsRefused() throws {
        func words(_ share: String, _ more: [String] = []) -> [String] {
            [
                "embed", checkpoint, folder.path("Shapes"), "--out", folder.path("x.npy"), "--share", share, "--parts",
                folder.path("parts"),
            ] + more
        }
        func error(_ arguments: [String]) -> String {
            let run = CommandRun(arguments: arguments)
            #expect(run.status == .wrongInput)
            return run.errors
        }
        let parts = folder.path("parts"), merge = ["merge", parts]
        #expect(
            error(merge)
                == "Error: \(parts) holds no part-N-of-M.safetensors; expected the files that --share writes to --parts\n"
        )
        #expect(CommandRun(arguments: words("2/3")).status == .done)
        #expect(error(merge) == "Error: \(parts) lacks 2 of 3 parts: 1, 3; run these shares first\n")
        #expect(CommandRun(arguments: words("1/3")).status == .done)
        #expect(CommandRun(arguments: words("3/3", ["--subset", "val"])).status == .done)
        #expect(
            error(merge).hasPrefix(
                "Error: \(parts)/part-3-of-3.safetensors was made with a different command from \(parts)/part-1"))
        #expect(CommandRun(arguments: words("3/3")).status == .done)
        #expect(CommandRun(arguments: merge).status == .done)

        // One image has changed.
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path("Shapes"))
        let image = try #require(names.first { $0.hasSuffix(".png") })
        try Data("not the same".utf8).write(to: URL(fileURLWithPath: folder.path("Shapes/" + image)))
        #expect(error(merge).contains("the data set has changed since the parts were made; run all shares again"))

        try Data("no part".utf8).write(to: URL(fileURLWithPath: parts + "/part-1-of-3.safetensors"))
        #expect(!error(merge).isEmpty)
        for share in ["0/3", "4/3", "1", "1/0", "a/b", "1/2/3", "-1/3"] {
            #expect(error(words(share)).contains("--share"), "\(share)")
        }
        #expect(
            error(["embed", checkpoint, folder.path("Shapes"), "--out", "x.npy", "--share", "1/2"]).contains(
                "given together"))
        #expect(error(words("1/99")).contains("there are 99 shares of 8 images; expected at most one share per image"))
    }

    @Test func sharesCoverEverythingOnce() throws {
        for (total, count) in [(10, 3), (7, 7), (1000, 13)] {
            let ranges = try (1...count).map { try #require(WorkShare("\($0)/\(count)")).range(of: total) }
            #expect(ranges.flatMap { Array($0) } == Array(0..<total))
            #expect(ranges.map(\.count).max()! - ranges.map(\.count).min()! <= 1)
        }
    }

    @Test func wordsOfAJobAloneAreNotPartOfTheWhole() {
        #expect(
            ShareOptions.withoutShare([
                "embed", "a", "--share", "1/2", "--parts=p", "--threads", "4", "-q", "--split", "2", "--threads=3",
                "--quiet",
            ]) == ["embed", "a", "--split", "2"])
    }
}
