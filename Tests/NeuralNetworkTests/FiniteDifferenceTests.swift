import Numerics
import Foundation
import Testing

@testable import NeuralNetwork

/// Each kind of layer, in a small network, against finite differences of the loss.
@Suite struct FiniteDifferenceTests {
    enum Layers: String, CaseIterable {
        case stem, maxPool, convolution, concatenation, halving, oddHalving
        case biasedPool, emptyBorder, projection, stridedProjection, identity, subsampling, largeHead, tinyMaps
        case groups, wideGroups, partsOfBlocks
        case rectifiedStem, rectifiedIdentity, rectifiedProjection, rectifiedTinyMaps, paddedShortcut

        func build(_ network: inout NetworkBuilder) {
            let isBiased = self == .biasedPool
            let stem = network.convolveImages(
                "stem", outputs: self == .partsOfBlocks ? 12 : 16, kernel: 3, stride: 1, padding: 1, bias: isBiased)
            func unit(_ maps: [FeatureMap], _ name: String, kernel: Int, halving: Bool = false) -> FeatureMap {
                network.normalizeRectifyConvolve(
                    maps, normalization: name + ".norm",
                    Filter(name + ".conv", outputs: 32, kernel: kernel, padding: kernel / 2), halving: halving)
            }
            var maps = [stem]
            switch self {
            case .stem: break
            case .maxPool: maps = [network.normalizeRectifyMaxPool(stem, normalization: "pool")]
            case .convolution: maps = [unit([stem], "a", kernel: 3)]
            case .concatenation:
                maps.append(unit(maps, "a", kernel: 3))
                maps.append(unit(maps, "b", kernel: 1))
            case .halving: maps = [unit([stem, unit([stem], "a", kernel: 1)], "b", kernel: 1, halving: true)]
            case .oddHalving:
                let pooled = network.normalizeRectifyMaxPool(stem, normalization: "pool")
                maps = [unit([pooled], "b", kernel: 1, halving: true)]
            case .biasedPool:
                // Zero padding around the pools keeps the next normalisation from cancelling the biases.
                let pooled = network.maxPool("pool", stem, border: .zeros)
                let biased = network.normalizeRectifyConvolve(
                    [pooled], normalization: "a.norm", Filter("a.conv", outputs: 32, kernel: 1, bias: true))
                maps = [network.maxPool("pool2", biased, border: .zeros)]
            case .emptyBorder: maps = [network.maxPool("pool", stem, border: .empty)]
            case .projection: maps = [residual(stem, "a", projects: true, stride: 1, &network)]
            case .stridedProjection: maps = [residual(stem, "a", projects: true, stride: 2, &network)]
            case .identity:
                maps = [stem]
                for name in ["a", "b"] { maps = [residual(maps[0], name, projects: false, stride: 1, &network)] }
            case .subsampling:
                let first = residual(stem, "a", projects: true, stride: 1, &network)
                let second = residual(first, "b", projects: false, stride: 2, &network)
                maps = [residual(second, "c", projects: false, stride: 2, &network)]
            case .largeHead: break
            case .tinyMaps:
                // 2 × 2 positions.
                maps = [network.maxPool("pool1", stem, border: .empty)]
                for number in 2...3 {
                    maps = [network.normalizeRectifyMaxPool(maps[0], normalization: "pool\(number)")]
                }
                maps = [narrow(residual(maps[0], "a", projects: true, stride: 1, &network), "b", &network)]
            case .groups, .wideGroups:
                let wide = unit([stem], "a", kernel: 1)
                maps = [
                    network.normalizeRectifyConvolve(
                        [wide], normalization: "b.norm",
                        Filter("b.conv", outputs: 32, kernel: 3, padding: 1, groups: self == .groups ? 8 : 2))
                ]
            case .partsOfBlocks:
                for name in ["a", "b"] {
                    maps.append(
                        network.normalizeRectifyConvolve(
                            maps, normalization: name + ".norm",
                            Filter(name + ".conv", outputs: 20, kernel: 3, padding: 1)))
                }
                maps = [
                    network.normalizeRectifyConvolve(
                        maps, normalization: "c.norm", Filter("c.conv", outputs: 26, kernel: 1), halving: true)
                ]
                maps.append(
                    network.normalizeRectifyConvolve(
                        maps, normalization: "d.norm", Filter("d.conv", outputs: 5, kernel: 3, padding: 1)))
            case .rectifiedStem: maps = [network.normalizeRectify(stem, normalization: "a")]
            case .rectifiedIdentity:
                maps = [network.normalizeRectify(stem, normalization: "a")]
                for name in ["b", "c"] { maps = [rectified(maps[0], name, &network)] }
            case .rectifiedProjection:
                let pooled = network.normalizeRectifyMaxPool(stem, normalization: "pool")
                let first = rectified(pooled, "a", projecting: 1, &network)
                maps = [rectified(first, "b", projecting: 2, &network)]
            case .paddedShortcut:
                let first = network.normalizeRectify(stem, normalization: "a")
                let addend = network.subsample("b.shortcut", first, channels: 36)
                let inner = network.convolve(
                    first, [Filter("b.conv1", outputs: 36, kernel: 3, stride: 2, padding: 1)])
                maps = [network.normalizeAddRectify(inner[0], normalization: "b.norm", addend: addend)]
            case .rectifiedTinyMaps:
                // 2 × 2 positions.
                maps = [network.maxPool("pool1", stem, border: .empty)]
                for number in 2...3 {
                    maps = [network.normalizeRectifyMaxPool(maps[0], normalization: "pool\(number)")]
                }
                maps = [rectified(maps[0], "a", projecting: 1, &network)]
                maps = [rectified(maps[0], "b", &network)]
                maps = [rectified(maps[0], "c", kernel: 1, &network)]
            }
            switch self {
            case .rectifiedStem, .rectifiedIdentity, .rectifiedProjection, .rectifiedTinyMaps, .paddedShortcut:
                network.average("last", maps[0])
                return network.classify("classifier", classes: 4)
            default: break
            }
            network.normalizeRectifyAverage(maps, normalization: "last")
            network.classify("classifier", classes: 4, head: self == .largeHead ? .large : .plain)
        }

