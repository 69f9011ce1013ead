import CKernels
import Numerics

/// Fourier transforms of one length, in single precision, eight at a time: of complex columns, and of real rows of twice the
/// length. One object serves any number of threads concurrently. All kernels give the same bytes.
///
/// A block is `length` times eight real parts followed by eight imaginary parts.
final class FourierPlan {
    /// The number of transforms in a block.
    static let lanes = 8

    /// The number of complex values in a column.
    let length: Int
    private let handle: OpaquePointer
    /// The plain Swift kernels use the transforms of the baseline instruction set.
    private let code: Int32

    /// - Parameter length: 4 times a product of 2, 3 and 5 above 1.
    /// - Throws: `TSNEError.noTransformPlan` if there is not enough memory or the length is not supported.
    init(length: Int, kernels: KernelPath) throws(TSNEError) {
        guard let handle = penumbra_fourier_plan_create(Int64(length)) else { throw .noTransformPlan(length: length) }
        (self.length, self.handle) = (length, handle)
        code = kernels.code ?? Int32(penumbra_path_baseline.rawValue)
    }

    deinit { penumbra_fourier_plan_destroy(handle) }

    /// The number of floats of scratch memory that the other functions need for this length.
    static func scratchCount(length: Int) -> Int { Int(penumbra_fourier_scratch(Int64(length))) }

    /// Replaces a block by its spectra.
    func forward(block: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>) {
        penumbra_fourier_forward(code, handle, block, scratch)
    }

    /// Transforms eight columns of complex numbers, multiplies them by real factors, and transforms them back, scaled by the
    /// length.
    ///
    /// - Parameters:
    ///   - column: the first number of the first row.
    ///   - stride: the number of floats from one row to the next.
    ///   - rows: rows from this one on, at most half of the length, are taken to be zero and not written.
    ///   - factors: for each of the frequencies 0 to `length` / 2, one factor per column.
    func convolve(
        column: UnsafeMutablePointer<Float>, stride: Int, rows: Int, factors: UnsafePointer<Float>,
        scratch: UnsafeMutablePointer<Float>
    ) {
        penumbra_fourier_convolve(code, handle, column, Int64(stride), Int64(rows), factors, scratch)
    }

    /// Replaces rows of 2 `length` real numbers by half their spectra: `length` + 1 complex numbers, and 6 zeros.
    ///
    /// - Parameters:
    ///   - count: 1 to 8 rows, `stride` floats apart.
    ///   - isHalf: whether the upper half of each row is taken to be zero.
    func forward(
        realRows rows: UnsafeMutablePointer<Float>, stride: Int, count: Int, isHalf: Bool,
        scratch: UnsafeMutablePointer<Float>
    ) {
        penumbra_fourier_real_forward(code, handle, rows, Int64(stride), Int32(count), isHalf ? 1 : 0, scratch)
    }

    /// Replaces half a spectrum in each of `count` rows by the first half of the corresponding real row, scaled by 2 `length`.
    func inverse(
        realRows rows: UnsafeMutablePointer<Float>, stride: Int, count: Int, scratch: UnsafeMutablePointer<Float>
    ) {
        penumbra_fourier_real_inverse(code, handle, rows, Int64(stride), Int32(count), scratch)
    }
}
