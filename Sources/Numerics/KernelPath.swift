import CKernels
import Foundation

/// Which version of the inner loops runs, in every module that has some in C.
package enum KernelPath: Equatable, Sendable, CaseIterable {
    /// Plain Swift: the oracle of the tests, and the fallback.
    case swift
    /// C for the instructions that every processor of the architecture has.
    case baseline
    /// C for AVX2 with fused multiply-add.
    case avx2
    /// C for AVX-512.
    case avx512

    /// The number by which the C functions know the version; nil for plain Swift.
    package var code: Int32? {
        switch self {
        case .swift: nil
        case .baseline: Int32(penumbra_path_baseline.rawValue)
        case .avx2: Int32(penumbra_path_avx2.rawValue)
        case .avx512: Int32(penumbra_path_avx512.rawValue)
        }
    }

    /// The versions that this processor can run, best last.
    package static var available: [KernelPath] {
        let best = penumbra_best_path()
        return allCases.filter { ($0.code ?? 0) <= best }
    }

    /// The best version, unless the environment variable `PENUMBRA_KERNELS` names another that this processor can run:
    /// `swift`, `baseline`, `avx2` or `avx512`.
    package static func preferred(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> KernelPath {
        let name = environment["PENUMBRA_KERNELS"]
        return available.first { "\($0)" == name } ?? available.last!
    }
}
