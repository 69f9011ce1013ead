import Numerics
import Testing

@testable import NeuralNetwork

/// Recomputing inner maps in the backward pass gives identical bytes in less memory.
@Suite struct RecomputationTests {
    let count = 5

    /// Dense layers and residual blocks with all kinds of inner maps: right after the images, in a chain of two after a pool,
    /// beside a projection, and in a strided block.
    func build(_ network: inout NetworkBuilder) {
        let stem = network.convolveImages("stem", outputs: 32, kernel: 3, stride: 1, padding: 1)
        network.recompute(stem)
        let pooled = network.normalizeRectifyMaxPool(stem, normalization: "pool")
        var maps = [pooled]
        for name in ["a", "b"] {
            let narrow = network.normalizeRectifyConvolve(
                maps, normalization: name + ".norm1", Filter(name + ".conv1", outputs: 64, kernel: 1))
            network.recompute(narrow)
            maps.append(
                network.normalizeRectifyConvolve(
                    [narrow], normalization: name + ".norm2",
                    Filter(name + ".conv2", outputs: 16, kernel: 3, padding: 1)))
        }
        let joined = network.normalizeRectifyConvolve(
            maps, normalization: "c.norm", Filter("c.conv", outputs: 32, kernel: 1))
        let first = block("d", joined, projects: true, stride: 1, &network)
        let second = block("e", first, projects: false, stride: 2, &network)
        network.normalizeRectifyAverage([second], normalization: "last")
        network.classify("classifier", classes: 4)
    }

    func block(
        _ name: String, _ input: FeatureMap, projects: Bool, stride: Int, _ network: inout NetworkBuilder
    ) -> FeatureMap {
        var filters = [Filter(name + ".conv1", outputs: 16, kernel: 1)]
        if projects { filters.append(Filter(name + ".conv0", outputs: 32, kernel: 1, bias: true)) }
        let maps = network.normalizeRectifyConvolve(input, normalization: name + ".norm1", filters)
        let middle = network.normalizeRectifyConvolve(
            [maps[0]], normalization: name + ".norm2",
            Filter(name + ".conv2", outputs: 16, kernel: 3, stride: stride, padding: 1))
        for map in [maps[0], middle] { network.recompute(map) }
        return network.normalizeRectifyConvolve(
            [middle], normalization: name + ".norm3", Filter(name + ".conv3", outputs: 32, kernel: 1, bias: true),
            addedTo: projects ? maps[1] : input)
    }

    /// Post-activation residual blocks, one of them with a projection.
    func buildRectified(_ network: inout NetworkBuilder) {
        let stem = network.convolveImages("stem", outputs: 32, kernel: 3, stride: 1, padding: 1)
        network.recompute(stem)
        let layers = FiniteDifferenceTests.Layers.rectifiedIdentity
        let first = layers.rectified(network.normalizeRectify(stem, normalization: "a"), "b", &network)
        let second = layers.rectified(first, "c", projecting: 2, &network)
        network.average("last", layers.rectified(second, "d", &network))
        network.classify("classifier", classes: 4)
    }

    func network(recomputes: Bool, threads: Int, isRectified: Bool = false) throws -> Network {
        let build = isRectified ? self.buildRectified : self.build
        let network = try Network(
            images: ImageShape(channels: 3, height: 10, width: 10), batch: count, threads: ThreadCount(threads),
            trains: true, recomputes: recomputes, build: build)
        try network.initialize(seed: 3)
        return network
    }

    @Test(arguments: [(1, false), (2, false), (3, false), (1, true), (2, true), (3, true)])
    func theSameBytesInLessMemory(threads: Int, isRectified: Bool) throws {
        var random = CounterRandom(seed: 1)
        let images = (0..<count * 300).map { _ in Float(random.normal()) }
        let targets = (0..<count).flatMap { _ in [0.1, 0.2, 0.3, 0.4] as [Float] }
        let keeping = try network(recomputes: false, threads: threads, isRectified: isRectified)
        let recomputing = try network(recomputes: true, threads: threads, isRectified: isRectified)
        #expect(recomputing.activations.count < keeping.activations.count)
        #expect(recomputing.recomputed.count == 7)
        // The last batch is shorter, so its tiles are padded with stale memory; evaluations run in between.
        for number in [count, count, 2] {
            let losses = try [keeping, recomputing].map {
                try $0.accumulateGradients(images: images, targets: Array(targets.prefix(4 * number)), count: number)
            }
            #expect(losses[0] == losses[1])
            #expect(try recomputing.state(.gradients) == keeping.state(.gradients))
            for network in [keeping, recomputing] {
                try network.descend(.sgdw(rate: 0.1, momentum: 0.9, decay: 1e-3))
            }
            // The running statistics must also move only once per batch.
            #expect(try recomputing.state() == keeping.state())
            #expect(
                try recomputing.evaluate(images: images, count: count).logits
                    == keeping.evaluate(images: images, count: count).logits)
        }
    }

    /// Layers in order: stem, pool, a1, a2, b1, b2, c, d1, d2, d3, e1, e2, e3, average.
    @Test func mapsAreMadeAgainBeforeTheirReaders() throws {
        let network = try network(recomputes: true, threads: 1)
        var expected = [[Int]](repeating: [], count: 14)
        expected[1] = [0]
        expected[3] = [2]
        expected[5] = [4]
        expected[9] = [7, 8]
        expected[12] = [10, 11]
        #expect(network.repetitions == expected)
        #expect(try self.network(recomputes: false, threads: 1).repetitions.allSatisfy(\.isEmpty))
    }
}
