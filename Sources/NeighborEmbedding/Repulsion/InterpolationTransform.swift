import CFFTW
import Numerics
import Foundation

/// Fourier transforms of one length, in place and in single precision: of real rows and of complex columns.
///
/// The plans are FFTW's estimates. Its measured plans are up to twice as fast, but which one wins depends on the
/// clock, and with it the last bits of every layout. One object serves any number of threads at once.
final class InterpolationTransform {
    /// The number of values of a row or column.
    let length: Int
    private let plan: fftwf_plan
    private let inversePlan: fftwf_plan

    /// What a row or column holds.
    enum Kind {
        /// `length` real numbers, or half of their spectrum: `length` / 2 + 1 complex numbers.
        case real
        /// `length` complex numbers, before and after.
        case complex
    }

    /// FFTW plans on one thread at a time.
    private static let planner = NSLock()

    /// - Parameters:
    ///   - length: a multiple of 8, so that columns after each other begin at multiples of 64 bytes as the plans expect.
    ///   - flags: FFTW's, of how to plan.
    /// - Throws: `TSNEError.noTransformPlan` where FFTW makes no plan, which it has memory for otherwise.
    init(_ kind: Kind, length: Int, flags: UInt32 = UInt32(FFTW_ESTIMATE)) throws(TSNEError) {
        precondition(length > 0 && length % 8 == 0, "a transform has a multiple of 8 values")
        let memory = AlignedBuffer<Float>(count: 2 * length + 2)
        let count = Int32(length)
        let plans: (fftwf_plan?, fftwf_plan?) = memory.withBase { real in
            let complex = Self.complex(real)
            return Self.planner.withLock {
                switch kind {
                case .real:
                    (
                        fftwf_plan_dft_r2c_1d(count, real, complex, flags),
                        fftwf_plan_dft_c2r_1d(count, complex, real, flags)
                    )
                case .complex:
                    (
                        fftwf_plan_dft_1d(count, complex, complex, FFTW_FORWARD, flags),
                        fftwf_plan_dft_1d(count, complex, complex, FFTW_BACKWARD, flags)
                    )
                }
            }
        }
        guard let forward = plans.0, let inverse = plans.1 else {
            Self.planner.withLock {
                if let plan = plans.0 ?? plans.1 { fftwf_destroy_plan(plan) }
            }
            throw .noTransformPlan(length: length)
        }
        self.length = length
        (plan, inversePlan) = (forward, inverse)
    }

    deinit {
        Self.planner.withLock {
            fftwf_destroy_plan(plan)
            fftwf_destroy_plan(inversePlan)
        }
    }

    /// The spectrum of a real row, in its place.
    func forward(realRow row: UnsafeMutablePointer<Float>) { fftwf_execute_dft_r2c(plan, row, Self.complex(row)) }

    /// `length` times the real row that has this spectrum, in its place.
    func inverse(realRow row: UnsafeMutablePointer<Float>) {
        fftwf_execute_dft_c2r(inversePlan, Self.complex(row), row)
    }

    /// The spectrum of a complex column, in its place.
    func forward(column: UnsafeMutablePointer<Float>) {
        fftwf_execute_dft(plan, Self.complex(column), Self.complex(column))
    }

    /// `length` times the complex column that has this spectrum, in its place.
    func inverse(column: UnsafeMutablePointer<Float>) {
        fftwf_execute_dft(inversePlan, Self.complex(column), Self.complex(column))
    }

    private static func complex(_ pointer: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<fftwf_complex> {
        UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: fftwf_complex.self)
    }
}
