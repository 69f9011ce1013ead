import Foundation
import Testing
import TestSupport

@testable import PenumbraCommands

/// Trainings shared by several processes. They need a program built with MPI, named by `PENUMBRA_MPI_PROGRAM`; `.ci/run` builds
/// one where Open MPI is installed.
@Suite(.enabled(if: MPIRun.program != nil, "PENUMBRA_MPI_PROGRAM names no program that was built with MPI"))
final class MPITests {
    let folder: TemporaryFolder

    private static let tools = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Tools/mpi").path

    init() throws {
        folder = try TemporaryFolder()
        let made = CommandRun("generate", "shapes", "--out", folder.path("."), "--count", "60", "--size", "32")
        try #require(made.status == .done)
    }

    /// 36 training images: the last batch of each epoch holds only four, which leaves some shards empty.
    private func words(_ out: String, _ more: String = "", epochs: Int = 2) -> String {
        "train Shapes --out \(out) --labels soft --backbone resnet20_cifar --image-size 32 --epochs \(epochs) --batch-size 16 "
            + "--dropout 0.2 --threads 1 -q \(more)"
    }

    /// Shell words that return when the training `run` has ended an epoch, and after 30 seconds in any case.
    private static let hasBegun =
        "for i in $(seq 300); do [ -e run/split-1/soft/history.csv ] && break; sleep 0.1; done"

    private func checkpoint(_ out: String, kind: String = "soft") throws -> Data {
        try Data(contentsOf: folder.url.appendingPathComponent("\(out)/split-1/\(kind)/checkpoint.safetensors"))
    }

    private func history(_ out: String) throws -> [[Substring]] {
        // All columns except the seconds.
        try folder.text("\(out)/split-1/soft/history.csv").split(separator: "\n").map {
            Array($0.split(separator: ",").dropLast())
        }
    }

    @Test func anyNumberOfProcessesGivesTheBytesOfOne() throws {
        let one = try MPIRun("$penumbra \(words("one", "--shards 6"))", in: folder)
        #expect(one.status == 0, "\(one.errors)")
        for processes in [2, 3, 4] {
            let name = "np\(processes)"
            let run = try MPIRun("$mpirun -np \(processes) $penumbra \(words(name, "--shards 6"))", in: folder)
            #expect(run.status == 0, "\(run.errors)")
            #expect(try checkpoint(name) == checkpoint("one"), "\(processes) processes")
            let (found, expected) = (try history(name), try history("one"))
            #expect(found == expected)
        }
    }

    @Test func piecesAreThoseOfTheThreadsOfAllProcesses() throws {
        let run = try MPIRun("$mpirun -np 2 $penumbra \(words("run"))", in: folder)
        #expect(run.status == 0, "\(run.errors)")
        #expect(try folder.text("run/run.json").contains("\"shards\" : 2"))
        // A single process continues the same training once `--shards` is given.
        let alone = try MPIRun("$penumbra \(words("run"))", in: folder)
        #expect(alone.status == 2 && alone.errors.contains("shards"), "\(alone.errors)")
        let same = try MPIRun("$penumbra \(words("run", "--shards 2"))", in: folder)
        #expect(same.status == 0, "\(same.errors)")
    }

    @Test func everyPartOfATrainingIsShared() throws {
        // Covers gradient accumulation, mixup, a two-layer head with batch normalisation, a frozen backbone at first, and
        // Adam's second moments.
        let more = "--shards 4 --accumulate 2 --mixup 0.3 --head large --freeze-backbone 1 --optimizer adam --keep best"
        #expect(try MPIRun("$penumbra \(words("one", more))", in: folder).status == 0)
        let run = try MPIRun("$mpirun -np 2 $penumbra \(words("two", more))", in: folder)
        #expect(run.status == 0, "\(run.errors)")
        let kind = "soft-mixup0.3"
        #expect(try checkpoint("two", kind: kind) == checkpoint("one", kind: kind))
    }

    @Test func aStoppedTrainingGoesOnWithOtherProcesses() throws {
        let more = "--shards 4"
        #expect(try MPIRun("$penumbra \(words("whole", more, epochs: 40))", in: folder).status == 0)
        let stopped = try MPIRun(
            "$mpirun -np 2 $penumbra \(words("run", more, epochs: 40)) --stop-after 1s", in: folder)
        #expect(stopped.status == 75, "\(stopped.errors)")
        let rest = try MPIRun("$penumbra \(words("run", more, epochs: 40))", in: folder)
        #expect(rest.status == 0, "\(rest.errors)")
        #expect(try checkpoint("run") == checkpoint("whole"))
    }

    @Test func localNormalizationIsAnotherTraining() throws {
        let run = try MPIRun("$mpirun -np 2 $penumbra \(words("local", "--batch-norm local"))", in: folder)
        #expect(run.status == 0, "\(run.errors)")
        #expect(try MPIRun("$mpirun -np 2 $penumbra \(words("global"))", in: folder).status == 0)
        #expect(try checkpoint("local") != checkpoint("global"))
    }