        /// An identity block around 1 × 1 convolutions.
        func narrow(_ input: FeatureMap, _ name: String, _ network: inout NetworkBuilder) -> FeatureMap {
            let middle = network.normalizeRectifyConvolve(
                [input], normalization: name + ".norm1", Filter(name + ".conv1", outputs: 16, kernel: 1))
            return network.normalizeRectifyConvolve(
                [middle], normalization: name + ".norm2",
                Filter(name + ".conv2", outputs: input.channels, kernel: 1, bias: true), addedTo: input)
        }

        /// A post-activation residual block, added to its input or to a projection of it.
        func rectified(
            _ input: FeatureMap, _ name: String, kernel: Int = 3, projecting stride: Int? = nil,
            _ network: inout NetworkBuilder
        ) -> FeatureMap {
            let outputs = stride == nil ? input.channels : 2 * input.channels
            var filters = [
                Filter(name + ".conv1", outputs: 16, kernel: kernel, stride: stride ?? 1, padding: kernel / 2)
            ]
            if let stride { filters.append(Filter(name + ".conv0", outputs: outputs, kernel: 1, stride: stride)) }
            let maps = network.convolve(input, filters)
            let last = network.normalizeRectifyConvolve(
                [maps[0]], normalization: name + ".norm1",
                Filter(name + ".conv2", outputs: outputs, kernel: kernel, padding: kernel / 2))
            for map in [maps[0], last] { network.recompute(map) }
            if stride == nil { return network.normalizeAddRectify(last, normalization: name + ".norm2", addend: input) }
            return network.normalizeAddRectify(
                last, normalization: name + ".norm2", addend: maps[1], addendNormalization: name + ".norm0")
        }

