import Numerics
import Testing

@testable import NeuralNetwork

/// The C kernels against the plain Swift ones, on odd shapes, for both lane counts.
@Suite struct BlockedKernelsTests {
    struct Case: CustomTestStringConvertible {
        let lanes: Int
        let height: Int
        let width: Int
        let path: KernelPath
        var testDescription: String { "\(lanes) lanes, \(height) × \(width), \(path)" }
        static let all = compiled.flatMap { path in
            [8, 16].flatMap { lanes in
                [(1, 1), (2, 2), (3, 5), (7, 7), (16, 11), (20, 20)].map {
                    Case(lanes: lanes, height: $0.0, width: $0.1, path: path)
                }
            }
        }
    }

    /// The kernels in C.
    static let compiled = KernelPath.available.filter { $0 != .swift }

    let images = 3

    func buffer(_ count: Int, _ stream: UInt64, mean: Double = 0) -> AlignedBuffer<Float> {
        let buffer = AlignedBuffer<Float>(count: count)
        var random = CounterRandom(seed: 5, stream)
        for i in 0..<count { buffer.base[i] = Float(mean + random.normal()) }
        return buffer
    }

    /// The largest difference of two buffers, relative to the largest element.
    func gap(_ a: AlignedBuffer<Float>, _ b: AlignedBuffer<Float>) -> Float {
        guard a.elements.allSatisfy(\.isFinite), b.elements.allSatisfy(\.isFinite) else { return .infinity }
        let largest = a.elements.map(abs).max() ?? 1
        return zip(a.elements, b.elements).map { abs($0 - $1) }.max()! / max(largest, .leastNormalMagnitude)
    }

    func both(_ lanes: Int, _ path: KernelPath) -> (fast: BlockedKernels, plain: BlockedKernels) {
        (BlockedKernels(lanes: lanes, path: path), BlockedKernels(lanes: lanes, path: .swift))
    }

    @Test(arguments: Case.all)
    func normalization(_ shape: Case) {
        let map = FeatureMap(channels: 2 * shape.lanes, height: shape.height, width: shape.width)
        let (fast, plain) = both(shape.lanes, shape.path)
        // The map lies inside a wider concatenation, with gaps between its rows.
        let row = (shape.width + 1) * shape.lanes
        let layout = TileLayout(
            image: 3 * shape.height * row, block: shape.height * row + shape.lanes, row: row, run: shape.width)
        let stride = layout.image
        let x = buffer(images * map.imageCount, 1, mean: 3), d = buffer(images * stride, 2)
        let scale = buffer(map.channels, 3), shift = buffer(map.channels, 4), mean = buffer(map.channels, 5)
        let outputs = [AlignedBuffer<Float>(count: images * stride), AlignedBuffer<Float>(count: images * stride)]
        for (kernels, output) in zip([fast, plain], outputs) {
            kernels.scaleShiftRectify(
                x.base, of: map, images: images, into: output.base, layout, scale: scale.base,
                shift: shift.base)
        }
        // The C version may fuse the multiplication with the addition, which saves one rounding.
        #expect(gap(outputs[0], outputs[1]) < 4 * Float.ulpOfOne)

        for accumulate in [false, true] {
            let gradients = [buffer(images * map.imageCount, 6), buffer(images * map.imageCount, 6)]
            var sums = [[Double]](repeating: Array(repeating: 1, count: 2 * map.channels), count: 2)
            for (index, kernels) in [fast, plain].enumerated() {
                sums[index].withUnsafeMutableBufferPointer {
                    kernels.scaleShiftRectifyBackward(
                        x.base, of: map, images: images, gradient: d.base, layout,
                        into: gradients[index].base, accumulate: accumulate, scale: scale.base,
                        shift: shift.base, mean: mean.base, sums: $0.baseAddress!,
                        products: $0.baseAddress! + map.channels)
                }
            }
            #expect(gap(gradients[0], gradients[1]) < 4 * Float.ulpOfOne)
            // Float sums of up to 400 values near 10.
            let largest = zip(sums[0], sums[1]).map { abs($0 - $1) }.max()!
            #expect(largest < 400 * 10 * 3 * Double(Float.ulpOfOne))
        }
    }

