import Foundation
import Numerics
import Testing

@testable import NeighborEmbedding

/// Fast transforms against plain ones in double precision, on every available instruction set.
@Suite struct FourierTests {
    /// Every radix alone and combined, one and several passes of 4, and the shortest lengths.
    static let lengths = [8, 12, 16, 20, 24, 32, 40, 48, 60, 64, 80, 96, 240, 384, 640, 1024]

    private func noise(_ count: Int, seed: UInt64) -> [Float] {
        var random = CounterRandom(seed: seed)
        return (0..<count).map { _ in Float.random(in: -0.5..<0.5, using: &random) }
    }

    /// A transform sums `length` values in log₂ steps with one rounding each, so the root-mean-square error grows with the root
    /// of the number of steps. A factor of 8 covers the maximum.
    private func tolerance(_ length: Int) -> Double {
        8 * Double(Float.ulpOfOne) * Double(length).squareRoot() * log2(Double(length)).squareRoot()
    }

    @Test(arguments: lengths) func spectra(length: Int) throws {
        let numbers = noise(16 * length, seed: UInt64(length))
        let scratch = AlignedBuffer<Float>(count: FourierPlan.scratchCount(length: length))
        for path in KernelPath.available {
            let block = AlignedBuffer<Float>(count: 16 * length)
            for i in numbers.indices { block[i] = numbers[i] }
            try FourierPlan(length: length, kernels: path).forward(block: block.base, scratch: scratch.base)
            for lane in 0..<8 {
                let values = (0..<length).map {
                    SIMD2(Double(numbers[16 * $0 + lane]), Double(numbers[16 * $0 + 8 + lane]))
                }
                for (k, value) in PlainFourier(length: values.count).spectrum(of: values).enumerated() {
                    #expect(abs(Double(block[16 * k + lane]) - value.x) <= tolerance(length))
                    #expect(abs(Double(block[16 * k + 8 + lane]) - value.y) <= tolerance(length))
                }
            }
        }
    }

