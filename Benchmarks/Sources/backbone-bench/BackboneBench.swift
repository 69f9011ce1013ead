import Backbones
import Numerics
import Foundation
import NeuralNetwork

/// Measures images per second in training steps and in extraction, peak memory and, with --profile, the time of each layer.
///
/// usage: backbone-bench [--backbone densenet121] [--px 64] [--batch 128] [--steps 5] [--threads 2]
///                       [--precision float32] [--profile] [--recompute] [--train-only]
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
            imageSize: pixels, batch: batch, threads: threads, trains: true, precision: precision,
            recomputes: arguments.contains("--recompute"))
        try network.initialize(seed: 0)
        func step() throws {
            _ = try network.accumulateGradients(images: images, targets: targets, count: batch)
            try network.descend(.sgdw(rate: 0.01, momentum: 0.9, decay: 5e-4))
        }
        let train = try fastest(steps, step)
        let peak = peakMemory()
        if arguments.contains("--profile") {
            network.profile = NetworkProfile()
            for _ in 0..<steps {
                let start = ContinuousClock.now
                try step()
                network.profile?.endStep(seconds: seconds(since: start), images: batch)
            }
            try network.measureAlone()
            printProfile(network.profile!)
        }

        let extractor = try FeatureExtractor(backbone, imageSize: pixels, threads: threads, precision: precision)
        try extractor.load(network.state())
        let imageCount = 3 * pixels * pixels
        let embed =
            try arguments.contains("--train-only")
            ? Double.infinity
            : fastest(steps) {
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
            return seconds(since: start)
        }.min()!
    }

    static func seconds(since start: ContinuousClock.Instant) -> Double {
        let elapsed = (ContinuousClock.now - start).components
        return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
    }

    static func peakMemory() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_maxrss) / 1_048_576
    }

    /// Prints milliseconds per step for every layer: forward, recomputation if maps are not kept, and backward. In brackets:
    /// its convolutions within the step, and run alone. Then prints the work between the layers.
    static func printProfile(_ profile: NetworkProfile) {
        let milliseconds = 1e3 / Double(profile.steps)
        func line(_ name: String, _ entry: NetworkProfile.Entry) -> String {
            let (forward, again, backward) = (entry[.forward], entry[.again], entry[.backward])
            return String(
                format: "%-40@ fwd %7.3f (%7.3f, %7.3f)  again %7.3f  bwd %7.3f (%7.3f, %7.3f)  %5.0f GF/s",
                name as NSString, forward.seconds * milliseconds, forward.convolutionSeconds * milliseconds,
                forward.aloneSeconds * milliseconds, again.seconds * milliseconds, backward.seconds * milliseconds,
                backward.convolutionSeconds * milliseconds, backward.aloneSeconds * milliseconds,
                Double(entry.total.operations) / entry.total.seconds / 1e9)
        }
        for entry in profile.entries { print(line(entry.layer, entry)) }
        for block in profile.blocks { print(line(block.block, block)) }
        for part in NetworkProfile.Part.allCases {
            print(String(format: "%-40@ %7.3f ms", part.rawValue as NSString, profile[part] * milliseconds))
        }
        let layers = profile.layers
        print(
            String(
                format:
                    "step %.1f ms, convolutions %.1f ms in it, %.1f ms alone: %.0f %%; every pass by itself %.1f ms: %.0f %%",
                profile.seconds * milliseconds, layers.convolutionSeconds * milliseconds,
                layers.aloneSeconds * milliseconds, layers.aloneSeconds / profile.seconds * 100,
                layers.repeatedSeconds * milliseconds, layers.repeatedSeconds / profile.seconds * 100))
    }
}
