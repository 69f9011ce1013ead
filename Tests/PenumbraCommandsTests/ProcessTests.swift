import Foundation
import TensorFiles
import Testing

@testable import PenumbraCommands

/// What shows only in a process of its own: signals, limits, streams.
@Suite struct ProcessTests {
    /// The program beside the tests.
    private static let program: URL? = {
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let program = tests.deletingLastPathComponent().appendingPathComponent("penumbra")
        return FileManager.default.isExecutableFile(atPath: program.path) ? program : nil
    }()

    private struct Outcome {
        var status: Int32
        var output: String
        var errors: String
    }

    /// Runs a line of the shell in which `$penumbra` is the program.
    private func shell(_ line: String, in folder: TemporaryFolder) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", line]
        process.currentDirectoryURL = folder.url
        process.environment = ["penumbra": try #require(Self.program).path, "PATH": "/usr/bin:/bin"]
        let (output, errors) = (folder.url.appendingPathComponent("stdout"), folder.url.appendingPathComponent("stderr"))
        for url in [output, errors] { try Data().write(to: url) }
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus, output: try folder.text("stdout"), errors: try folder.text("stderr"))
    }

    private func folderWithFeatures() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try NPYFile.write(ProjectTests.features(400), to: URL(fileURLWithPath: folder.path("f.npy")))
        return folder
    }

    @Test func resultsGoToStandardOutputAndProgressToStandardError() throws {
        let folder = try folderWithFeatures()
        let run = try shell("$penumbra project f.npy --out a.csv --max-iter 300 --threads 1", in: folder)
        #expect(run.status == 0)
        #expect(run.output.hasPrefix("400 points of 3 features in "))
        #expect(run.errors.hasPrefix("project: 0/300 iterations (0%)"))
        #expect(run.errors.contains("project: 300 iterations in "))
        #expect(!run.errors.contains("\r"))
        let quiet = try shell("$penumbra project f.npy --out b.csv --max-iter 300 --threads 2 --quiet", in: folder)
        #expect(quiet.errors.isEmpty)
        #expect(try folder.text("a.csv") == folder.text("b.csv"))
    }

    @Test func anInterruptKeepsTheLayoutSoFar() throws {
        let folder = try folderWithFeatures()
        let run = try shell(
            "$penumbra project f.npy --out a.csv --max-iter 100000000 --threads 1 2>progress & p=$!\n"
                + "(sleep 20; kill -KILL $p) & guard=$!\n"
                + "until grep -q 'left' progress; do sleep 0.05; done\n"
                + "kill -INT $p; wait $p; s=$?; kill $guard; cat progress >&2; exit $s",
            in: folder)
        #expect(run.status == 130)
        #expect(run.errors.contains("Error: interrupted; the layout after "))
        #expect(try LayoutFile.read(URL(fileURLWithPath: folder.path("a.csv"))).ids.ids.count == 400)
        let report = try JSONText.read(LayoutReport.self, from: URL(fileURLWithPath: folder.path("a.json")))
        #expect(!report.isComplete && report.iterations > 0)
    }

    @Test func aFullDiskLeavesTheOldFileAndNothingElse() throws {
        let folder = try folderWithFeatures()
        _ = try folder.file("a.csv", "old")
        // A file may have at most one block of 512 bytes: as good as a full disk, without the need to be root.
        let run = try shell(
            "ulimit -f 1; $penumbra project f.npy --out a.csv --max-iter 10 --threads 1 --quiet 2>/dev/null", in: folder)
        #expect(run.status == 1)
        #expect(try folder.text("a.csv") == "old")
        #expect(try folder.names == ["a.csv", "f.npy", "stderr", "stdout"])
    }

    @Test func standardOutputThatTakesNothingIsAFailure() throws {
        let folder = try folderWithFeatures()
        let run = try shell("$penumbra --version >/dev/full", in: folder)
        #expect(run.status == 1)
        #expect(run.errors == "Error: standard output: cannot write: No space left on device; what stood there before is unchanged\n")
    }

    @Test func usageErrorsEndWithTwo() throws {
        let folder = try TemporaryFolder()
        #expect(try shell("$penumbra project", in: folder).status == 2)
        #expect(try shell("$penumbra --none", in: folder).status == 2)
        #expect(try shell("$penumbra --help", in: folder).status == 0)
    }
}
