import Numerics
import Testing

@testable import NeuralNetwork

/// Rounding to bf16, and networks in bf16 against the same ones in float32.
@Suite struct BFloat16Tests {
    static let isSupported = (try? Precision.bf16.check()) != nil

    /// Zeros, subnormals, ties, the largest finite values, infinities, NaN, and random bits.
    static let numbers: [Float] = {
        var random = CounterRandom(seed: 1)
        let bits: [UInt32] = [
            0, 0x8000_0000, 1, 0x8001, 0x3F80_8000, 0x3F80_7FFF, 0x3F80_8001, 0x3F81_8000, 0xBF81_8000, 0x7F7F_FFFF,
            0x7F7F_7FFF, 0x7F80_0000, 0xFF80_0000, 0x7FC0_0000, 0xFFC0_0000, 0x7F80_0001, 0x7FFF_FFFF, 0xFFFF_FFFF,
        ]
        return (bits + (0..<4000).map { _ in UInt32(truncatingIfNeeded: random.next()) }).map(Float.init(bitPattern:))
    }()

    func value(_ bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }

    /// Rounds to the nearest bf16 value, ties to even.
    @Test func nearest() {
        for x in Self.numbers where x.isFinite {
            let found = BFloat16.bits(x)
            let below = UInt16(x.bitPattern >> 16), above = below + 1
            // Above the largest finite value comes infinity; treat it as one more step of the same size.
            let (low, high) = (Double(value(below)), Double(value(below)) + step(above: below))
            let (toLow, toHigh) = (abs(Double(x) - low), abs(high - Double(x)))
            let expected = toLow < toHigh ? below : toHigh < toLow ? above : below % 2 == 0 ? below : above
            #expect(found == expected, "\(x)")
        }
        for x in Self.numbers where x.isNaN { #expect(value(BFloat16.bits(x)).isNaN) }
        for x in [Float.infinity, -.infinity] { #expect(value(BFloat16.bits(x)) == x) }
    }

    private func step(above bits: UInt16) -> Double {
        let next = value(bits + 1)
        if next.isFinite { return Double(next) - Double(value(bits)) }
        return Double(value(bits)) - Double(value(bits - 1))
    }

    @Test(arguments: KernelPath.available) func roundingIsThePlainOne(path: KernelPath) {
        let count = Self.numbers.count
        let x = AlignedBuffer<Float>(count: count), y = AlignedBuffer<UInt16>(count: count)
        x.base.update(from: Self.numbers, count: count)
        ParameterKernels(path).round(x.base, into: y.base, count: count)
        for i in 0..<count { #expect(y.base[i] == BFloat16.bits(Self.numbers[i]), "\(Self.numbers[i].bitPattern)") }
    }

    @Test(arguments: [8, 16], KernelPath.available)
    func normalization(lanes: Int, path: KernelPath) {
        for width in [1, 35] { compareNormalization(lanes: lanes, width: width, path: path) }
    }

    private func compareNormalization(lanes: Int, width: Int, path: KernelPath) {
        let map = FeatureMap(channels: 2 * lanes, height: 3, width: width), images = 3
        let row = (width + 1) * lanes
        let layout = TileLayout(image: 4 * 3 * row, block: 3 * row + lanes, row: row, run: width)
        var random = CounterRandom(seed: 2)
        func buffer(_ count: Int, _ value: (inout CounterRandom) -> Float) -> AlignedBuffer<Float> {
            let buffer = AlignedBuffer<Float>(count: count)
            for i in 0..<count { buffer.base[i] = value(&random) }
            return buffer
        }
        // Products and sums are exact in float32, so fused or not gives the same; they have more bits than bf16, so rounding is
        // tested.
        let x = buffer(images * map.imageCount) { Float($0.index(below: 4096) - 2048) / 256 }
        let scale = buffer(map.channels) { Float($0.index(below: 64) - 32) / 16 }
        let shift = buffer(map.channels) { Float($0.index(below: 64) - 32) / 32 }
        x.base[5] = .nan
        x.base[7 * lanes + 1] = .infinity
        let outputs = (0..<2).map { _ in AlignedBuffer<UInt16>(count: images * layout.image) }
        let kernels = [path, .swift].map { BlockedKernels(lanes: lanes, path: $0) }
        for (kernels, output) in zip(kernels, outputs) {
            kernels.scaleShiftRectify(
                x.base, of: map, images: images, into: output.base, layout, scale: scale.base, shift: shift.base)
        }
        let found = outputs.map(\.array)
        for (a, b) in zip(found[0], found[1]) where !(value(a).isNaN && value(b).isNaN) { #expect(a == b) }
        #expect(found[0].contains { value($0).isNaN })
    }

    func batch() -> (images: [Float], targets: [Float]) {
        var random = CounterRandom(seed: 1)
        return (
            (0..<5 * 300).map { _ in Float(random.normal()) },
            (0..<5).flatMap { $0 % 2 == 0 ? [0.1, 0.2, 0.3, 0.4] : [0.6, 0.3, 0.1, 0] as [Float] }
        )
    }

    func norm(_ a: [Float]) -> Double { a.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot() }

    func gap(_ a: [Float], _ b: [Float]) -> Double { norm(zip(a, b).map { $0 - $1 }) }

    /// The tolerances catch any wrong layout, weight or operand: such an error would be as large as the result itself.
    @Test(.enabled(if: isSupported), arguments: FiniteDifferenceTests.Layers.allCases)
    func gradientsAreNear(_ layers: FiniteDifferenceTests.Layers) throws {
        let exact = try FiniteDifferenceTests.network(layers, threads: 2)
        let rounded = try FiniteDifferenceTests.network(layers, threads: 2, precision: .bf16)
        let (images, targets) = batch()
        let expected = try exact.accumulateGradients(images: images, targets: targets, count: 5)
        #expect(abs(try rounded.accumulateGradients(images: images, targets: targets, count: 5) - expected) < 0.03)
        #expect(try rounded.state().map(\.name) == exact.state().map(\.name))
        let found = try rounded.state(.gradients), wanted = try exact.state(.gradients)
        let whole = norm(wanted.flatMap(\.values))
        #expect(gap(found.flatMap(\.values), wanted.flatMap(\.values)) < 0.1 * whole)
        // A nearly zero gradient is pure rounding, such as that of a shift which the next normalisation cancels.
        for (mine, theirs) in zip(found, wanted) {
            #expect(gap(mine.values, theirs.values) < 0.25 * norm(theirs.values) + 0.01 * whole, "\(mine.name)")
        }
    }

    @Test(.enabled(if: isSupported), arguments: FiniteDifferenceTests.Layers.allCases)
    func foldedEvaluationIsNear(_ layers: FiniteDifferenceTests.Layers) throws {
        let exact = try FiniteDifferenceTests.network(layers, threads: 2)
        let (images, targets) = batch()
        _ = try exact.accumulateGradients(images: images, targets: targets, count: 5)
        let folded = try Network(
            images: ImageShape(channels: 3, height: 10, width: 10), batch: 5, threads: ThreadCount(1), trains: false,
            precision: .bf16, build: layers.build)
        try folded.load(exact.state())
        let expected = try exact.evaluate(images: images, count: 5)
        let found = try folded.evaluate(images: images, count: 5)
        #expect(gap(found.features, expected.features) < 0.02 * norm(expected.features))
        // A sample's results must not depend on the rest of the batch.
        let alone = try folded.evaluate(images: Array(images[600..<900]), count: 1)
        let width = found.features.count / 5
        #expect(alone.features == Array(found.features[2 * width..<3 * width]))
    }

    @Test(.enabled(if: isSupported))
    func theSameStepTwiceAndAfterOtherWeights() throws {
        let (images, targets) = batch()
        let network = try FiniteDifferenceTests.network(.tinyMaps, threads: 2, precision: .bf16)
        let state = try network.state()
        _ = try network.accumulateGradients(images: images, targets: targets, count: 5)
        let first = try network.state(.gradients)
        try network.descend(.sgdw(rate: 0.1, momentum: 0.9, decay: 0))
        _ = try network.accumulateGradients(images: images, targets: targets, count: 5)
        // The bf16 copies must follow the weights.
        #expect(try network.state(.gradients) != first)
        try network.load(state)
        _ = try network.accumulateGradients(images: images, targets: targets, count: 5)
        #expect(try network.state(.gradients) == first)
    }
}
