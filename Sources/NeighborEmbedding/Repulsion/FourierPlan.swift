import CKernels
import Foundation
import Numerics

/// Fourier transforms of one length, in single precision, eight at a time: of complex columns, and of real rows of twice the
/// length. One object serves any number of threads at once.
///
/// A block is `length` times eight real parts and then eight imaginary ones.
final class FourierPlan {
    /// Transforms in a block.
    static let lanes = 8

    /// Complex numbers of a column.
    let length: Int
    private let handle: OpaquePointer
    private let kernels: KernelPath

    /// - Parameter length: 4 times a product of 2, 3 and 5 above 1.
    /// - Throws: `TSNEError.noTransformPlan` where there is no memory for it, or the length is another.
    init(length: Int, kernels: KernelPath) throws(TSNEError) {
        guard let handle = penumbra_fourier_plan_create(Int64(length)) else { throw .noTransformPlan(length: length) }
        (self.length, self.handle, self.kernels) = (length, handle, kernels)
    }

    deinit { penumbra_fourier_plan_destroy(handle) }

    /// The floats of scratch memory that the other functions need for this length.
    static func scratchCount(length: Int) -> Int { Int(penumbra_fourier_scratch(Int64(length))) }

    /// The spectra of a block, in its place.
    func forward(block: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>) {
        if let code = kernels.code { return penumbra_fourier_forward(code, handle, block, scratch) }
        for lane in 0..<Self.lanes {
            let values = (0..<length).map { SIMD2(Double(block[16 * $0 + lane]), Double(block[16 * $0 + 8 + lane])) }
            for (k, value) in PlainFourier.spectrum(of: values).enumerated() {
                (block[16 * k + lane], block[16 * k + 8 + lane]) = (Float(value.x), Float(value.y))
            }
        }
    }

    /// Transforms eight columns of complex numbers, multiplies them by real factors, and transforms them back, times the
    /// length.
    ///
    /// - Parameters:
    ///   - column: the first number of the first row.
    ///   - stride: floats from row to row.
    ///   - rows: those from here on, at most half of the length, are taken for zero and not written.
    ///   - factors: for each of the frequencies 0 to `length` / 2 one for each column.
    func convolve(
        column: UnsafeMutablePointer<Float>, stride: Int, rows: Int, factors: UnsafePointer<Float>,
        scratch: UnsafeMutablePointer<Float>
    ) {
        if let code = kernels.code {
            return penumbra_fourier_convolve(code, handle, column, Int64(stride), Int64(rows), factors, scratch)
        }
        for lane in 0..<Self.lanes {
            var values = [SIMD2<Double>](repeating: .zero, count: length)
            for row in 0..<rows {
                let number = column + row * stride + 2 * lane
                values[row] = SIMD2(Double(number[0]), Double(number[1]))
            }
            values = PlainFourier.spectrum(of: values)
            for k in 0..<length { values[k] *= Double(factors[8 * min(k, length - k) + lane]) }
            values = PlainFourier.inverse(of: values)
            for row in 0..<rows {
                let number = column + row * stride + 2 * lane
                (number[0], number[1]) = (Float(values[row].x), Float(values[row].y))
            }
        }
    }

    /// Replaces rows of 2 `length` real numbers by half their spectra: `length` + 1 complex numbers, and 6 zeros.
    ///
    /// - Parameters:
    ///   - count: 1 to 8 rows, `stride` floats apart.
    ///   - isHalf: whether the upper half of each row is taken for zero.
    func forward(
        realRows rows: UnsafeMutablePointer<Float>, stride: Int, count: Int, isHalf: Bool,
        scratch: UnsafeMutablePointer<Float>
    ) {
        if let code = kernels.code {
            return penumbra_fourier_real_forward(
                code, handle, rows, Int64(stride), Int32(count), isHalf ? 1 : 0, scratch)
        }
        for row in 0..<count {
            let numbers = rows + row * stride
            let values = (0..<2 * length).map { SIMD2(isHalf && $0 >= length ? 0 : Double(numbers[$0]), 0) }
            for (k, value) in PlainFourier.spectrum(of: values).prefix(length + 1).enumerated() {
                (numbers[2 * k], numbers[2 * k + 1]) = (Float(value.x), Float(value.y))
            }
        }
    }

    /// Replaces half a spectrum in each of `count` rows by the first half of the real row that has it, times 2 `length`.
    func inverse(
        realRows rows: UnsafeMutablePointer<Float>, stride: Int, count: Int, scratch: UnsafeMutablePointer<Float>
    ) {
        if let code = kernels.code {
            return penumbra_fourier_real_inverse(code, handle, rows, Int64(stride), Int32(count), scratch)
        }
        for row in 0..<count {
            let numbers = rows + row * stride
            let values = (0..<2 * length).map { k in
                let its = min(k, 2 * length - k)
                return SIMD2(Double(numbers[2 * its]), Double(numbers[2 * its + 1]) * (k > length ? -1 : 1))
            }
            for (place, value) in PlainFourier.inverse(of: values).prefix(length).enumerated() {
                numbers[place] = Float(value.x)
            }
        }
    }
}

/// Fourier transforms written plainly, in double precision: the oracle of the fast ones.
enum PlainFourier {
    /// Σ xⱼ exp(-2πi jk / n).
    static func spectrum(of values: [SIMD2<Double>]) -> [SIMD2<Double>] {
        let count = values.count
        guard let factor = (2...5).first(where: { count % $0 == 0 }) else { return direct(values) }
        let parts = (0..<factor).map { offset in
            spectrum(of: stride(from: offset, to: count, by: factor).map { values[$0] })
        }
        return (0..<count).map { k in
            (0..<factor).reduce(SIMD2<Double>.zero) { sum, part in
                sum + product(parts[part][k % (count / factor)], root(part * k, count))
            }
        }
    }

    /// Σ xⱼ exp(2πi jk / n).
    static func inverse(of values: [SIMD2<Double>]) -> [SIMD2<Double>] {
        spectrum(of: values.map { SIMD2($0.y, $0.x) }).map { SIMD2($0.y, $0.x) }
    }

    private static func direct(_ values: [SIMD2<Double>]) -> [SIMD2<Double>] {
        values.indices.map { k in
            values.indices.reduce(SIMD2<Double>.zero) { $0 + product(values[$1], root($1 * k, values.count)) }
        }
    }

    private static func root(_ power: Int, _ count: Int) -> SIMD2<Double> {
        let angle = -2 * Double.pi * Double(power % count) / Double(count)
        return SIMD2(cos(angle), sin(angle))
    }

    private static func product(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> SIMD2<Double> {
        SIMD2(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x)
    }
}
