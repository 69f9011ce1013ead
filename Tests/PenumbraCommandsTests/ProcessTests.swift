import Foundation
import Numerics
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Behaviour that only a separate process shows: signals, limits, streams.
@Suite struct ProcessTests {
    private func folderWithFeatures() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try NPYFile.write(ProjectTests.features(400), to: URL(fileURLWithPath: folder.path("f.npy")))
        return folder
    }

    @Test func resultsGoToStandardOutputAndProgressToStandardError() throws {
        let folder = try folderWithFeatures()
        let run = try ShellRun("$penumbra project f.npy --out a.csv --max-iter 300 --threads 1", in: folder)
        #expect(run.status == 0)
        #expect(run.output.hasPrefix("400 points of 3 features in "))
        #expect(run.errors.hasPrefix("project: 400 points of 3 features, exact neighbours, exact gradient\n"))
        #expect(run.errors.contains("project: 300 iterations in "))
        #expect(!run.errors.contains("\r"))
        let quiet = try ShellRun("$penumbra project f.npy --out b.csv --max-iter 300 --threads 2 --quiet", in: folder)
        #expect(quiet.errors.isEmpty)
        #expect(try folder.text("a.csv") == folder.text("b.csv"))
    }

    @Test func anInterruptKeepsTheLayoutSoFar() throws {
        let folder = try folderWithFeatures()
        let run = try ShellRun(
            "$penumbra project f.npy --out a.csv --max-iter 100000000 --threads 1 2>progress & p=$!\n"
                + "\(ShellRun.guardLine)\n"
                + "until grep -q 'left' progress; do sleep 0.05; done\n"
                + "kill -INT $p; wait $p; s=$?; cat progress >&2; exit $s",
            in: folder)
        #expect(run.status == 130)
        #expect(run.errors.contains("Interrupted: the layout after "))
        #expect(try LayoutFile.read(URL(fileURLWithPath: folder.path("a.csv"))).ids.ids.count == 400)
        let report = try JSONText.read(LayoutReport.self, from: URL(fileURLWithPath: folder.path("a.json")))
        #expect(!report.isComplete && report.iterations > 0)
    }

    @Test func aSecondProjectionOfTheSameLayoutIsRefused() throws {
        let folder = try folderWithFeatures()
        let run = try ShellRun(
            "$penumbra project f.npy --out a.csv --max-iter 100000000 --threads 1 2>progress & p=$!\n"
                + "\(ShellRun.guardLine)\n"
                + "until grep -q 'left' progress; do sleep 0.05; done\n"
                + "$penumbra project f.npy --out a.csv --quiet --threads 1; s=$?\n"
                + "kill -KILL $p; echo $p; exit $s", in: folder)
        #expect(run.status == 2)
        let process = run.output.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(run.errors.contains("a.csv: being written by process \(process) on "), "\(run.errors)")
        // The kernel released the killed process's lock.
        let next = try ShellRun("$penumbra project f.npy --out a.csv --quiet --threads 1 --max-iter 50", in: folder)
        #expect(next.status == 0)
        #expect(try folder.names == ["a.csv", "a.json", "f.npy", "progress", "stderr", "stdout"])
    }

    @Test func anInterruptedTrainingEndsWithTheSameBytes() throws {
        let folder = try TemporaryFolder()
        let options =
            "--labels soft --backbone resnet20_cifar --image-size 32 --epochs 3 --batch-size 12 --threads 1"
        let generated = try ShellRun("$penumbra generate shapes --out . --count 120 --size 32 --quiet", in: folder)
        #expect(generated.status == 0)
        let interrupted = try ShellRun(
            "$penumbra train Shapes --out a \(options) 2>progress & p=$!\n"
                + "\(ShellRun.guardLine)\n"
                + "until grep -q 'epoch 1/3:' progress; do sleep 0.01; done\n"
                + "kill -INT $p; wait $p; s=$?; cat progress >&2; exit $s", in: folder)
        #expect(interrupted.status == 130)
        #expect(
            interrupted.errors.contains("Interrupted: 1 of 3 epochs are done; run the same command again to resume"))
        let resumed = try ShellRun("$penumbra train Shapes --out a \(options)", in: folder)
        #expect(resumed.status == 0)
        #expect(resumed.errors.contains("resuming after epoch 1, step "))
        #expect(try ShellRun("$penumbra train Shapes --out b \(options) --quiet", in: folder).status == 0)
        let digests = try ["a", "b"].map { run in
            try SHA256Digest.of(
                file: URL(fileURLWithPath: folder.path("\(run)/split-1/soft/checkpoint.safetensors")))
        }
        #expect(digests[0] == digests[1])
    }

    @Test func aFullDiskLeavesTheOldFileAndNothingElse() throws {
        let folder = try folderWithFeatures()
        _ = try folder.file("a.csv", "old")
        // Limiting files to one 512-byte block simulates a full disk without root.
        let run = try ShellRun(
            "ulimit -f 1; $penumbra project f.npy --out a.csv --max-iter 10 --threads 1 --quiet 2>/dev/null",
            in: folder)
        #expect(run.status == 1)
        #expect(try folder.text("a.csv") == "old")
        #expect(try folder.names == ["a.csv", "f.npy", "stderr", "stdout"])
    }

    /// The progress display counts the images actually trained on, not all images of the split.
    @Test func aTrainingOnFewImagesCountsThose() throws {
        let folder = try TemporaryFolder()
        let generated = try ShellRun("$penumbra generate shapes --out . --count 60 --size 32 --quiet", in: folder)
        #expect(generated.status == 0)
        let run = try ShellRun(
            "$penumbra train Shapes --out a --labels soft --training-images 12 --epochs 2 --batch-size 12 "
                + "--backbone resnet20_cifar --image-size 32 --threads 1", in: folder)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains("24 images"), "\(run.errors)")
        #expect(!run.errors.contains("72 images"))
    }

    @Test func standardOutputThatTakesNothingIsAFailure() throws {
        let folder = try folderWithFeatures()
        let run = try ShellRun("$penumbra --version >/dev/full", in: folder)
        #expect(run.status == 1)
        #expect(run.errors == "Error: standard output: writing failed: No space left on device (errno 28)\n")
    }

    @Test func usageErrorsEndWithTwo() throws {
        let folder = try TemporaryFolder()
        #expect(try ShellRun("$penumbra project", in: folder).status == 2)
        #expect(try ShellRun("$penumbra --none", in: folder).status == 2)
        #expect(try ShellRun("$penumbra --help", in: folder).status == 0)
    }

    /// Address-space limits in megabytes. Below about 450, OpenBLAS after 0.3.21 and before 0.3.30 retries its allocation
    /// forever while loading (OpenBLAS issue 5289), so the program never starts.
    private static let addressSpaceLimits: [Int] = {
        let version = OpenBLASLibrary.version
        let neverLoads =
            version.compare("0.3.21", options: .numeric) == .orderedDescending
            && version.compare("0.3.30", options: .numeric) == .orderedAscending
        return [300, 500, 700, 1000, 1500].filter { $0 > 450 || !neverLoads }
    }()

    /// Under an address-space limit the program must answer: no crash, no endless wait for memory.
    @Test(arguments: addressSpaceLimits) func aLimitOfTheAddressSpaceIsAnError(megabytes: Int) throws {
        let folder = try folderWithFeatures()
        let run = try ShellRun(
            "ulimit -v \(megabytes * 1024); timeout -s KILL 60 $penumbra project f.npy --out a.csv --max-iter 50 "
                + "--threads 2 --quiet", in: folder)
        #expect([0, 1, 2, 127].contains(run.status), "\(run.status) \(run.errors.prefix(500))")
        if run.status == 0 { #expect(try folder.names.contains("a.csv")) } else { #expect(!run.errors.isEmpty) }
    }

    /// The program starts, but the task needs more than the limit allows. It must report an error itself instead of letting a
    /// library or the Swift runtime kill it.
    @Test(arguments: [650, 700, 750, 850, 950]) func aLimitThatIsTooSmallForTheTaskIsAnError(megabytes: Int) throws {
        let folder = try TemporaryFolder()
        let limit = "ulimit -v \(megabytes * 1024); export OPENBLAS_NUM_THREADS=2; timeout -s KILL 60 $penumbra"
        // A sparse file of zeros, which takes no disk space.
        let table = try ShellRun("truncate -s 2G f.csv; \(limit) project f.csv --out a.csv --threads 2", in: folder)
        #expect([1, 2, 127].contains(table.status), "\(table.status) \(table.errors.prefix(500))")
        #expect(!table.errors.contains("Fatal error"), "\(table.errors.prefix(500))")
        _ = try ShellRun("$penumbra generate shapes --out . --count 60 --size 32 --quiet", in: folder)
        let training = try ShellRun(
            "\(limit) train Shapes --out run --labels soft --epochs 1 --image-size 64 --batch-size 36 --threads 2",
            in: folder)
        #expect([0, 1, 2, 127].contains(training.status), "\(training.status) \(training.errors.prefix(500))")
    }
}
