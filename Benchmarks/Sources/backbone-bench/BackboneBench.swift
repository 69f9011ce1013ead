import Backbones
import Determinism
import Foundation
import NeuralNetwork

/// Images a second of a training step and of extraction, the peak memory, and on request each layer's share.
///
/// usage: backbone-bench [--backbone densenet121] [--px 64] [--batch 128] [--steps 5] [--threads 2]
/// [--precision float32] [--profile]
@main
struct BackboneBench {
    static func main() throws {
        let arguments = CommandLine.arguments
        func option(_ name: String, _ standard: Int) -> Int {
            arguments.firstIndex(of: name).flatMap { Int(arguments[$0 + 1]) } ?? standard
        }
        let pixels = option("--px", 64), batch = option("--batch", 128), steps = option("--steps", 5)
        let threads = ThreadCount(option("--threads", 2))
        let name = arguments.firstIndex(of: "--backbone").map { arguments[$0 + 1] } ?? "densenet121"
        let word = arguments.firstIndex(of: "--precision").map { arguments[$0 + 1] } ?? "float32"
        guard let precision = Precision(rawValue: word) else { fatalError("no precision \(word)") }
        guard let architecture = Architecture(rawValue: name) else { fatalError("no backbone \(name)") }
        let backbone = architecture.backbone(classes: 6)

        var random = CounterRandom(seed: 0)
        let images = (0..<batch * 3 * pixels * pixels).map { _ in Float(random.normal()) }
        let targets = [Float](repeating: 1 / 6, count: batch * 6)

        let network = try backbone.network(
            imageSize: pixels, batch: batch, threads: threads, trains: true, precision: precision)
        try network.initialize(seed: 0)
        let train = try fastest(steps) {
            _ = try network.accumulateGradients(images: images, targets: targets, count: batch)
            try network.descend(.sgdw(rate: 0.01, momentum: 0.9, decay: 5e-4))
        }
        let peak = peakMemory()
        if arguments.contains("--profile") {
            network.profiles = true
            for _ in 0..<steps { _ = try network.accumulateGradients(images: images, targets: targets, count: batch) }
            printProfile(network.profile, steps: steps)
        }

        let extractor = try FeatureExtractor(backbone, imageSize: pixels, threads: threads, precision: precision)
        try extractor.load(network.state())
        let imageCount = 3 * pixels * pixels
        let embed = try fastest(steps) {
            _ = try extractor.extract(count: batch) {
                Array(images[$0.lowerBound * imageCount..<$0.upperBound * imageCount])
            }
        }
        print(
            String(
                format: #"{"who": "penumbra %@", "px": %d, "batch": %d, "threads": %d, "#
                    + #""train": %.1f, "embed": %.1f, "peakGiB": %.2f}"#,
                (precision == .float32 ? "f32" : "bf16") as NSString, pixels, batch, threads.count,
                Double(batch) / train, Double(batch) / embed, peak))
    }

    static func fastest(_ count: Int, _ body: () throws -> Void) rethrows -> Double {
        try body()
        return try (0..<count).map { _ in
            let start = ContinuousClock.now
            try body()
            let elapsed = (ContinuousClock.now - start).components
            return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
        }.min()!
    }

    static func peakMemory() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_maxrss) / 1_048_576
    }

    static func printProfile(_ profile: NetworkProfile, steps: Int) {
        var forward = 0.0, backward = 0.0
        for entry in profile.entries {
            forward += entry.forwardSeconds
            backward += entry.backwardSeconds
            print(
                String(
                    format: "%-40@ fwd %7.3f ms %5.0f GF/s  bwd %7.3f ms %5.0f GF/s", entry.layer as NSString,
                    entry.forwardSeconds / Double(steps) * 1e3,
                    Double(entry.forwardOperations) / entry.forwardSeconds / 1e9,
                    entry.backwardSeconds / Double(steps) * 1e3,
                    Double(entry.backwardOperations) / entry.backwardSeconds / 1e9))
        }
        print(
            String(
                format: "sum: forward %.1f ms, backward %.1f ms", forward / Double(steps) * 1e3,
                backward / Double(steps) * 1e3))
    }
}
