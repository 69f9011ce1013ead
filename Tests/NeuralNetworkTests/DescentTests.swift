import Numerics
import Foundation
import Testing

@testable import NeuralNetwork

/// Optimisers against PyTorch's own (`Tools/reference/optimizer_fixtures.py`), and gradient accumulation.
@Suite struct DescentTests {
    /// Eight weights after five steps along known gradients.
    func descend(_ step: (_ number: Int, _ buffers: [AlignedBuffer<Float>]) -> Void) -> [Float] {
        // Values, gradients, velocities or first moments, second moments.
        let buffers = (0..<4).map { _ in AlignedBuffer<Float>(count: 8) }
        for i in 0..<8 { buffers[0].base[i] = (Float(i) - 3.5) / 4 }
        for number in 1...5 {
            for i in 0..<8 {
                buffers[1].base[i] = Float(sin(1.3 * Double(i) + 2.1 * Double(number)) / Double(number))
            }
            step(number, buffers)
        }
        return buffers[0].array
    }

    /// Values near 1 after five steps of a few roundings each.
    func expectEqual(_ found: [Float], _ expected: [Double]) {
        for (a, b) in zip(found, expected) { #expect(abs(Double(a) - b) < 30 * Double(Float.ulpOfOne)) }
    }

    @Test(arguments: KernelPath.available) func momentumWithDecayInTheGradient(path: KernelPath) {
        let found = descend { _, buffers in
            ParameterKernels(path).descend(
                buffers[0].base, gradient: buffers[1].base, velocity: buffers[2].base, count: 8, rate: 0.05,
                momentum: 0.9, decay: 0.1)
        }
        expectEqual(
            found,
            [
                -0.929477673155, -0.503349143646, -0.195970790552, -0.115189480835, -0.036886882050, 0.266686655571,
                0.693258328647, 0.960362777202,
            ])
    }

    @Test(arguments: KernelPath.available) func adam(path: KernelPath) {
        let found = descend { number, buffers in
            ParameterKernels(path).descendAdaptively(
                buffers[0].base, gradient: buffers[1].base, mean: buffers[2].base, square: buffers[3].base, count: 8,
                rate: 0.05, decay: 0.1, momentum: 0.9, number: number)
        }
        expectEqual(
            found,
            [
                -0.936423661390, -0.458739531077, -0.250483449484, -0.084432785239, -0.009134509821, 0.278044492356,
                0.739910063752, 0.952080988354,
            ])
    }

    func network() throws -> Network {
        let network = try Network(
            images: ImageShape(channels: 3, height: 6, width: 6), batch: 4, threads: ThreadCount(2), trains: true
        ) { network in
            let stem = network.convolveImages("stem", outputs: 16, kernel: 3, stride: 1, padding: 1)
            network.normalizeRectifyAverage([stem], normalization: "norm")
            network.classify("classifier", classes: 2)
        }
        try network.initialize(seed: 1)
        return network
    }

    func images(_ seed: UInt64) -> [Float] {
        var random = CounterRandom(seed: seed)
        return (0..<4 * 108).map { _ in Float(random.normal()) }
    }

    @Test func partsOfABatchAddUp() throws {
        let network = try network()
        let targets: [Float] = [1, 0, 0, 1, 0.5, 0.5, 0.2, 0.8]
        let before = try network.state()
        var gradients: [[NamedTensor]] = []
        for (seed, share) in [(1, 0.25), (2, 0.75)] as [(UInt64, Float)] {
            _ = try network.accumulateGradients(images: images(seed), targets: targets, count: 4)
            gradients.append(try network.state(.gradients))
            network.gatherGradients(share: share)
        }
        try network.descend(.sgd(rate: 0.5, momentum: 0, decay: 0))
        let after = Dictionary(uniqueKeysWithValues: try network.state().map { ($0.name, $0.values) })
        let start = Dictionary(uniqueKeysWithValues: before.map { ($0.name, $0.values) })
        for (first, second) in zip(gradients[0], gradients[1]) {
            for i in first.values.indices {
                let expected = start[first.name]![i] - 0.5 * (0.25 * first.values[i] + 0.75 * second.values[i])
                #expect(abs(after[first.name]![i] - expected) < 4 * Float.ulpOfOne * max(1, abs(expected)))
            }
        }
        // No gradients of these parts may leak into the next batch.
        let middle = try network.state(.values)
        _ = try network.accumulateGradients(images: images(3), targets: targets, count: 4)
        let gradient = try #require(try network.state(.gradients).last)
        try network.descend(.sgd(rate: 0.5, momentum: 0, decay: 0))
        let bias = try #require(middle.last), moved = try #require(try network.state().last)
        for i in 0..<2 { #expect(abs(moved.values[i] - bias.values[i] + 0.5 * gradient.values[i]) < 1e-6) }
    }

    @Test func theClassifierMovesByAStepOfItsOwn() throws {
        let targets: [Float] = [1, 0, 0, 1, 0.5, 0.5, 0.2, 0.8]
        func state(_ head: DescentStep, _ backbone: DescentStep?, headOnly: Bool = false) throws -> [NamedTensor] {
            let network = try network()
            _ = try network.accumulateGradients(images: images(1), targets: targets, count: 4, headOnly: headOnly)
            try network.descend(head, backbone: backbone)
            return try network.state(.values).filter { !$0.name.contains("running_") }
        }
        let fast = DescentStep.sgdw(rate: 0.5, momentum: 0.9, decay: 0.1)
        let slow = DescentStep.sgdw(rate: 0.05, momentum: 0.9, decay: 0.01)
        let start = try network().state(.values).filter { !$0.name.contains("running_") }
        let (allFast, allSlow) = (try state(fast, fast), try state(slow, slow))
        let (mixed, frozen) = (try state(fast, slow), try state(fast, nil, headOnly: true))
        for index in start.indices {
            let isHead = start[index].name.hasPrefix("classifier")
            #expect(mixed[index].values == (isHead ? allFast : allSlow)[index].values, "\(start[index].name)")
            #expect(frozen[index].values == (isHead ? allFast : start)[index].values, "\(start[index].name)")
            #expect(allFast[index].values != allSlow[index].values)
        }
    }

    @Test func adamsSquaresComeBack() throws {
        let targets: [Float] = [1, 0, 0, 1, 0.5, 0.5, 0.2, 0.8]
        func step(_ network: Network, _ number: Int) throws {
            _ = try network.accumulateGradients(images: images(UInt64(number)), targets: targets, count: 4)
            try network.descend(.adam(rate: 0.01, momentum: 0.9, decay: 0, number: number))
        }
        let whole = try network()
        #expect(try whole.state(.squares).isEmpty)
        for number in 1...2 { try step(whole, number) }
        let resumed = try network()
        try resumed.load(whole.state())
        try resumed.load(whole.state(.velocities), .velocities)
        try resumed.load(whole.state(.squares), .squares)
        for network in [whole, resumed] { try step(network, 3) }
        #expect(try resumed.state() == whole.state())
        #expect(throws: NetworkStateError.missing(name: "stem.weight")) { try resumed.load([], .squares) }
    }
}
