import Backbones
import Numerics

extension TrainingParameters {
    /// How many images per second such a training takes on this machine, measured over one step or as many as fill a second,
    /// after a first one that does not count. Images are not read; their content does not matter to the time.
    ///
    /// - Throws: `NetworkMemoryError`, `PrecisionError`, `OneDNNError`.
    public func measuredSpeed(classes: Int, threads: ThreadCount, recomputes: Bool = false) throws -> Double {
        let backbone = architecture.backbone(classes: classes, head: head)
        let (network, parts) = try BatchParts.fit(batch: batchSize, parts: accumulation) {
            try backbone.network(
                imageSize: imageSize, batch: $0, threads: threads, trains: true, precision: precision,
                recomputes: recomputes, pieces: pieces)
        }
        try network.initialize(seed: seed)
        let count = (batchSize + parts - 1) / parts
        var random = CounterRandom(seed: seed)
        let images = (0..<count * network.imageShape.count).map { _ in Float(random.uniform(in: -1...1)) }
        let targets = (0..<count * classes).map { Float($0 % classes == 0 ? 1 : 0) }
        func step(_ number: Int) throws {
            _ = try network.accumulateGradients(images: images, targets: targets, count: count)
            try network.descend(descentStep(number, factor: 1))
        }
        try step(0)
        let start = ContinuousClock.now
        var steps = 0
        repeat {
            steps += 1
            try step(steps)
        } while start.elapsedSeconds < 1
        return Double(steps * count) / start.elapsedSeconds
    }
}
