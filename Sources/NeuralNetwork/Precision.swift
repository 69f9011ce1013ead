/// The numbers that convolutions multiply. Sums, weights between steps, statistics and gradients of weights are float32
/// in either case.
public enum Precision: String, Sendable, CaseIterable, Codable {
    /// IEEE 754's single precision: 24 binary digits.
    case float32
    /// Float32 reduced to 8 binary digits, rounded to nearest even: half the memory and, where the processor multiplies
    /// it, up to twice the speed.
    case bf16

    /// Bytes of a number.
    var bytes: Int { self == .float32 ? 4 : 2 }

    /// Throws where the processor does not multiply such numbers.
    public func check() throws(PrecisionError) {
        if self == .bf16, !OneDNNEngine.multipliesBF16 { throw PrecisionError() }
    }
}

/// A precision that the processor does not support.
public struct PrecisionError: Error, Equatable, CustomStringConvertible {
    /// One line that says what is needed.
    public var description: String {
        "bf16 needs a processor with AVX512_BF16 instructions, which this one lacks; float32 runs everywhere"
    }
}

/// Rounding to bf16, plainly.
enum BFloat16 {
    /// The upper half of a float32's bits, rounded to nearest even; NaN stays NaN.
    static func bits(_ x: Float) -> UInt16 {
        if x.isNaN { return UInt16(x.bitPattern >> 16) | 0x40 }
        return UInt16((x.bitPattern + 0x7FFF + (x.bitPattern >> 16 & 1)) >> 16)
    }
}