        func residual(
            _ input: FeatureMap, _ name: String, projects: Bool, stride: Int, _ network: inout NetworkBuilder
        ) -> FeatureMap {
            let outputs = projects ? 2 * input.channels : input.channels
            var filters = [Filter(name + ".conv1", outputs: 16, kernel: 1)]
            if projects {
                filters.append(Filter(name + ".conv0", outputs: outputs, kernel: 1, stride: stride, bias: true))
            }
            let maps = network.normalizeRectifyConvolve(input, normalization: name + ".norm1", filters)
            return network.normalizeRectifyConvolve(
                [maps[0]], normalization: name + ".norm2",
                Filter(name + ".conv2", outputs: outputs, kernel: 3, stride: stride, padding: 1, bias: true),
                addedTo: projects ? maps[1] : input)
        }
    }

    static let count = 5

    /// A network on 3 × 10 × 10 images. Its shifts keep most ReLU inputs away from zero, because a sign change would alter a
    /// gradient by its full value.
    static func network(_ layers: Layers, threads: Int, precision: Precision = .float32) throws -> Network {
        let network = try Network(
            images: ImageShape(channels: 3, height: 10, width: 10), batch: Self.count, threads: ThreadCount(threads),
            trains: true, precision: precision, build: layers.build)
        try network.initialize(seed: 3)
        var random = CounterRandom(seed: 4)
        try network.load(
            network.state().map { tensor in
                guard tensor.name.hasSuffix("bias"), tensor.name != "classifier.bias" else { return tensor }
                let values = tensor.values.map { _ in random.uniform() < 0.8 ? Float(2.5) : -2.5 }
                return NamedTensor(name: tensor.name, shape: tensor.shape, values: values)
            })
        return network
    }

    @Test(arguments: Layers.allCases)
    func gradients(_ layers: Layers) throws {
        var random = CounterRandom(seed: 1)
        let images = (0..<Self.count * 300).map { _ in Float(random.normal()) }
        let targets = (0..<Self.count).flatMap { _ in [0.1, 0.2, 0.3, 0.4] as [Float] }
        let dropout = Dropout(rate: 0.25, random: CounterRandom(seed: 9))
        let network = try Self.network(layers, threads: 2)
        func loss() throws -> Double {
            try network.accumulateGradients(images: images, targets: targets, count: Self.count, dropout: dropout)
        }
        _ = try loss()
        let state = try network.state()
        for gradient in try network.state(.gradients) {
            // Random signs on a few entries: a gradient that misses any of them fails.
            var direction = [Int: Float]()
            while direction.count < min(12, gradient.values.count) {
                direction[random.index(below: gradient.values.count)] = random.uniform() < 0.5 ? 1 : -1
            }
            let expected = direction.reduce(0.0) { $0 + Double($1.value) * Double(gradient.values[$1.key]) }
            let size = direction.keys.reduce(0.0) { $0 + abs(Double(gradient.values[$1])) }
            // The loss has rounding error 1e-7, so the slope has 2e-5. A longer step would cross maxima and ReLU kinks.
            let step: Float = 0.003
            func moved(_ sign: Float) throws -> Double {
                try network.load(
                    state.map { tensor in
                        var tensor = tensor
                        if tensor.name == gradient.name {
                            for (index, way) in direction { tensor.values[index] += sign * step * way }
                        }
                        return tensor
                    })
                return try loss()
            }
            let slope = try (moved(1) - moved(-1)) / (2 * Double(step))
            #expect(abs(slope - expected) < 0.02 * size + 6e-5, "\(gradient.name): \(slope), gradient \(expected)")
        }
    }