    @Test func otherArgumentsAreFoundAtTheStart() throws {
        let run = try MPIRun(
            "$mpirun -np 1 $penumbra \(words("run")) : -np 1 $penumbra \(words("run", "--seed 1"))", in: folder)
        #expect(run.status == 2)
        #expect(run.ownErrors.count == 1, "\(run.errors)")
        #expect(run.errors.contains("Error: process 1 has a different command line from process 0: train Shapes"))
    }

    @Test func otherProcessorsAndOtherImagesAreFoundAtTheStart() throws {
        let other = CommandRun(
            "generate", "shapes", "--out", folder.path("other"), "--count", "60", "--size", "32", "--seed", "1")
        try #require(other.status == .done)
        for (change, what) in [
            ("export PENUMBRA_KERNELS=baseline", "instruction set"), ("cd other", "data set"),
        ] {
            let script = "[ $OMPI_COMM_WORLD_RANK = 1 ] && \(change); exec $penumbra \(words("run"))"
            let run = try MPIRun("export penumbra; $mpirun -np 2 sh -c '\(script)'", in: folder)
            #expect(run.status == 2, "\(run.errors)")
            #expect(run.ownErrors.count == 1, "\(run.errors)")
            #expect(run.errors.contains("Error: process 1 has a different \(what) from process 0: "), "\(run.errors)")
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path("run")))
    }

    @Test func moreProcessesThanPiecesAreRefused() throws {
        let run = try MPIRun("$mpirun -np 3 $penumbra \(words("run", "--shards 2"))", in: folder)
        #expect(run.status == 2)
        #expect(run.ownErrors == ["Error: --shards is 2 for 3 processes; expected at least one piece per process"])
    }

    @Test func wrongInputIsToldOnce() throws {
        let run = try MPIRun("$mpirun -np 3 $penumbra train missing --out run --labels soft", in: folder)
        #expect(run.status == 2)
        #expect(run.ownErrors.count == 1, "\(run.errors)")
    }

    @Test func sharesOfImagesAreThoseOfOneRun() throws {
        #expect(try MPIRun("$penumbra \(words("run"))", in: folder).status == 0)
        let checkpoint = "run/split-1/soft/checkpoint.safetensors"
        for (name, command) in [
            ("embed.npy", "embed \(checkpoint) Shapes --subset all --out"),
            ("table.csv", "evaluate \(checkpoint) --data Shapes --json --table"),
        ] {
            let one = try MPIRun("$penumbra \(command) one-\(name) -q", in: folder)
            let three = try MPIRun("$mpirun -np 3 $penumbra \(command) three-\(name) -q", in: folder)
            #expect(one.status == 0 && three.status == 0, "\(three.errors)")
            if name == "table.csv" { #expect(three.output == one.output) }
            let files = try ["one", "three"].map {
                try Data(contentsOf: folder.url.appendingPathComponent("\($0)-\(name)"))
            }
            #expect(files[0] == files[1])
        }
        let one = try MPIRun("$penumbra dataset Shapes --duplicates --json", in: folder)
        let two = try MPIRun("$mpirun -np 2 $penumbra dataset Shapes --duplicates --json", in: folder)
        #expect(two.status == 0 && one.output == two.output, "\(two.errors)")
    }

    @Test func otherCommandsAreNotShared() throws {
        let run = try MPIRun("$mpirun -np 2 $penumbra inspect model.pt", in: folder)
        #expect(run.status == 2)
        #expect(run.ownErrors.count == 1 && run.errors.contains("'penumbra inspect' was started as one of 2 processes"))
    }

    @Test func aProgramWithoutMPIRefusesToBeOneOfSeveral() throws {
        let run = try MPIRun("$mpirun -np 2 $plain \(words("run"))", in: folder)
        #expect(run.status == 2)
        #expect(run.ownErrors.count == 1, "\(run.errors)")
        #expect(
            run.errors.contains("Error: started as one of 2 processes (OMPI_COMM_WORLD_SIZE), but this program was"))
        #expect(!FileManager.default.fileExists(atPath: folder.path("run")))
    }

    @Test(arguments: [0, 1]) func aKilledProcessEndsTheOthers(rank: Int) throws {
        let long = words("run", "--shards 2", epochs: 100_000)
        // The process of that rank kills itself during training.
        let script = """
            [ $OMPI_COMM_WORLD_RANK = \(rank) ] && (\(Self.hasBegun); kill -KILL $$) & exec $penumbra \(long)
            """
        let run = try MPIRun("export penumbra; timeout 200 $mpirun -np 2 sh -c '\(script)'", in: folder)
        // 124 is that of timeout.
        #expect(run.status != 0 && run.status != 124, "\(run.errors)")
        let rest = try MPIRun("$mpirun -np 2 $penumbra \(long) --stop-after 1s", in: folder)
        #expect(rest.status == 75, "\(rest.errors)")
    }

    @Test func aSignalToAllStopsAllAfterTheSameStep() throws {
        let long = words("run", "--shards 2", epochs: 100_000)
        let run = try MPIRun(
            "export penumbra; $mpirun -np 2 sh -c '(\(Self.hasBegun); kill -TERM $$) & exec $penumbra \(long)'",
            in: folder)
        #expect(run.status == 143, "\(run.errors)")
        #expect(run.errors.ranges(of: "Interrupted: ").count == 1, "\(run.errors)")
        let rest = try MPIRun("$mpirun -np 2 $penumbra \(long) --stop-after 1s", in: folder)
        #expect(rest.status == 75, "\(rest.errors)")
    }

    @Test func aFullDiskIsToldOnce() throws {
        let run = try MPIRun(
            "export penumbra; $mpirun -np 2 sh -c 'ulimit -f 64; exec $penumbra \(words("run"))'", in: folder)
        #expect(run.status == 1, "\(run.errors)")
        #expect(run.ownErrors.count == 1 && run.errors.contains("resume.safetensors"), "\(run.errors)")
    }

    @Test func aLossThatIsNotFiniteIsToldOnce() throws {
        let run = try MPIRun("$mpirun -np 2 $penumbra \(words("run", "--lr 1e30"))", in: folder)
        #expect(run.status == 1, "\(run.errors)")
        #expect(run.ownErrors.count == 1 && run.errors.contains("the loss is "), "\(run.errors)")
    }

    /// Traffic should be little more than the gradients: 270,000 weights, both ways, in each of six steps.
    @Test(.enabled(if: MPIRun.canMakeHosts, "needs root, iproute2 and network namespaces"))
    func twoHostsGiveTheBytesOfOne() throws {
        #expect(try MPIRun("$penumbra \(words("one", "--shards 2"))", in: folder).status == 0)
        let run = try MPIRun(
            "\(Self.tools)/two-hosts.sh 1gbit 100us $penumbra \(words("two", "--shards 2"))", in: folder)
        #expect(run.status == 0, "\(run.errors)")
        #expect(try checkpoint("two") == checkpoint("one"))
        let match = try #require(run.errors.firstMatch(of: /(\d+) bytes on the wire/))
        let gradients = 2 * 4 * 270_000 * 6
        #expect((gradients..<gradients * 3 / 2).contains(try #require(Int(match.1))), "\(match.1) bytes")
    }

    @Test func slurmScriptsGoOnUntilTheTrainingIsDone() throws {
        let more = "--labels soft --backbone resnet20_cifar --image-size 32 --epochs 40 --batch-size 16 --shards 2"
        let run = try MPIRun(
            """
            export PATH=$(dirname $penumbra):$PATH MPIRUN_OPTIONS="--allow-run-as-root --oversubscribe" STOP_AFTER=2s \
              SLURM_CPUS_PER_TASK=1
            \(Self.tools)/sbatch --ntasks=2 \(Self.tools)/mpi.sbatch Shapes run \(more)
            """, in: folder)
        #expect(run.status == 0, "\(run.errors)")
        #expect(try MPIRun("$penumbra train Shapes --out whole \(more) -q", in: folder).status == 0)
        #expect(try checkpoint("run") == checkpoint("whole"))
    }

    @Test func aProcessThatStopsIsNotWaitedForForever() throws {
        let long = words("run", "--shards 2", epochs: 100_000)
        // Stops the process again and again: while states are saved, the others are patient.
        let script = """
            [ $OMPI_COMM_WORLD_RANK = 1 ] && (\(Self.hasBegun)
              while kill -STOP $$; do sleep 6; kill -CONT $$; sleep 1; done) 2> /dev/null & exec $penumbra \(long)
            """
        let run = try MPIRun(
            "export penumbra; PENUMBRA_MPI_PATIENCE=3 timeout 200 $mpirun -np 2 sh -c '\(script)'", in: folder)
        #expect(run.status == 1, "\(run.errors)")
        #expect(run.ownErrors.count == 1, "\(run.errors)")
        #expect(run.errors.contains("no answer from the other processes for 3 s while"))
    }
}

