import Numerics
import Testing

@testable import NeuralNetwork

/// Evaluation with normalisations folded into convolutions, against the same network planned for training, which folds nothing.
@Suite struct FoldedNormalizationTests {
    typealias Layers = FiniteDifferenceTests.Layers

    let count = 5
    let image = ImageShape(channels: 3, height: 10, width: 10)

    func network(_ layers: Layers, trains: Bool) throws -> Network {
        try Network(images: image, batch: count, threads: ThreadCount(1), trains: trains, build: layers.build)
    }

    /// Every term of the folded weight and bias matters: scales of both signs, statistics far from 0 and 1.
    func state(of network: Network) throws -> [NamedTensor] {
        try network.initialize(seed: 3)
        var random = CounterRandom(seed: 4)
        return try network.state().map { tensor in
            var tensor = tensor
            for i in tensor.values.indices {
                if tensor.name.hasSuffix("running_var") {
                    tensor.values[i] = Float(random.uniform(in: 0.2...3))
                } else if tensor.shape.count == 1 {
                    tensor.values[i] = Float(random.normal())
                }
            }
            return tensor
        }
    }

    func images() -> [Float] {
        var random = CounterRandom(seed: 1)
        return (0..<count * image.count).map { _ in Float(random.normal()) }
    }

    @Test(arguments: Layers.allCases)
    func theSameFeatures(_ layers: Layers) throws {
        let plain = try network(layers, trains: true), folded = try network(layers, trains: false)
        try plain.load(state(of: plain))
        try folded.load(plain.state())
        let expected = try plain.evaluate(images: images(), count: count)
        let found = try folded.evaluate(images: images(), count: count)
        let largest = expected.features.map(abs).max()!
        for (a, b) in zip(found.features, expected.features) { #expect(abs(a - b) <= 1e-5 * largest) }
        // The stored state is the loaded one; the folded weights are copies.
        #expect(try folded.state() == plain.state())
    }

    /// Loading other weights must refresh the folded ones.
    @Test func otherWeights() throws {
        let folded = try network(.convolution, trains: false)
        try folded.load(state(of: folded))
        let before = try folded.evaluate(images: images(), count: count).features
        let state = try folded.state()
        for changed in ["stem.weight", "a.norm.weight", "a.norm.bias", "a.norm.running_mean", "a.norm.running_var"] {
            try folded.load(
                state.map { tensor in
                    var tensor = tensor
                    if tensor.name == changed { tensor.values = tensor.values.map { $0 + 0.5 } }
                    return tensor
                })
            #expect(try folded.evaluate(images: images(), count: count).features != before, "\(changed)")
        }
        try folded.load(state)
        #expect(try folded.evaluate(images: images(), count: count).features == before)
    }

    /// A convolution absorbs a normalisation only if that is its sole reader: not for several inputs, not if its output is read
    /// twice, and not after a residual sum.
    @Test(arguments: [
        (Layers.convolution, ["stem", "a.conv"]), (.concatenation, []),
        (.maxPool, ["stem"]), (.biasedPool, []), (.projection, ["stem", "a.conv1"]),
        (.identity, ["a.conv1", "b.conv1"]),
        (.rectifiedIdentity, ["stem", "b.conv1", "b.conv2", "c.conv1", "c.conv2"]),
        (.rectifiedProjection, ["stem", "a.conv1", "a.conv0", "a.conv2", "b.conv1", "b.conv0", "b.conv2"]),
    ])
    func whatIsFolded(_ layers: Layers, _ names: [String]) throws {
        func folded(_ network: Network) -> [String] {
            network.layers.flatMap(\.convolutions).filter(\.isFolded).map(\.name)
        }
        #expect(try folded(network(layers, trains: false)) == names)
        #expect(try folded(network(layers, trains: true)) == [])
    }

    @Test func aSampleStandsAlone() throws {
        for layers in [Layers.convolution, .projection, .tinyMaps, .rectifiedIdentity, .rectifiedTinyMaps] {
            let folded = try network(layers, trains: false)
            try folded.load(state(of: folded))
            let images = images()
            let whole = try folded.evaluate(images: images, count: count)
            for sample in 0..<count {
                let one = Array(images[sample * image.count..<(sample + 1) * image.count])
                let found = try folded.evaluate(images: one, count: 1)
                let width = whole.features.count / count
                #expect(found.features == Array(whole.features[sample * width..<(sample + 1) * width]))
            }
        }
    }
}
