import Numerics
import Foundation
import Synchronization
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns
@testable import TerminalProgress

@Suite struct StageRunnerTests {
    /// A run of two stages; the second reads what the first writes.
    private final class Plan {
        let folder: TemporaryFolder
        let run: RunFolder
        var done: [String] = []
        var notes: [String] = []
        var epochs = 3
        var style = "plain"
        var failing: String?
        var failsLate = false

        struct Failure: Error {}

        init() throws {
            folder = try TemporaryFolder()
            run = RunFolder(url: folder.url.appendingPathComponent("run"))
        }

        private func stage(_ name: String, parameters: [String: JSONValue], inputs: [URL], isCostly: Bool) -> Stage {
            let output = run.url.appendingPathComponent(name + ".txt")
            return Stage(
                name: name, title: name, command: "penumbra \(name)", parameters: .object(parameters),
                isCostly: isCostly, inputs: { [run] in try Stage.digests(of: inputs, in: run) }, outputs: [output]
            ) { [self] _ in
                if failing == name && !failsLate { throw Failure() }
                done.append(name)
                try Data("\(name) \(parameters)".utf8).write(to: output)
                if failing == name { throw Failure() }
            }
        }

        var stages: [Stage] {
            let first = stage("train", parameters: ["epochs": .integer(Int64(epochs))], inputs: [], isCostly: true)
            let second = stage(
                "plot", parameters: ["style": .string(style)], inputs: first.outputs, isCostly: false)
            return [first, second]
        }

        var runner: StageRunner { StageRunnerTests.runner(run) { self.notes.append($0) } }

        /// Calls `perform` on the stages and returns which ones ran.
        func perform() throws -> [String] {
            done = []
            notes = []
            try runner.perform(stages)
            return done
        }
    }

    static func runner(_ run: RunFolder, note: @escaping (String) -> Void = { _ in }) -> StageRunner {
        StageRunner(
            run: run, threads: ThreadCount(1),
            progress: ProgressOutput(style: .none, isUnicode: false, width: { 80 }, now: { 0 }, write: { _ in }),
            note: note)
    }

    @Test func whatIsDoneIsNotDoneAgain() throws {
        let plan = try Plan()
        #expect(try plan.perform() == ["train", "plot"])
        #expect(try plan.perform() == [])
        #expect(plan.notes == ["[1/2] train: already done", "[2/2] plot: already done"])
        let manifest = try plan.run.readManifest()
        #expect(manifest.stages["train"]?.command == "penumbra train")
        #expect(manifest.stages["plot"]?.inputs.keys.sorted() == ["train.txt"])
        #expect(manifest.stages["plot"]?.outputs == ["plot.txt"])
    }

    @Test func aMissingOutputIsMadeAgainAndNothingElse() throws {
        let plan = try Plan()
        _ = try plan.perform()
        try FileManager.default.removeItem(at: plan.run.url.appendingPathComponent("plot.txt"))
        #expect(try plan.perform() == ["plot"])
        // The bytes come out the same, so dependent stages stay done.
        try FileManager.default.removeItem(at: plan.run.url.appendingPathComponent("train.txt"))
        #expect(try plan.perform() == ["train"])
    }

    @Test func aChangedInputIsWorkedOnAgain() throws {
        let plan = try Plan()
        _ = try plan.perform()
        try Data("other".utf8).write(to: plan.run.url.appendingPathComponent("train.txt"))
        #expect(try plan.perform() == ["plot"])
    }

    @Test func aChangedParameterOfACheapStageIsFollowed() throws {
        let plan = try Plan()
        _ = try plan.perform()
        plan.style = "fancy"
        #expect(try plan.perform() == ["plot"])
    }

    @Test func aCostlyResultOfOtherParametersIsNotOverwritten() throws {
        let plan = try Plan()
        _ = try plan.perform()
        plan.epochs = 5
        let error = InputError.otherParameters(
            path: "\(plan.run.url.path): train", differences: ["--epochs is 3, not 5"])
        #expect(throws: error) { try plan.perform() }
        #expect(plan.done.isEmpty)
        try plan.runner.removeEverything()
        #expect(try FileManager.default.contentsOfDirectory(atPath: plan.run.url.path).isEmpty)
        #expect(try plan.perform() == ["train", "plot"])
    }

