import Foundation
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Splitting work into several jobs and limited time slices.
@Suite struct JobTests: QuickReproduction {
    @Test func timesAreHoursMinutesAndSeconds() {
        for (words, seconds) in [("3h50m", 13_800), ("90s", 90), ("45m", 2700), ("1h0m5s", 3605)] {
            #expect(TimeLimit(words)?.seconds == seconds, "\(words)")
        }
        for words in ["", "3", "h", "0s", "5m3h", "-1h", "1.5h", "3h50", "99999999999999999999s", "²h"] {
            #expect(TimeLimit(words) == nil, "\(words)")
        }
    }

    @Test func eachTrainingIsAJobAndTheRestIsDoneInTheEnd() throws {
        let folder = try TemporaryFolder()
        var run = reproduce(folder, "--list-jobs")
        #expect(
            run.status == .done && run.output == "0\tsplit-1/hard\tready\n1\tsplit-1/soft\tready\n", "\(run.errors)")
        #expect(try folder.names.isEmpty)

        run = reproduce(folder, "--job", "2")
        #expect(run.status == .wrongInput)
        #expect(run.errors.hasPrefix("Error: --job 2: expected 0 to 1; --list-jobs lists the jobs."))

        // Job 1 also generates the images; job 0 then finds them.
        run = reproduce(folder, "--job", "1")
        #expect(run.status == .done, "\(run.errors)")
        #expect(run.output.contains("run/split-1/soft/tsne.csv\n"))
        run = reproduce(folder, "--list-jobs")
        #expect(run.output == "0\tsplit-1/hard\tready\n1\tsplit-1/soft\tdone\n")
        run = reproduce(folder, "--job", "0")
        #expect(run.status == .done && run.errors.hasPrefix("generate: already done\n"), "\(run.errors)")

        run = reproduce(folder)
        #expect(run.status == .done, "\(run.errors)")
        #expect(run.errors.contains("[2/9] train hard: already done\n"), "\(run.errors)")
        #expect(FileManager.default.fileExists(atPath: folder.path("run/figure.pdf")))
    }

    @Test func aTrainingThatIsBeingDoneIsNotDoneTwice() throws {
        let folder = try TemporaryFolder()
        #expect(reproduce(folder, "--job", "0").status == .done)
        let member = folder.path("run/split-1/soft")
        try FileManager.default.createDirectory(atPath: member, withIntermediateDirectories: true)
        // Becomes the process that holds the lock until it is terminated.
        let line = "exec 9>\(member)/.penumbra.lock; flock 9; echo ready > held; exec sleep 600"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", line]
        process.currentDirectoryURL = folder.url
        try process.run()
        defer { process.terminate() }
        while !FileManager.default.fileExists(atPath: folder.path("held")) { usleep(10_000) }
        let run = reproduce(folder, "--job", "1")
        #expect(run.status == .wrongInput)
        #expect(run.errors.contains("split-1/soft: being written by"), "\(run.errors)")
    }

    @Test func whatStartsFromOtherWeightsWaits() throws {
        let folder = try TemporaryFolder()
        let preset = try #require(ReproductionPreset.all.first { $0.runs.contains { $0.start != nil } })
        let reproductions = preset.runs.map { plan in
            Reproduction(
                plan: plan, run: RunFolder(url: folder.url.appendingPathComponent(plan.folder!)), data: folder.url,
                projection: preset.projection)
        }
        let jobs = try ReproductionJob.all(of: reproductions)
        #expect(jobs.map(\.number) == Array(jobs.indices))
        let summaries = try jobs.map { try $0.summary() }
        let waiting = try #require(summaries.first { $0.state == .waits })
        let start = try #require(waiting.after)
        #expect(summaries[start].state == .ready)
        #expect(waiting.line.hasSuffix("\twaits for job \(start)"))
        let waits = ReproductionJob.Waiting(job: waiting.job, start: start)
        #expect(ExitStatus(of: waits) == .later)
        #expect(
            waits.description
                == "job \(waiting.job) starts from the weights of job \(start), which is not done; run it again after "
                + "that one")
    }

    @Test func whenTheTimeIsOverTheStateIsSavedAndTheSameCommandGoesOn() throws {
        let folder = try TemporaryFolder()
        #expect(
            CommandRun("generate", "shapes", "--out", folder.path("."), "--count", "60", "--size", "32").status == .done
        )
        func train(_ name: String, _ more: [String] = []) -> CommandRun {
            CommandRun(
                arguments: [
                    "train", folder.path("Shapes"), "--out", folder.path(name), "--labels", "soft", "--backbone",
                    "resnet20_cifar", "--image-size", "32", "--epochs", "400", "--batch-size", "12", "--threads", "1",
                ] + more)
        }
        let run = train("run", ["--stop-after", "1s"])
        #expect(run.status == .later)
        #expect(run.errors.contains("\nStopped after 1s: "), "\(run.errors)")
        #expect(run.errors.hasSuffix(" of 400 epochs are done; run the same command again to resume\n"))
        #expect(FileManager.default.fileExists(atPath: folder.path("run/split-1/soft/resume.safetensors")))
        #expect(train("run", ["--stop-after", "1 s"]).status == .wrongInput)
    }
}