/// Runs a shell line with `$mpirun`, `$penumbra` (built with MPI) and `$plain` (built like the tests). Processes wait two minutes
/// for each other, because the machine may be busy.
struct MPIRun {
    let status: Int32
    let output: String
    let errors: String

    static let program = ProcessInfo.processInfo.environment["PENUMBRA_MPI_PROGRAM"].flatMap {
        FileManager.default.isExecutableFile(atPath: $0) ? $0 : nil
    }

    /// Whether this process can create network namespaces.
    static let canMakeHosts: Bool = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        let name = "penumbra-try-\(ProcessInfo.processInfo.processIdentifier)"
        process.arguments = [
            "-c", "PATH=$PATH:/usr/sbin; command -v tc && ip netns add \(name) && ip netns del \(name)",
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    /// The program's own errors, without those of mpirun.
    var ownErrors: [Substring] { errors.split(separator: "\n").filter { $0.hasPrefix("Error: ") } }

    init(_ line: String, in folder: TemporaryFolder) throws {
        let mpirun = "mpirun --allow-run-as-root --oversubscribe"
        let run = try ShellRun(
            """
            export PENUMBRA_MPI_PATIENCE=120
            plain=$penumbra; penumbra=\(try #require(Self.program)); mpirun='\(mpirun)'; \(line)
            """, in: folder)
        (status, output, errors) = (run.status, run.output, run.errors)
    }
}
