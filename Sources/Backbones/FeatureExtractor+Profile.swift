import Numerics
import NeuralNetwork

extension FeatureExtractor {
    /// Where the time of the chunks so far went, excluding the first of each thread, together with the time that their
    /// convolutions and passes take alone, measured here on all threads at once. Nil if no profile is taken or no thread had a
    /// second chunk.
    ///
    /// - Throws: `OneDNNError` if the library fails.
    public func takeProfile() throws -> NetworkProfile? {
        let profiled = networks.filter { ($0.profile?.steps ?? 0) > 0 }
        if profiled.isEmpty { return nil }
        var results = [Result<Void, any Error>?](repeating: nil, count: profiled.count)
        results.withUnsafeMutableBufferPointer { buffer in
            // Every thread has its own network and writes its own element.
            nonisolated(unsafe) let slots = buffer
            nonisolated(unsafe) let networks = profiled
            ThreadCount(networks.count).forEachThread { thread in
                slots[thread] = Result { try networks[thread].measureAlone() }
            }
        }
        for result in results { try result!.get() }
        return NetworkProfile(ofThreads: profiled.map { $0.profile! })
    }

    /// Evaluates a chunk with one of the networks; if a profile is taken, timed from the network's second chunk on.
    func evaluate(
        _ range: Range<Int>, by network: Network, _ images: (Range<Int>) throws -> [Float]
    ) throws -> Chunk {
        let start = ContinuousClock.now
        let values = try images(range)
        network.profile?.add(.data, seconds: start.elapsedSeconds)
        let result = try network.evaluate(images: values, count: range.count)
        network.profile?.endStep(seconds: start.elapsedSeconds, images: range.count)
        if profiles && network.profile == nil { network.profile = NetworkProfile() }
        return Chunk(
            features: result.features, logits: result.logits,
            stages: stages.map { network.stageAverages($0, count: range.count) })
    }
}
