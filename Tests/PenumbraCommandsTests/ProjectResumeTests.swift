import Foundation
import NeighborEmbedding
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Interrupted projections and the files they leave behind.
@Suite struct ProjectResumeTests {
    private static let options = "--max-iter 12000 --perplexity 10 --save-interval 0.05"

    private func folderWithFeatures() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try NPYFile.write(ProjectTests.features(200), to: URL(fileURLWithPath: folder.path("f.npy")))
        return folder
    }

    /// Sends a projection the signal as soon as it has saved a state. Starts again if the projection ends before the signal.
    private func interrupt(by signal: String, _ folder: TemporaryFolder, _ more: String = "") throws -> ShellRun {
        try ShellRun(
            """
            while :; do
                $penumbra project f.npy --out a.csv --threads 1 \(Self.options) \(more) 2>/dev/null & p=$!
                \(ShellRun.guardLine)
                until [ -e a.state.safetensors ] || [ -e a.csv ]; do sleep 0.01; done
                kill -\(signal) $p; wait $p; status=$?
                [ $status = 0 ] || exit $status
                rm -r a.*
            done
            """, in: folder)
    }

    @Test(arguments: [("KILL", Int32(137)), ("INT", 130), ("TERM", 143), ("HUP", 129)])
    func anInterruptedRunEndsWithTheSameBytes(signal: String, status: Int32) throws {
        let folder = try folderWithFeatures()
        #expect(try interrupt(by: signal, folder, "--snapshots 4").status == status)
        #expect(FileManager.default.fileExists(atPath: folder.path("a.csv")) == (signal != "KILL"))
        let resumed = try ShellRun(
            "$penumbra project f.npy --out a.csv --threads 2 \(Self.options) --snapshots 4", in: folder)
        #expect(resumed.status == 0)
        #expect(resumed.errors.contains("project: resuming after iteration "))
        #expect(!FileManager.default.fileExists(atPath: folder.path("a.state.safetensors")))
        let whole = try ShellRun(
            "$penumbra project f.npy --out b.csv --threads 1 \(Self.options) --snapshots 4 --quiet", in: folder)
        #expect(whole.status == 0 && whole.errors.isEmpty)
        #expect(try folder.text("a.csv") == folder.text("b.csv"))
        let reports = try ["a", "b"].map {
            try JSONText.read(LayoutReport.self, from: URL(fileURLWithPath: folder.path("\($0).json")))
        }
        #expect(reports[0].klTrace == reports[1].klTrace)
        #expect(reports[0].repulsionEvaluations == reports[1].repulsionEvaluations)
        #expect(reports[1].resumedAt == nil)
        #expect((1..<12_000).contains(try #require(reports[0].resumedAt)))
        for iteration in ["00000", "03000", "06000", "09000"] {
            #expect(
                try folder.text("a.snapshots/\(iteration).csv") == folder.text("b.snapshots/\(iteration).csv"))
        }
    }

    @Test func aStateOfAnotherRunOrADamagedOneIsLeftAside() throws {
        let folder = try folderWithFeatures()
        #expect(try interrupt(by: "KILL", folder).status == 137)
        let state = URL(fileURLWithPath: folder.path("a.state.safetensors"))
        let whole = try Data(contentsOf: state)
        func project(_ more: String) throws -> ShellRun {
            try ShellRun("$penumbra project f.npy --out a.csv --threads 2 \(more)", in: folder)
        }
        let other = try project("--max-iter 100 --perplexity 10")
        #expect(other.status == 0)
        #expect(other.errors.contains(" belongs to a run with other features or options\n"))
        for length in [0, 7, 100, whole.count / 2, whole.count - 1] {
            try whole.prefix(length).write(to: state)
            let run = try project("--max-iter 100 --perplexity 10")
            #expect(run.status == 0)
            #expect(run.errors.contains("a.state.safetensors cannot be read\n"))
        }
        // An order that repeats one point and misses the others.
        try whole.write(to: state)
        let file = try SafetensorsFile.read(state)
        let changed = SafetensorsFile(metadata: file.metadata).appending(file) { name, array in
            name == "order" ? NumericArray(shape: array.shape, values: array.values.map { _ in 1 }) : array
        }
        try changed.write(to: state)
        let run = try project(Self.options)
        #expect(
            run.errors.contains("a.state.safetensors is wrong: order[0] is 65537; expected each of 0 to 199 once\n"))
        #expect(run.status == 0)
        // Counters large enough to overflow.
        let position = try #require(file.metadata["penumbra.position"])
        for counter in ["repulsionEvaluations", "iteration", "looksBelow"] {
            let pattern = try Regex("(\"\(counter)\":)[0-9]+")
            var metadata = file.metadata
            metadata["penumbra.position"] = position.replacing(pattern) { "\($0[1].substring ?? "")\(Int.max)" }
            #expect(metadata != file.metadata)
            try SafetensorsFile(metadata: metadata).appending(file) { $1 }.write(to: state)
            let identity = try JSONDecoder().decode(
                ProjectionState.Identity.self, from: Data(try #require(metadata["penumbra.identity"]).utf8))
            guard case .failure(let problem) = ProjectionState.read(state, of: identity, count: 200) else {
                Issue.record("\(counter) was accepted")
                continue
            }
            #expect(
                problem.reason.hasPrefix("is wrong: ")
                    && problem.reason.contains("\(counter) is \(Int.max); expected 0 to "),
                "\(problem.reason)")
        }
    }

    @Test func snapshotsAreAtEvenDistancesAndThoseOfEarlierRunsGo() throws {
        let folder = try folderWithFeatures()
        func project(_ number: Int) -> CommandRun {
            CommandRun(
                "project", folder.path("f.npy"), "--out", folder.path("a.csv"), "--max-iter", "100", "--perplexity",
                "10", "--snapshots", "\(number)")
        }
        #expect(project(3).status == .done)
        let film = URL(fileURLWithPath: folder.path("a.snapshots"))
        func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: film.path).sorted() }
        #expect(try names() == ["000.csv", "033.csv", "066.csv"])
        #expect(try LayoutFile.read(film.appendingPathComponent("066.csv")).ids.ids.count == 200)
        _ = try folder.file("a.snapshots/notes.txt", "kept")
        #expect(project(1).status == .done)
        #expect(try names() == ["000.csv", "notes.txt"])
        #expect(project(-1).status == .wrongInput)
    }

    @Test func aStateKeepsEveryBit() throws {
        let count = 70_000
        let numbers = (0..<2 * count).map { Float($0) * 0.1 - 3 }
        let descent = DescentState(
            iteration: 77, order: (0..<Int32(count)).reversed(), points: numbers, velocity: numbers.map { $0 / 3 },
            gain: numbers.map(abs), repulsion: numbers.map { $0 * 7 }, normalization: 1 / 3.0, drift: 0.1,
            repulsionEvaluations: 5, sums: [0.1, 0.2, 0.3, 1e-300],
            klTrace: [], convergence: DescentState.Convergence())
        let identity = ProjectionState.Identity(
            featuresDigest: "a", instructionSet: "b", parameters: ProjectionParameters())
        let folder = try TemporaryFolder()
        let url = ProjectionState.url(of: URL(fileURLWithPath: folder.path("map.csv")))
        #expect(url.lastPathComponent == "map.state.safetensors")
        try ProjectionState(identity: identity, descent: descent).write(to: url)
        #expect(try ProjectionState.read(url, of: identity, count: count).get().descent == descent)
        #expect(throws: ProjectionState.Unusable(reason: "is incomplete")) {
            try ProjectionState.read(url, of: identity, count: count - 1).get()
        }
    }
}

extension SafetensorsFile {
    /// Appends another file's tensors, each passed through `change`.
    fileprivate func appending(
        _ other: SafetensorsFile, _ change: (String, NumericArray) -> NumericArray
    ) -> SafetensorsFile {
        var result = self
        for tensor in other.tensors { result.append(tensor.name, change(tensor.name, tensor.array)) }
        return result
    }
}
