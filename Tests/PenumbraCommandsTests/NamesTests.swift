import FeatureSpaces
import Foundation
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Samples, classes and files may have any name.
@Suite struct NamesTests {
    private let folder: TemporaryFolder
    private let features: String

    init() throws {
        folder = try TemporaryFolder()
        features = try folder.file("f.csv", ProjectTests.csv(ProjectTests.features()))
    }

    private func project(_ features: String, _ out: String, _ more: String...) -> CommandRun {
        CommandRun(arguments: ["project", features, "--out", out, "--max-iter", "10", "--perplexity", "3"] + more)
    }

    @Test func idsThatDifferInSpellingAloneAreTwo() throws {
        let rows = try folder.text("f.csv").split(separator: "\n")
        let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
        func table(_ first: String, _ second: String) throws -> String {
            let changed =
                [
                    rows[0], rows[1].replacing("s0", with: first)[...], rows[2].replacing("s1", with: second)[...],
                ] + rows[3...]
            return try folder.file("n.csv", changed.joined(separator: "\n") + "\n")
        }
        let out = folder.path("m.csv")
        #expect(project(try table(composed, decomposed), out).status == .done)
        let ids = try LayoutFile.read(URL(fileURLWithPath: out)).ids
        #expect(ids.ids[0].utf8.elementsEqual(composed.utf8) && ids.ids[1].utf8.elementsEqual(decomposed.utf8))
        // Swapping the two spellings in another list of ids makes them different samples.
        let other = try SampleIDs(path: "other", [decomposed, composed] + ids.ids[2...])
        #expect(throws: InputError.self) { try ids.requireSame(as: other) }
        #expect(project(try table(composed, composed), out).errors.contains("in rows 1 and 2"))
    }

    @Test func aLongIDIsShortened() throws {
        let id = String(repeating: "x", count: 1_000_000)
        let run = project(try folder.file("n.csv", "id,f0\n\(id),1\n\(id),2\n"), folder.path("m.csv"))
        #expect(run.status == .wrongInput)
        #expect(run.errors.hasSuffix("the id '\(id.prefix(40))…' is in rows 1 and 2; expected each id once\n"))
    }

    @Test func outputsThatCannotBeAreSaidBeforehand() throws {
        let file = try folder.file("file", "x")
        let inFile = project(features, file + "/m.csv")
        #expect(inFile.status == .failed)
        #expect(inFile.errors.contains("/m.csv: cannot write: a part of the path is a file, not a folder"))
        let link = folder.path("link.csv")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "nowhere.csv")
        let dangling = project(features, link)
        #expect(dangling.status == .failed)
        #expect(dangling.errors.contains("link.csv: cannot write: it is a link to 'nowhere.csv', which does not exist"))
        #expect(try folder.names == ["f.csv", "file", "link.csv"])
    }

    /// Swift would replace the bytes, and read and write other files.
    @Test func namesThatAreNotUTF8AreRefused() throws {
        let line = "$penumbra project f.csv --max-iter 5 --perplexity 3 -q --out"
        let run = try ShellRun("\(line) \"$(printf 'o\\377/m.csv')\"", in: folder)
        #expect(run.status == 2)
        #expect(run.errors == "Error: o\u{FFFD}/m.csv: the argument is not UTF-8; rename it, for example with convmv\n")
        let inside = try ShellRun(
            "d=$(printf 'd\\377'); mkdir \"$d\"; cd \"$d\"; $penumbra --version && \(line) m.csv", in: folder)
        #expect(
            inside.status == 2 && inside.errors.contains("the current folder's name is not UTF-8"), "\(inside.errors)")
        #expect(try folder.names.allSatisfy { $0 != "o\u{FFFD}" })
        #expect(throws: NameEncoding(found: "a\u{FFFD}", isCurrentFolder: false)) {
            try NameEncoding.check([[97], [97, -1]], currentFolder: [47])
        }
    }

    @Test func markdownIsEscaped() throws {
        #expect(MarkdownText.escaped("a|b") == "a\\|b")
        #expect(MarkdownText.escaped("*_`[x](y)<b>#~") == "\\*\\_\\`\\[x\\](y)\\<b\\>\\#\\~")
        #expect(MarkdownText.escaped("a\nb\u{1B}") == "a\u{FFFD}b\u{FFFD}")
        #expect(MarkdownText.escaped("hard labels, 2.5") == "hard labels, 2.5")
    }

    @Test func theReportOfAComparisonEscapesNames() throws {
        let labels = try folder.file(
            "labels.csv", "id,a,b\n" + (0..<40).map { "s\($0),\($0 % 2),\(1 - $0 % 2)\n" }.joined())
        let other = try folder.file("g.csv", folder.text("f.csv"))
        let run = CommandRun(
            "compare", features, other, "--labels", labels, "--out", folder.path("out"), "--names", "<b>|x", "_y_",
            "--max-iter", "10", "--perplexity", "3", "--bootstraps", "5", "--permutations", "5", "--snapshots", "0")
        #expect(run.status == .done, "\(run.errors)")
        let report = try folder.text("out/report.md")
        #expect(report.hasPrefix("# \\<b\\>\\|x, \\_y\\_\n"), "\(report.prefix(100))")
        #expect(!report.contains("<b>") && !report.contains("| _y_"))
    }
}