    @Test(arguments: [
        Layers.concatenation, .projection, .identity, .subsampling, .biasedPool, .largeHead, .tinyMaps,
        .rectifiedIdentity, .rectifiedProjection, .rectifiedTinyMaps, .groups, .partsOfBlocks, .paddedShortcut,
    ])
    func tilesAndThreadsDoNotMatter(_ layers: Layers) throws {
        var random = CounterRandom(seed: 1)
        let images = (0..<Self.count * 300).map { _ in Float(random.normal()) }
        let targets = (0..<Self.count).flatMap { _ in [0.1, 0.2, 0.3, 0.4] as [Float] }
        let expected = try Self.network(layers, threads: 1)
        let loss = try expected.accumulateGradients(images: images, targets: targets, count: Self.count)
        for threads in [2, 3, 4] {
            let network = try Self.network(layers, threads: threads)
            // Fill the whole batch first, so that the memory of missing images holds stale values.
            _ = try network.accumulateGradients(images: images, targets: targets, count: Self.count)
            #expect(
                abs(try network.accumulateGradients(images: images, targets: targets, count: Self.count) - loss) < 1e-6)
            for (found, gradient) in zip(try network.state(.gradients), try expected.state(.gradients)) {
                let largest = gradient.values.map(abs).max()!
                let gap = zip(found.values, gradient.values).map { abs($0 - $1) }.max()!
                // Allows for another order of summation; a network's gradients are near 1.
                #expect(gap <= 1e-4 * largest + 1e-7, "\(gradient.name) with \(threads) threads")
            }
        }
    }

    @Test func aBatchOfOneAndThenAFullOne() throws {
        let network = try Self.network(.concatenation, threads: 2)
        let image = (0..<Self.count * 300).map { Float($0 % 7) }
        let one = try network.accumulateGradients(images: image, targets: [1, 0, 0, 0], count: 1)
        #expect(one.isFinite)
        let gradients = try network.state(.gradients)
        _ = try network.accumulateGradients(
            images: image, targets: (0..<Self.count).flatMap { _ in [1, 0, 0, 0] as [Float] }, count: Self.count)
        _ = try network.accumulateGradients(images: image, targets: [1, 0, 0, 0], count: 1)
        #expect(try network.state(.gradients) == gradients)
    }

    /// A network for evaluation, which reuses the addends' memory for sums, matches one planned for training.
    @Test(arguments: Layers.allCases)
    func evaluationAlone(_ layers: Layers) throws {
        let trained = try Self.network(layers, threads: 2)
        let alone = try Network(
            images: ImageShape(channels: 3, height: 10, width: 10), batch: Self.count, threads: ThreadCount(1),
            trains: false, build: layers.build)
        try alone.load(trained.state())
        let images = (0..<Self.count * 300).map { Float($0 % 17) / 9 - 1 }
        let expected = try trained.evaluate(images: images, count: Self.count)
        let found = try alone.evaluate(images: images, count: Self.count)
        for (a, b) in zip(found.features + found.logits, expected.features + expected.logits) {
            #expect(abs(a - b) < 1e-5 * max(1, abs(b)))
        }
    }

    @Test func notANumberReachesTheLoss() throws {
        let network = try Self.network(.convolution, threads: 2)
        var images = [Float](repeating: 0.5, count: Self.count * 300)
        images[7] = .nan
        let targets = (0..<Self.count).flatMap { _ in [1, 0, 0, 0] as [Float] }
        #expect(try network.accumulateGradients(images: images, targets: targets, count: Self.count).isNaN)
    }

    @Test func aForeignStateIsRefused() throws {
        let network = try Self.network(.stem, threads: 1)
        var tensors = try network.state()
        let before = tensors
        let first = tensors.removeFirst()
        #expect(throws: NetworkStateError.missing(name: "stem.weight")) { try network.load(tensors) }
        let wrong = NamedTensor(name: first.name, shape: [first.values.count], values: first.values)
        #expect(
            throws: NetworkStateError.wrongShape(
                name: "stem.weight", found: [first.values.count], expected: [16, 3, 3, 3])
        ) { try network.load(tensors + [wrong]) }
        var bad = first
        bad.values[2] = .infinity
        #expect(throws: NetworkStateError.notFinite(name: "stem.weight", index: 2)) {
            try network.load(tensors + [bad])
        }
        #expect(try network.state() == before)
    }
}
