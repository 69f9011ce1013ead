import Foundation
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Two processes run the same command at once: one works undisturbed, the other is told who holds the lock.
@Suite struct TwoProcessesTests {
    /// A command that runs long enough for a second process to meet it.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// All arguments except `--out`.
        let arguments: String
        /// The folder of the lock, within the output.
        let lock: String
        /// Output files that contain neither times nor paths.
        let files: [String]
    }

    /// Options for training a small network.
    private static let small =
        "--labels soft --backbone resnet20_cifar --image-size 32 --epochs 2 --batch-size 12 --threads 1"

    static let cases = [
        Case(
            testDescription: "train",
            arguments: "train Shapes \(small)",
            lock: "split-1/soft/", files: ["split-1/soft/checkpoint.safetensors"]),
        Case(
            testDescription: "train --fresh",
            arguments: "train Shapes \(small) --fresh",
            lock: "split-1/soft/", files: ["split-1/soft/checkpoint.safetensors"]),
        Case(
            testDescription: "compare",
            arguments: "compare f.csv g.csv --labels labels.csv --max-iter 60 --perplexity 5 --threads 1",
            lock: "", files: ["samples.csv", "figure.svg", "figure.png"]),
        Case(
            testDescription: "reproduce",
            arguments: "reproduce --preset quick --count 60 --image-size 32 --epochs 1 --batch-size 12 --max-iter 60 "
                + "--perplexity 3 --threads 1",
            lock: "", files: ["figure.svg", "table.csv", "split-1/soft/tsne.csv", "dataset/Shapes/samples.csv"]),
        Case(
            testDescription: "generate", arguments: "generate shapes --count 3000 --size 32 --threads 1", lock: "",
            files: ["Shapes/Shapes.json", "Shapes/samples.csv"]),
    ]

    @Test(arguments: cases) func theSecondIsRefusedAndTheFirstUndisturbed(_ example: Case) throws {
        let folder = try TemporaryFolder()
        _ = try InputIsOutputTests.shapes(in: folder)
        for (name, count) in [("f.csv", 40), ("g.csv", 41)] {
            _ = try folder.file(
                name,
                ProjectTests.csv(ProjectTests.features(count)).split(separator: "\n").prefix(41)
                    .joined(separator: "\n") + "\n")
        }
        _ = try folder.file(
            "labels.csv", "id,a,b\n" + (0..<40).map { "s\($0),\($0 % 2),\(1 - $0 % 2)\n" }.joined())
        let alone = try ShellRun("$penumbra \(example.arguments) --quiet --out alone", in: folder)
        #expect(alone.status == 0, "\(alone.errors)")
        // The first process is stopped while the second tries, so the test does not depend on timing.
        let together = try ShellRun(
            "$penumbra \(example.arguments) --quiet --out both >/dev/null & p=$!\n"
                + "(for i in $(seq 1200); do sleep 0.1; kill -0 $p 2>/dev/null || exit 0; done; kill -KILL $p) &\n"
                + "until [ -s both/\(example.lock).penumbra.lock ]; do sleep 0.01; done\n"
                + "kill -STOP $p\n"
                + "$penumbra \(example.arguments) --quiet --out both; echo $? $p\n"
                + "kill -CONT $p; wait $p", in: folder)
        #expect(together.status == 0, "\(together.errors)")
        let words = together.output.split { $0 == " " || $0 == "\n" }
        #expect(words.count == 2 && words.first == "2", "\(together.output)")
        let host = ProcessInfo.processInfo.hostName
        let holder = "being written by process \(words.last ?? "?") on \(host); wait for it, or choose another output"
        #expect(together.errors.contains(holder), "\(together.errors)")
        for file in example.files {
            let digests = try ["alone", "both"].map {
                try SHA256Digest.of(file: folder.url.appendingPathComponent("\($0)/\(file)"))
            }
            #expect(digests[0] == digests[1], "\(file)")
        }
        let left = try ["alone", "both"].map { name in
            try FileManager.default.subpathsOfDirectory(atPath: folder.path(name)).sorted()
        }
        #expect(left[0] == left[1])
    }
}
