import Foundation
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Predictions beside the labels of a map: both must be of the same classes and the same labels.
@Suite struct PlotPredictionsTests {
    private let folder: TemporaryFolder
    private let map: String
    private let labels: String

    private static let shares = ["1,0,0", "0,1,0", "0,0.25,0.75", "0.5,0.25,0.25"]

    init() throws {
        folder = try TemporaryFolder()
        map = try folder.file("map.csv", "id,x,y\na,0,0\nb,1,0\nc,0,1\nd,1,1\n")
        labels = try folder.file(
            "l.csv", "id,cat,dog,emu\n" + zip("abcd", Self.shares).map { "\($0),\($1)\n" }.joined())
    }

    /// Predictions with these true labels; `columns` is the order of the classes.
    private func predictions(
        _ name: String, truth: [String] = Self.shares, predicted: [String] = Self.shares, columns: [Int] = [0, 1, 2]
    ) throws -> String {
        let classes = columns.map { ["cat", "dog", "emu"][$0] }
        let header = ["true_", "predicted_"].flatMap { prefix in classes.map { prefix + $0 } }
        func ordered(_ row: String) -> [String] {
            let fields = row.split(separator: ",").map(String.init)
            return columns.map { fields[$0] }
        }
        let rows = zip("abcd", zip(truth, predicted)).map { id, row in
            ([String(id)] + ordered(row.0) + ordered(row.1)).joined(separator: ",")
        }
        return try folder.file(name, "id,\(header.joined(separator: ","))\n" + rows.joined(separator: "\n") + "\n")
    }

    private func run(_ command: String, _ arguments: String...) -> CommandRun {
        CommandRun(
            arguments: [command, map, "--labels", labels, "--out", folder.path(command == "plot" ? "f.svg" : "p.html")]
                + arguments)
    }

    private func measures() throws -> String? {
        try folder.text("f.svg").firstMatch(of: /aria-label="(ACC [^"]*)"/).map { String($0.output.1) }
    }

    @Test(arguments: ["plot", "explore"]) func otherClassesAreAnErrorOrANote(command: String) throws {
        let text = "id,true_x,true_y,predicted_x,predicted_y\n" + "abcd".map { "\($0),1,0,0.75,0.25\n" }.joined()
        let named = try folder.file("o.csv", text)
        let problem = "its classes are x, y; expected those of \(labels): cat, dog, emu"
        let refused = run(command, "--predictions", named)
        #expect(refused.status == .wrongInput)
        #expect(refused.errors.hasSuffix("Error: \(named): \(problem)\n"), "\(refused.errors)")
        let beside = try folder.file("predictions.csv", text)
        let noted = run(command)
        #expect(noted.status == .done)
        #expect(
            noted.errors.contains("\(beside): \(problem): ACC and KL are not shown\n"), "\(noted.errors)")
        if command == "plot" { #expect(try measures() == nil) }
    }

    @Test(arguments: ["plot", "explore"]) func otherLabelsAreAnErrorOrANote(command: String) throws {
        let shifted = Array(Self.shares[1...] + Self.shares[..<1])
        let named = try predictions("o.csv", truth: shifted)
        let problem =
            "\(labels) and \(named) label 'a' differently: cat 1.000 in the first, dog 1.000 in the second; expected the same "
            + "samples with the same labels"
        let refused = run(command, "--predictions", named)
        #expect(refused.status == .wrongInput)
        #expect(refused.errors.contains("Error: \(problem)"), "\(refused.errors)")
        _ = try predictions("predictions.csv", truth: shifted)
        let noted = run(command)
        #expect(noted.status == .done && noted.errors.contains("ACC and KL are not shown"))
        if command == "plot" { #expect(try measures() == nil) }
    }

    /// The label of d is cat; the prediction is tied between cat and emu.
    @Test func tiesGoToTheFirstClassOfTheLabels() throws {
        let predicted = Self.shares[..<3] + ["0.5,0,0.5"]
        var found: Set<String?> = []
        for columns in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
            let path = try predictions("p.csv", predicted: Array(predicted), columns: columns)
            #expect(run("plot", "--predictions", path).status == .done)
            found.insert(try measures())
        }
        #expect(found.count == 1 && found.first??.hasPrefix("ACC 1.0000") == true, "\(found)")
    }

    @Test func singleClassesFitTheirSharesAndAreNamed() throws {
        let hard = try predictions("p.csv", truth: ["1,0,0", "0,1,0", "0,0,1", "1,0,0"])
        let drawn = run("plot", "--predictions", hard)
        #expect(drawn.status == .done)
        #expect(
            drawn.errors.hasSuffix(
                "\(hard): ACC and KL are measured by its own labels, which are single classes; \(labels) holds shares\n"
            ),
            "\(drawn.errors)")
        let wrong = try predictions("q.csv", truth: ["1,0,0", "0,1,0", "0,1,0", "1,0,0"])
        #expect(run("plot", "--predictions", wrong).status == .wrongInput)
        // Labels that were rounded are the same labels.
        let rounded = try predictions("r.csv", truth: ["1,0,0", "0,1,0", "0,0.251,0.749", "0.5,0.25,0.25"])
        #expect(run("plot", "--predictions", rounded).status == .done)
    }

    /// A class that none of the samples has may be missing from their labels.
    @Test func aClassWithoutSamplesMayBePredicted() throws {
        let path = try folder.file(
            "p.csv",
            "id,true_bee,true_cat,true_dog,true_emu,predicted_bee,predicted_cat,predicted_dog,predicted_emu\n"
                + zip("abcd", Self.shares).map { "\($0),0,\($1),0,\($1)\n" }.joined())
        let drawn = run("plot", "--predictions", path)
        #expect(drawn.status == .done, "\(drawn.errors)")
        #expect(try measures()?.hasPrefix("ACC 1.0000") == true)
        #expect(run("explore", "--predictions", path).status == .wrongInput)
    }
}