    @Test(arguments: Case.all)
    func moments(_ shape: Case) {
        let map = FeatureMap(channels: 2 * shape.lanes, height: shape.height, width: shape.width)
        let (fast, plain) = both(shape.lanes, shape.path)
        // The mean is a thousand deviations: subtracting the squared sum from a sum of squares would lose all digits.
        let x = buffer(images * map.imageCount, 7, mean: 1000)
        var mean = [[Double]](repeating: Array(repeating: 0, count: map.channels), count: 2), deviations = mean
        for (index, kernels) in [fast, plain].enumerated() {
            mean[index].withUnsafeMutableBufferPointer { mean in
                deviations[index].withUnsafeMutableBufferPointer { deviations in
                    kernels.moments(
                        x.base, of: map, images: images, mean: mean.baseAddress!, deviations: deviations.baseAddress!)
                }
            }
        }
        for c in 0..<map.channels {
            #expect(abs(mean[0][c] - mean[1][c]) < 1e-5)
            #expect(abs(deviations[0][c] - deviations[1][c]) <= 1e-5 * deviations[1][c] + 1e-9)
        }
    }

    @Test(arguments: Case.all)
    func correction(_ shape: Case) {
        let map = FeatureMap(channels: 2 * shape.lanes, height: shape.height, width: shape.width)
        let (fast, plain) = both(shape.lanes, shape.path)
        let x = buffer(images * map.imageCount, 8), a = buffer(map.channels, 9), b = buffer(map.channels, 10)
        let gradients = [buffer(images * map.imageCount, 11), buffer(images * map.imageCount, 11)]
        for (kernels, gradient) in zip([fast, plain], gradients) {
            kernels.addAffine(
                x.base, to: gradient.base, of: map, images: images, constant: a.base, slope: b.base)
        }
        #expect(gap(gradients[0], gradients[1]) < 4 * Float.ulpOfOne)
    }

    @Test(arguments: Case.all)
    func rectifiedSum(_ shape: Case) {
        let map = FeatureMap(channels: 2 * shape.lanes, height: shape.height, width: shape.width)
        let (fast, plain) = both(shape.lanes, shape.path)
        let count = images * map.imageCount
        let x = buffer(count, 16), z = buffer(count, 17)
        let scale = buffer(map.channels, 18), shift = buffer(map.channels, 19), other = buffer(map.channels, 20)
        let outputs = [AlignedBuffer<Float>(count: count), AlignedBuffer<Float>(count: count)]
        for (kernels, output) in zip([fast, plain], outputs) {
            kernels.addRectify(
                x.base, z.base, into: output.base, of: map, images: images, scale: scale.base, shift: shift.base,
                addendScale: other.base)
        }
        // Two multiplications and two additions, which the C version may fuse in pairs.
        #expect(gap(outputs[0], outputs[1]) < 8 * Float.ulpOfOne)
        let gradients = [buffer(count, 21), buffer(count, 21)]
        for (kernels, gradient) in zip([fast, plain], gradients) {
            kernels.rectifyBackward(outputs[1].base, gradient.base, count: count)
        }
        #expect(gradients[0].elements.elementsEqual(gradients[1].elements))
        #expect(gradients[0].elements.contains(0) && gradients[0].elements.contains { $0 != 0 })
    }