    @Test func aStageThatFailedIsTakenUpAgain() throws {
        let plan = try Plan()
        plan.failing = "plot"
        #expect(throws: Plan.Failure.self) { try plan.perform() }
        plan.failing = nil
        #expect(try plan.perform() == ["plot"])
    }

    /// What was refused has changed nothing; what has written something must be done again.
    @Test(arguments: [false, true]) func aStageThatFailsKeepsItsOldRecordUnlessItHasWritten(late: Bool) throws {
        let plan = try Plan()
        _ = try plan.perform()
        let record = try plan.run.readManifest().stages["plot"]
        plan.style = "fancy"
        plan.failing = "plot"
        plan.failsLate = late
        #expect(throws: Plan.Failure.self) { try plan.perform() }
        #expect(try plan.run.readManifest().stages["plot"] == (late ? nil : record))
        plan.style = "plain"
        plan.failing = nil
        #expect(try plan.perform() == (late ? ["plot"] : []))
    }

    @Test func removingStaysWithinTheRun() throws {
        let plan = try Plan()
        let outside = try plan.folder.file("precious.txt", "x")
        _ = try plan.perform()
        for name in [outside, "../precious.txt"] {
            var stage = try #require(try plan.run.readManifest().stages["plot"])
            stage.outputs.append(name)
            try plan.run.record(stage, as: "plot")
        }
        try plan.runner.removeEverything()
        #expect(FileManager.default.fileExists(atPath: outside))
    }

    /// Files behind a symbolic link in the run do not belong to the run.
    @Test func removingFollowsNoLinks() throws {
        let plan = try Plan()
        let precious = try plan.folder.file("elsewhere/precious.txt", "x")
        let checkpoint = try plan.folder.file("elsewhere/hard/checkpoint.safetensors", "x")
        _ = try plan.perform()
        let elsewhere = plan.folder.url.appendingPathComponent("elsewhere")
        for name in ["link", "split-1"] {
            try FileManager.default.createSymbolicLink(
                at: plan.run.url.appendingPathComponent(name), withDestinationURL: elsewhere)
        }
        try FileManager.default.createSymbolicLink(
            at: plan.run.url.appendingPathComponent("plain"), withDestinationURL: URL(fileURLWithPath: precious))
        var stage = try #require(try plan.run.readManifest().stages["plot"])
        stage.outputs += ["link/precious.txt", "plain"]
        try plan.run.record(stage, as: "plot")
        try plan.runner.removeEverything()
        #expect(FileManager.default.fileExists(atPath: precious))
        #expect(FileManager.default.fileExists(atPath: checkpoint))
        // Of the links, the file link named in the record is removed; the folder links stay.
        #expect(try FileManager.default.contentsOfDirectory(atPath: plan.run.url.path).sorted() == ["link", "split-1"])
    }

    @Test func aDamagedRecordIsAnError() throws {
        let plan = try Plan()
        try plan.run.create()
        for text in ["{", "[]", "{\"version\": 1, \"stages\": {}}", "{\"stages\": {}}", ""] {
            try Data(text.utf8).write(to: plan.run.manifest)
            #expect(throws: InputError.self) { try plan.perform() }
        }
    }

    /// When two processes reach the same stage, the second changes nothing, however it was called.
    @Test func aStageThatAnotherProcessIsAtIsLeftAlone() throws {
        let plan = try Plan()
        _ = try plan.perform()
        let before = try plan.folder.text("run/run.json")
        let lock = try OutputLock(folder: plan.run.url)
        for startsOver in [false, true] {
            var stages = plan.stages
            stages[0].exclusive = plan.run.url
            stages[0].startsOver = startsOver
            #expect(throws: OutputLock.Held.self) { try plan.runner.perform(stages) }
            #expect(try plan.folder.text("run/run.json") == before)
        }
        lock.release()
        var stages = plan.stages
        stages[0].exclusive = plan.run.url
        stages[0].startsOver = true
        plan.done = []
        try plan.runner.perform(stages)
        #expect(plan.done == ["train"])
        // Equal except for the times.
        let times = /"(seconds|started|finished)" *: *("[^"]*"|[0-9.e-]+)/
        #expect(try plan.folder.text("run/run.json").replacing(times, with: "") == before.replacing(times, with: ""))
    }
}
