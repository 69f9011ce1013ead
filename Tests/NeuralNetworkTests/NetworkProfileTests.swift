import Numerics
import Testing

@testable import NeuralNetwork

@Suite struct NetworkProfileTests {
    let count = 4

    func build(_ network: inout NetworkBuilder) {
        network.block = "first"
        let stem = network.convolveImages("stem", outputs: 16, kernel: 3, stride: 1, padding: 1)
        network.recompute(stem)
        network.block = "second"
        let map = network.normalizeRectifyConvolve(
            [stem], normalization: "norm", Filter("conv", outputs: 32, kernel: 3, padding: 1))
        network.normalizeRectifyAverage([map], normalization: "last")
        network.classify("classifier", classes: 2)
    }

    func network(trains: Bool) throws -> Network {
        let network = try Network(
            images: ImageShape(channels: 3, height: 8, width: 8), batch: count, threads: ThreadCount(2), trains: trains,
            recomputes: true, build: build)
        try network.initialize(seed: 1)
        return network
    }

    /// One multiplication and one addition per weight and position; the backward pass needs twice as many.
    let stem = 2 * 3 * 16 * 9 * 64
    let convolution = 2 * 16 * 32 * 9 * 64

    @Test func aStepIsToldLayerByLayer() throws {
        let network = try network(trains: true)
        let images = (0..<count * 192).map { Float($0 % 11) / 11 }
        func step(_ count: Int) throws {
            let targets = (0..<count).flatMap { _ in [0.25, 0.75] as [Float] }
            _ = try network.accumulateGradients(images: images, targets: targets, count: count)
            try network.descend(.sgd(rate: 0.1, momentum: 0.9, decay: 0))
        }
        try step(count)
        #expect(network.profile == nil)
        network.profile = NetworkProfile()
        try step(count)
        network.profile?.endStep(seconds: 2, images: count)
        try step(3)
        network.profile?.endStep(seconds: 3, images: 3)
        let before = try network.state()
        try network.measureAlone()
        let profile = try #require(network.profile)

        #expect(profile.steps == 2 && profile.images == 7 && profile.fastestSecondsAnImage == 0.5)
        #expect(profile.entries.map(\.layer) == ["stem", "conv", "last"])
        #expect(profile.entries[0][.forward].operations == 7 * stem)
        #expect(profile.entries[0][.again].operations == 7 * stem)
        #expect(profile.entries[0][.backward].operations == 14 * stem)
        #expect(profile.entries[1][.again] == NetworkProfile.Pass())
        #expect(profile.entries[1].total.operations == 21 * convolution)
        for entry in profile.entries.dropLast() {
            for direction in [NetworkProfile.Direction.forward, .backward] {
                let pass = entry[direction]
                #expect(
                    pass.aloneSeconds > 0 && pass.convolutionSeconds > 0 && pass.repeatedSeconds > pass.aloneSeconds / 4
                )
                #expect(pass.convolutionSeconds <= pass.seconds)
            }
        }
        #expect(profile.entries[2].total.convolutionSeconds == 0 && profile.entries[2].total.seconds > 0)
        #expect(profile.blocks.map(\.block) == ["first", "second"])
        #expect(profile.blocks[1].total.operations == 21 * convolution)
        // The profile accounts for the whole time of the steps, including the rest.
        #expect(abs(profile.seconds - 5) < 1e-9)
        #expect(profile[.rest] > 4 && profile[.head] > 0 && profile[.optimizer] > 0 && profile[.data] == 0)

        #expect(profile.entries[2][.forward].repeatedSeconds > 0 && profile.entries[2][.backward].repeatedSeconds > 0)

        // Measuring must neither change the parameters nor leak into the next step.
        #expect(try network.state() == before)
        let other = try self.network(trains: true)
        try other.load(before)
        try other.load(network.state(.velocities), .velocities)
        for network in [network, other] {
            _ = try network.accumulateGradients(
                images: images, targets: (0..<3).flatMap { _ in [0.5, 0.5] as [Float] }, count: 3)
        }
        #expect(try network.state(.gradients) == other.state(.gradients))
    }

    @Test func networksOfThreadsAreOne() throws {
        let networks = try (0..<2).map { _ in try network(trains: false) }
        for network in networks {
            network.profile = NetworkProfile()
            _ = try network.evaluate(images: Array(repeating: 0.5, count: count * 192), count: count)
            network.profile?.endStep(seconds: 1, images: count)
            try network.measureAlone()
        }
        let profile = NetworkProfile(ofThreads: networks.map { $0.profile! })
        #expect(profile.steps == 2 && profile.images == 8 && profile.fastestSecondsAnImage == 0.125)
        #expect(abs(profile.seconds - 1) < 1e-9)
        #expect(profile.entries.map(\.layer) == ["stem", "conv", "last"])
        #expect(profile.entries[1].total.operations == 8 * convolution)
        #expect(
            profile.layers.aloneSeconds > 0 && profile.layers.repeatedSeconds > 0
                && profile.entries[1][.backward] == NetworkProfile.Pass())
    }

    @Test func thePeakIsASpeed() throws {
        // A processor does between a tenth of an operation and a thousand operations per nanosecond and thread.
        let speed = try Network.measurePeakSpeed(threads: ThreadCount(1))
        #expect(speed > 1e8 && speed < 1e12)
    }
}