    @Test(arguments: Case.all)
    func pooling(_ shape: Case) {
        let (fast, plain) = both(shape.lanes, shape.path)
        let planes = 5, count = planes * shape.height * shape.width * shape.lanes
        let x = buffer(count, 12), dy = buffer(count, 13)
        // Tied maxima: the gradient must go only to the first.
        for i in stride(from: 0, to: count, by: 3) { x.base[i] = 0 }
        typealias Pass = (BlockedKernels, UnsafeMutablePointer<Float>) -> Void
        let (h, w) = (shape.height, shape.width)
        let passes: [Pass] = [
            { $0.averagePool(x.base, into: $1, planes: planes, height: h, width: w) },
            { $0.averagePoolBackward(dy.base, into: $1, planes: planes, height: h, width: w) },
            { $0.maxPool(x.base, into: $1, planes: planes, height: h, width: w, border: .empty) },
            { $0.maxPoolBackward(x.base, dy.base, into: $1, planes: planes, height: h, width: w, border: .empty) },
            { $0.maxPool(x.base, into: $1, planes: planes, height: h, width: w, border: .zeros) },
            { $0.maxPoolBackward(x.base, dy.base, into: $1, planes: planes, height: h, width: w, border: .zeros) },
            { $0.subsample(x.base, into: $1, planes: planes, height: h, width: w) },
            { $0.subsampleBackward(dy.base, into: $1, planes: planes, height: h, width: w) },
            { $0.globalAverage(x.base, into: $1, planes: planes, positions: h * w) },
            { $0.globalAverageBackward(dy.base, into: $1, planes: planes, positions: h * w) },
        ]
        for (index, pass) in passes.enumerated() {
            // A pass must overwrite its output; whatever it leaves alone keeps the sentinel in both versions.
            let outputs = [AlignedBuffer<Float>(count: count), AlignedBuffer<Float>(count: count)]
            for output in outputs { output.base.update(repeating: 77, count: count) }
            pass(fast, outputs[0].base)
            pass(plain, outputs[1].base)
            #expect(gap(outputs[1], outputs[0]) < Float(h * w) * Float.ulpOfOne, "pass \(index)")
        }
    }

    @Test(arguments: [8, 16], KernelPath.available)
    func notANumberStaysOne(lanes: Int, path: KernelPath) {
        let map = FeatureMap(channels: lanes, height: 5, width: 5)
        let kernels = BlockedKernels(lanes: lanes, path: path)
        for position in 0..<25 {
            let x = buffer(map.imageCount, 1), y = AlignedBuffer<Float>(count: map.imageCount)
            let ones = buffer(lanes, 2)
            x.base[position * lanes + 3] = .nan
            kernels.scaleShiftRectify(
                x.base, of: map, images: 1, into: y.base, .separate(channels: lanes, positions: 25, lanes: lanes),
                scale: ones.base, shift: ones.base)
            #expect(y.base[position * lanes + 3].isNaN)
            kernels.maxPool(x.base, into: y.base, planes: 1, height: 5, width: 5, border: .zeros)
            #expect((0..<9).contains { y.base[$0 * lanes + 3].isNaN })
        }
    }

    @Test(arguments: KernelPath.available) func gradientDescent(path: KernelPath) {
        let count = 1000
        let value = buffer(count, 1), gradient = buffer(count, 2), velocity = buffer(count, 3)
        let expected = (0..<count).map { i -> (Float, Float) in
            let v = 0.9 * velocity.base[i] + gradient.base[i]
            return (value.base[i] - 0.02 * v - 5e-4 * value.base[i], v)
        }
        ParameterKernels(path).descendDecoupled(
            value.base, gradient: gradient.base, velocity: velocity.base, count: count, rate: 0.02,
            momentum: 0.9, decay: 5e-4)
        for (i, (v, speed)) in expected.enumerated() {
            // Two roundings, fused or not, of values below 8.
            #expect(abs(value.base[i] - v) < 8 * 2 * Float.ulpOfOne)
            #expect(abs(velocity.base[i] - speed) < 8 * 2 * Float.ulpOfOne)
        }
        let sum = buffer(count, 4), before = Array(sum.elements)
        ParameterKernels(path).add(gradient.base, to: sum.base, count: count)
        #expect((0..<count).allSatisfy { sum.base[$0] == before[$0] + gradient.base[$0] })
    }
}
