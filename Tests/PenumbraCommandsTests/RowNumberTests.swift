import Foundation
import Testing
import TestSupport
import TensorFiles

@testable import PenumbraCommands
@testable import PenumbraRuns

/// The numbers of rows without ids are not the whole-number ids of another file.
@Suite struct RowNumberTests {
    private static let count = 24
    private let folder: TemporaryFolder
    private let labels: String
    /// The same rows, without ids, with ids that are whole numbers in another order, and with their row numbers as ids.
    private let numbered, named, counted: String

    init() throws {
        let folder = try TemporaryFolder()
        func value(_ row: Int, _ column: Int) -> Float { Float(MadeFeatures.value(row, column)) }
        let values = (0..<Self.count).flatMap { row in (0..<3).map { value(row, $0) } }
        let plain = folder.file("plain.npy")
        try NPYFile.write(NumericArray(shape: [Self.count, 3], values: values), to: plain)
        numbered = plain.path
        let table = (0..<Self.count).map { row in (0..<3).map { ",\(value(row, $0))" }.joined() }
        func features(_ name: String, _ id: (Int) -> Int) throws -> String {
            try folder.file(name, "id,u,v,w\n" + table.enumerated().map { "\(id($0))\($1)\n" }.joined())
        }
        self.folder = folder
        named = try features("named.csv") { $0 * 7 % Self.count }
        counted = try features("counted.csv") { $0 }
        labels = try folder.file(
            "l.csv", "id,cat,dog\n" + (0..<Self.count).map { "\($0),\($0 % 4),\(3 - $0 % 4)\n" }.joined())
    }

    private func map(of features: String, _ name: String) -> String {
        let path = folder.path(name)
        #expect(CommandRun("project", features, "--out", path, "--perplexity", "5", "--max-iter", "5").status == .done)
        return path
    }

    private func refused(_ run: CommandRun, _ numbered: String, _ named: String) {
        #expect(run.status == .wrongInput)
        #expect(
            run.errors.contains("\(numbered): has no ids, but \(named) has; expected ids in both or in neither"),
            "\(run.errors)")
    }

    @Test func featuresAreNotJoinedByRowNumbers() throws {
        let out = folder.path("out")
        refused(CommandRun("compare", named, numbered, "--labels", labels, "--out", out), numbered, named)
        refused(
            CommandRun(
                "figure", named, numbered, "--labels", labels, "--perplexity", "5", "--max-iter", "5", "--out",
                folder.path("f.svg")), numbered, named)
        let same = CommandRun(
            "compare", counted, numbered, "--labels", labels, "--out", out, "--perplexity", "5", "--max-iter", "5",
            "--permutations", "0", "--bootstraps", "50", "--snapshots", "0")
        #expect(same.status == .done, "\(same.errors)")
        // So few samples have fewer neighbours than a map is measured on.
        #expect(
            try folder.text("out/report.md").contains(
                "Trustworthiness, continuity and neighbours kept are of the 11 nearest, not 15"))
    }

    @Test func mapsAreNotJoinedByRowNumbers() throws {
        let first = map(of: named, "first.csv"), second = map(of: numbered, "second.csv")
        refused(
            CommandRun("plot", first, second, "--arrows", "20", "--out", folder.path("f.svg")), second, first)
        refused(CommandRun("explore", second, "--features", named, "--out", folder.path("p.html")), second, named)
        refused(CommandRun("explore", first, "--features", numbered, "--out", folder.path("p.html")), numbered, first)
        let third = map(of: counted, "third.csv")
        #expect(CommandRun("plot", third, second, "--out", folder.path("f.svg")).status == .done)
        let rows = CommandRun("explore", second, "--features", numbered, "--out", folder.path("p.html"))
        #expect(rows.status == .done, "\(rows.errors)")
    }

    /// Ids that were given when the map was made do not hide that it was made of this file.
    @Test func featuresOfTheMapKeepItsOrder() throws {
        let ids = try folder.file("ids.csv", "id\n" + (0..<Self.count).map { "s\($0)\n" }.joined())
        let path = folder.path("map.csv")
        #expect(
            CommandRun(
                "project", numbered, "--ids", ids, "--out", path, "--perplexity", "5", "--max-iter", "5"
            ).status == .done)
        let page = CommandRun("explore", path, "--features", numbered, "--out", folder.path("p.html"))
        #expect(page.status == .done && page.errors.contains("its rows are taken in the order of the map"))
    }

    @Test func labelsInAnotherOrderOfTheNumbersAreDoubtful() throws {
        let path = map(of: numbered, "map.csv")
        let turned = try folder.file(
            "turned.csv",
            "id,cat,dog\n" + (0..<Self.count).reversed().map { "\($0),\($0 % 4),\(3 - $0 % 4)\n" }.joined())
        for words in [["plot", path], ["explore", path]] {
            let out = folder.path(words[0] == "plot" ? "f.svg" : "p.html")
            let run = CommandRun(arguments: words + ["--labels", turned, "--out", out])
            #expect(run.status == .wrongInput)
            #expect(
                run.errors.contains("holds the row numbers of \(path) in another order")
                    && run.errors.contains("--id-column id"),
                "\(run.errors)")
            #expect(
                CommandRun(arguments: words + ["--labels", turned, "--out", out, "--id-column", "id"]).status == .done)
        }
        #expect(CommandRun("plot", path, "--labels", labels, "--out", folder.path("f.svg")).status == .done)
    }
}
