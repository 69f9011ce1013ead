import Foundation
import Numerics
import TestSupport
import Testing

@testable import PenumbraCommands

/// `annotation-budget`: how many votes per image are enough.
@Suite struct AnnotationBudgetCommandTests {
    private let folder: TemporaryFolder
    private let votes: String
    private let images = 40

    /// Twelve votes per image. The features are derived from the vote shares, so neighbours depend on the labels.
    init() throws {
        folder = try TemporaryFolder()
        var random = CounterRandom(seed: 3)
        var (rows, features) = ("id,cat,dog\n", "id,f0,f1\n")
        for image in 0..<images {
            let cats = random.index(below: 13)
            rows += "i\(image),\(cats),\(12 - cats)\n"
            features += "i\(image),\(Double(cats) / 12),\(Double(image % 3) / 50)\n"
        }
        votes = try folder.file("votes.csv", rows)
        _ = try folder.file("features.csv", features)
    }

    private func run(_ out: String, _ options: String...) -> CommandRun {
        CommandRun(
            arguments: ["annotation-budget", votes, "--out", folder.path(out), "--draws", "8", "--neighbors", "5"]
                + options)
    }

    /// The rows of `budget.csv` as dictionaries keyed by column title.
    private func table(_ out: String) throws -> [[String: String]] {
        let rows = try folder.text("\(out)/budget.csv").split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        return rows.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(rows[0], $0)) }
    }

    @Test func moreVotesAreNearerToAll() throws {
        let result = run("out", "--features", folder.path("features.csv"))
        #expect(result.status == .done, "\(result.errors)")
        #expect(result.output.contains("40 images with 12 to 12 votes, 8 draws of each number."))
        let rows = try table("out")
        #expect(rows.map { $0["votes"] } == ["1", "2", "3", "5", "8", ""])
        let divergences = try rows.map { try #require(Double($0["kl_divergence"] ?? "")) }
        #expect(divergences == divergences.sorted(by: >) && abs(divergences[5]) < 1e-12)
        for row in rows.dropLast() {
            let (low, value, high) = (row["kl_divergence_low"]!, row["kl_divergence"]!, row["kl_divergence_high"]!)
            #expect(Double(low)! <= Double(value)! && Double(value)! <= Double(high)!)
        }
        // The row with all votes has nothing to draw, hence no interval.
        #expect(rows[5]["kl_divergence_low"] == "")
        let neighbors = try rows.map { try #require(Double($0["neighbor_divergence"] ?? "")) }
        #expect(neighbors[5] < neighbors[0])
        for name in ["budget.png", "budget.svg", "budget.pdf", "budget.json"] {
            #expect(FileManager.default.fileExists(atPath: folder.path("out/\(name)")), "\(name)")
        }
        #expect(try folder.text("out/budget.json").contains("\n  \"format\" : 1,\n"))
        let picture = try folder.text("out/budget.svg")
        #expect(picture.contains("entropy of label and of neighbours, Spearman ↑"))
        #expect(picture.contains("KL counts shares below 1e-5 as 1e-5."))
        for text in ["votes per image", "KL from all votes ↓", "neighbours, JS in nats ↓"] {
            #expect(picture.contains(text), "\(text)")
        }
    }

    @Test func threadsDoNotChangeTheBytesAndTheSeedDoes() throws {
        for (out, options) in [("a", ["--threads", "1"]), ("b", ["--threads", "3"]), ("c", ["--seed", "1"])] {
            let run = CommandRun(
                arguments: ["annotation-budget", votes, "--out", folder.path(out), "--draws", "4"] + options)
            #expect(run.status == .done, "\(run.errors)")
        }
        for name in ["budget.csv", "budget.svg"] {
            #expect(try folder.text("a/\(name)") == folder.text("b/\(name)"), "\(name)")
            #expect(try folder.text("a/\(name)") != folder.text("c/\(name)"), "\(name)")
        }
        // Without features there are no neighbour measures.
        #expect(try !folder.text("a/budget.csv").contains("neighbor"))
    }

    @Test func optionsOfFeaturesNeedFeatures() throws {
        for (options, message) in [
            (
                ["--columns", "f0"],
                "--columns, --skip-columns, --array and options that begin with --feature- are for the file"
            ),
            (
                ["--array", "x"],
                "--columns, --skip-columns, --array and options that begin with --feature- are for the file"
            ),
            (["--neighbors", "5"], "--neighbors is for the measures of --features."),
        ] {
            let run = CommandRun(arguments: ["annotation-budget", votes, "--out", folder.path("out")] + options)
            #expect(run.status == .wrongInput && run.errors.contains(message), "\(run.errors)")
        }
        let features = folder.path("features.csv")
        let run = CommandRun(
            "annotation-budget", votes, "--features", features, "--neighbors", "39", "--out", folder.path("out"))
        #expect(run.status == .wrongInput)
        #expect(
            run.errors.hasSuffix(
                "Error: \(features): the number of nearest neighbours (--neighbors) is 39; with 40 samples it must be below 39\n"
            ),
            "\(run.errors)")
    }

    @Test(arguments: [
        ("id,cat,dog\na,0.5,0.5\nb,0.25,0.75\n", "expected votes"),
        ("id,label\na,cat\nb,dog\n", "expected votes"),
        ("id,cat,dog\na,1,0\nb,0,1\n", "found one vote per image"),
    ])
    func whatIsNoVotesIsRefused(rows: String, problem: String) throws {
        let file = try folder.file("other.csv", rows)
        let run = CommandRun("annotation-budget", file, "--out", folder.path("other"))
        #expect(run.status == .wrongInput)
        #expect(run.errors.contains(file) && run.errors.contains(problem), "\(run.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("other/budget.csv")))
    }
}
