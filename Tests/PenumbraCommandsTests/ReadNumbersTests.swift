import Foundation
import NeighborEmbedding
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Numbers read from files are range-checked, and errors name the file and the key.
@Suite struct ReadNumbersTests {
    private func map(in folder: TemporaryFolder) throws -> String {
        let features = try folder.file("f.csv", ProjectTests.csv(ProjectTests.features()))
        let run = CommandRun(
            "project", features, "--out", folder.path("m.csv"), "--max-iter", "10", "--perplexity", "3")
        #expect(run.status == .done, "\(run.errors)")
        return try folder.text("m.json")
    }

    @Test(arguments: [
        ("points", "0", "points: found 0; expected 1 to 2147483647"),
        ("dimension", "-1", "dimension: found -1; expected 1 to 2147483647"),
        ("iterations", "9223372036854775807", "iterations: found 9223372036854775807; expected 0 to 2147483647"),
        ("repulsion_evaluations", "-5", "repulsion_evaluations: found -5; expected 0 to 2147483647"),
    ])
    func theReportOfALayout(key: String, number: String, problem: String) throws {
        let folder = try TemporaryFolder()
        let text = try map(in: folder)
        let changed = text.replacing(try Regex("\"\(key)\" : [0-9]+")) { _ in "\"\(key)\" : \(number)" }
        #expect(changed != text)
        let url = URL(fileURLWithPath: try folder.file("m.json", changed))
        #expect(throws: InputError.malformedJSON(path: url.path, problem: problem)) { try LayoutReport.read(url) }
    }

    @Test func theParametersInAReport() throws {
        let folder = try TemporaryFolder()
        let text = try map(in: folder)
        let changed = text.replacing("\"max_iter\" : 10,", with: "\"max_iter\" : -3,")
        #expect(changed != text)
        let url = URL(fileURLWithPath: try folder.file("m.json", changed))
        let error = thrown(InputError.self) { try LayoutReport.read(url) }
        #expect(
            error?.description.hasPrefix("\(url.path): parameters: --max-iter is -3") == true,
            "\(String(describing: error))")
    }

    @Test(arguments: [("images", "-1"), ("images", "9223372036854775807"), ("split", "0"), ("split", "6")])
    func theEvaluationOfARun(key: String, number: String) throws {
        let folder = try TemporaryFolder()
        let table = PredictionTable(
            ids: try SampleIDs(path: "p", ["x", "y"]), classes: ["a", "b"],
            labels: [.init(oneHot: 0, of: 2), .init(oneHot: 1, of: 2)], predictions: [[1, 0], [0, 1]])
        let evaluation = Evaluation(
            table, name: "split-1/hard", repetition: Repetition(split: .slice(1)), kind: MemberKind(name: "hard"))
        let text = try JSONText.of(EvaluationTable([evaluation]))
        let changed = text.replacing(try Regex("\"\(key)\" : [0-9]+")) { _ in "\"\(key)\" : \(number)" }
        #expect(changed != text)
        let url = URL(fileURLWithPath: try folder.file("e.json", changed))
        let error = thrown(InputError.self) { try JSONText.read(EvaluationTable.self, from: url) }
        #expect(
            error?.description.contains(
                "\(key): not understood (\(key == "split" ? "the split is \(number);" : "found \(number);")") == true,
            "\(String(describing: error))")
    }

    /// Older programs stored means of fewer measures; printing those used to crash.
    @Test func meansFollowFromTheEvaluations() throws {
        let table = PredictionTable(
            ids: try SampleIDs(path: "p", ["x", "y"]), classes: ["a", "b"],
            labels: [.init(oneHot: 0, of: 2), .init(oneHot: 1, of: 2)], predictions: [[1, 0], [0, 1]])
        let written = EvaluationTable(
            (1...2).map {
                Evaluation(
                    table, name: "split-\($0)/hard", repetition: Repetition(split: .slice($0)),
                    kind: MemberKind(name: "hard"))
            })
        var older = written
        older.means[0].means = MeasureValues(present: [1, 0])
        older.means[0].deviations = MeasureValues(present: [])
        let folder = try TemporaryFolder()
        let url = URL(fileURLWithPath: try folder.file("e.json", try JSONText.of(older)))
        let read = try JSONText.read(EvaluationTable.self, from: url)
        #expect(read == written && read.lines == written.lines)
    }

    /// Every out-of-range field of a state is named.
    @Test func theStateOfADescent() throws {
        func state(_ change: (inout DescentState) -> Void) -> String? {
            var state = DescentState(
                iteration: 10, order: [1, 0], points: [0, 1, 2, 3], velocity: [0, 0, 0, 0], gain: [1, 1, 1, 1],
                repulsion: [0, 0, 0, 0], normalization: 1, drift: 0, repulsionEvaluations: 10, sums: [0, 0, 0, 0],
                klTrace: [], convergence: .init())
            change(&state)
            return state.problem(count: 2)
        }
        #expect(state { _ in } == nil)
        #expect(state { $0.iteration = -1 } == "iteration is -1; expected 0 to 2147483647")
        #expect(state { $0.iteration = .min } != nil)
        #expect(state { $0.repulsionEvaluations = .max } == "repulsionEvaluations is \(Int.max); expected 0 to 12")
        #expect(state { $0.convergence.looksBelow = -1 } == "convergence.looksBelow is -1; expected 0 to 10")
        #expect(state { $0.convergence.earlyEnd = 11 } == "convergence.earlyEnd is 11; expected 0 to 10")
        #expect(state { $0.convergence.largestDrop = .infinity }?.hasPrefix("convergence.largestDrop") == true)
        #expect(state { $0.order = [1, 1] } == "order[1] is 1; expected each of 0 to 1 once")
        #expect(state { $0.gain[2] = .nan }?.hasPrefix("gain[2] is nan") == true)
        #expect(state { $0.points = [0] } == "points has 1 numbers; expected 4")
        #expect(state { $0.sums = [] } == "the number of sums is 0; expected 4 to 4")
        #expect(state { $0.normalization = 0 } == "normalization is 0.0; expected a number above 0")
        #expect(state { $0.drift = .infinity } == "drift is inf; expected at least 0")
    }

    @Test(arguments: [
        ["--method", "exact", "--theta", "nan"], ["--theta", "2"],
        ["--method", "exact", "--intervals-per-unit", "1e-320"],
        ["--method", "barnes-hut", "--nodes-per-interval", "99"],
    ])
    func optionsOfMethodsThatAreNotUsedHaveRangesToo(options: [String]) throws {
        let folder = try TemporaryFolder()
        let features = try folder.file("f.csv", ProjectTests.csv(ProjectTests.features()))
        let run = CommandRun(
            arguments: [
                "project", features, "--out", folder.path("m.csv"), "--max-iter", "10", "--perplexity", "3",
            ] + options)
        #expect(run.status == .wrongInput, "\(run.output)")
        #expect(try folder.names == ["f.csv"])
    }
}
