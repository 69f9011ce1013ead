import Numerics
import Testing

@testable import NeuralNetwork

/// Each thread sums gradients, updates and lays out the weights of whole layers of its own.
@Suite struct DescentShareTests {
    let count = 6

    func network(threads: Int) throws -> Network {
        let network = try Network(
            images: ImageShape(channels: 3, height: 8, width: 8), batch: count, threads: ThreadCount(threads),
            trains: true
        ) { network in
            let stem = network.convolveImages("stem", outputs: 16, kernel: 3, stride: 1, padding: 1)
            let maps = network.normalizeRectifyConvolve(
                stem, normalization: "a.norm",
                [Filter("a.conv1", outputs: 32, kernel: 1), Filter("a.conv2", outputs: 32, kernel: 1, bias: true)])
            let sum = network.normalizeRectifyConvolve(
                [maps[0]], normalization: "b.norm", Filter("b.conv", outputs: 32, kernel: 3, padding: 1),
                addedTo: maps[1])
            network.normalizeRectifyAverage([sum], normalization: "last")
            network.classify("classifier", classes: 3)
        }
        try network.initialize(seed: 5)
        return network
    }

    @Test(arguments: 1...5)
    func everyParameterIsMovedOnce(threads: Int) throws {
        let network = try network(threads: threads)
        let shares = network.descentShares.flatMap { $0 }.sorted { $0.range.lowerBound < $1.range.lowerBound }
        #expect(network.descentShares.count == threads)
        #expect(shares.first?.range.lowerBound == 0 && shares.last?.range.upperBound == network.trainedCount)
        for (share, next) in zip(shares, shares.dropFirst()) {
            #expect(share.range.upperBound == next.range.lowerBound)
        }
        #expect(Set(shares.compactMap(\.layer)) == [0, 1, 2])
        for share in shares {
            guard let layer = share.layer else { continue }
            for convolution in network.layers[layer].convolutions {
                #expect(share.range.contains(convolution.weight.offset))
            }
        }
    }

    /// Reading the gradients sums them before the step; otherwise the step sums them. Both give the same.
    @Test(arguments: 1...3)
    func gradientsAreTheSameBeforeAndAfterAStep(threads: Int) throws {
        let images = (0..<count * 192).map { Float($0 % 23) / 23 - 0.4 }
        let targets = (0..<count).flatMap { [0.5, 0.25, Float($0) / 24] as [Float] }
        let (seen, unseen) = (try network(threads: threads), try network(threads: threads))
        for number in 1...3 {
            for network in [seen, unseen] {
                _ = try network.accumulateGradients(images: images, targets: targets, count: count)
            }
            let before = try seen.state(.gradients)
            #expect(try seen.state(.gradients) == before)
            for network in [seen, unseen] {
                try network.descend(.adam(rate: 0.01, momentum: 0.9, decay: 0.01, number: number))
            }
            #expect(try unseen.state(.gradients) == before)
            #expect(try unseen.state() == seen.state())
            #expect(try unseen.state(.velocities) == seen.state(.velocities))
        }
        // A batch gathered as a single part equals the whole batch.
        for (network, gathers) in [(seen, true), (unseen, false)] {
            _ = try network.accumulateGradients(images: images, targets: targets, count: count)
            if gathers { network.gatherGradients(share: 1) }
            try network.descend(.sgd(rate: 0.1, momentum: 0, decay: 0))
        }
        #expect(try unseen.state() == seen.state())
    }
}