    /// Rows beyond half the length and other columns must neither matter nor change.
    @Test(arguments: lengths) func convolutions(length: Int) throws {
        let (stride, rows) = (32, max(1, length / 2 - 1))
        let numbers = noise(stride * length, seed: 3)
        let factors = noise(8 * (length / 2 + 1), seed: 4)
        let plain = PlainFourier(length: length)
        let scratch = AlignedBuffer<Float>(count: FourierPlan.scratchCount(length: length))
        for path in KernelPath.available {
            let grid = AlignedBuffer<Float>(count: stride * length)
            for i in numbers.indices { grid[i] = numbers[i] }
            try FourierPlan(length: length, kernels: path).convolve(
                column: grid.base + 16, stride: stride, rows: rows, factors: factors, scratch: scratch.base)
            for i in numbers.indices where i % stride < 16 || i / stride >= rows { #expect(grid[i] == numbers[i]) }
            for lane in 0..<8 {
                let column = (0..<length).map { row in
                    let place = row * stride + 16 + 2 * lane
                    return row < rows ? SIMD2(Double(numbers[place]), Double(numbers[place + 1])) : .zero
                }
                let spectrum = plain.spectrum(of: column).enumerated().map {
                    $1 * Double(factors[8 * min($0, length - $0) + lane])
                }
                for (row, value) in plain.inverse(of: spectrum).prefix(rows).enumerated() {
                    let place = row * stride + 16 + 2 * lane
                    let limit = tolerance(length) * Double(length).squareRoot()
                    #expect(abs(Double(grid[place]) - value.x) <= limit)
                    #expect(abs(Double(grid[place + 1]) - value.y) <= limit)
                }
            }
        }
    }

    @Test(arguments: lengths) func everyInstructionSetGivesTheSameBytes(length: Int) throws {
        let numbers = noise(16 * length, seed: 8)
        let scratch = AlignedBuffer<Float>(count: FourierPlan.scratchCount(length: length))
        let spectra = try KernelPath.available.map { path in
            let block = AlignedBuffer<Float>(count: 16 * length)
            for i in numbers.indices { block[i] = numbers[i] }
            try FourierPlan(length: length, kernels: path).forward(block: block.base, scratch: scratch.base)
            return block.array
        }
        #expect(spectra.allSatisfy { $0 == spectra[0] })
    }

    /// Checks the oracle itself against the defining sum.
    @Test(arguments: [1, 7, 60]) func thePlainTransformIsTheSum(length: Int) {
        var random = CounterRandom(seed: 2)
        let values = (0..<length).map { _ in SIMD2(random.uniform(), random.uniform()) }
        let plain = PlainFourier(length: length)
        for (k, found) in plain.spectrum(of: values).enumerated() {
            var sum = SIMD2<Double>.zero
            for (j, value) in values.enumerated() {
                let angle = -2 * Double.pi * Double(j * k) / Double(length)
                sum += SIMD2(
                    value.x * cos(angle) - value.y * sin(angle), value.x * sin(angle) + value.y * cos(angle))
            }
            #expect(abs(found.x - sum.x) < 1e-12 && abs(found.y - sum.y) < 1e-12)
        }
        for (found, value) in zip(plain.inverse(of: plain.spectrum(of: values)), values) {
            #expect(abs(found.x / Double(length) - value.x) < 1e-14 && abs(found.y / Double(length) - value.y) < 1e-14)
        }
    }

    @Test(arguments: lengths, [1, 5, 8]) func realRows(length: Int, count: Int) throws {
        let stride = (2 * length + 2 + 15) / 16 * 16
        let numbers = noise(stride * 8, seed: 5)
        let plain = PlainFourier(length: 2 * length)
        let scratch = AlignedBuffer<Float>(count: FourierPlan.scratchCount(length: length))
        for path in KernelPath.available {
            let plan = try FourierPlan(length: length, kernels: path)
            for isHalf in [false, true] {
                let rows = AlignedBuffer<Float>(count: stride * 8)
                for i in numbers.indices { rows[i] = numbers[i] }
                plan.forward(
                    realRows: rows.base, stride: stride, count: count, isHalf: isHalf, scratch: scratch.base)
                for row in 0..<count {
                    let values = (0..<2 * length).map {
                        SIMD2(isHalf && $0 >= length ? 0 : Double(numbers[row * stride + $0]), 0)
                    }
                    for (k, value) in plain.spectrum(of: values).prefix(length + 1).enumerated() {
                        #expect(abs(Double(rows[row * stride + 2 * k]) - value.x) <= tolerance(2 * length))
                        #expect(abs(Double(rows[row * stride + 2 * k + 1]) - value.y) <= tolerance(2 * length))
                    }
                }
                for i in count * stride..<8 * stride { #expect(rows[i] == numbers[i]) }
                plan.inverse(realRows: rows.base, stride: stride, count: count, scratch: scratch.base)
                for row in 0..<count {
                    for place in 0..<length {
                        let (found, expected) = (rows[row * stride + place], numbers[row * stride + place])
                        #expect(
                            abs(Double(found) / Double(2 * length) - Double(expected)) <= tolerance(2 * length))
                    }
                }
            }
        }
    }

    /// A transform's result does not depend on the others computed beside it.
    @Test func lanesAreIndependent() throws {
        let (length, stride) = (96, 208)
        let numbers = noise(stride * 8, seed: 6)
        let scratch = AlignedBuffer<Float>(count: FourierPlan.scratchCount(length: length))
        for path in KernelPath.available {
            let plan = try FourierPlan(length: length, kernels: path)
            let (together, alone) = (AlignedBuffer<Float>(count: stride * 8), AlignedBuffer<Float>(count: stride * 8))
            for i in numbers.indices { (together[i], alone[i]) = (numbers[i], numbers[i]) }
            plan.forward(realRows: together.base, stride: stride, count: 8, isHalf: true, scratch: scratch.base)
            for row in 0..<8 {
                plan.forward(
                    realRows: alone.base + row * stride, stride: stride, count: 1, isHalf: true, scratch: scratch.base)
            }
            #expect(together.array == alone.array)
        }
    }
}
