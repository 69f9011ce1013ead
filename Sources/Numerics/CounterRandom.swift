/// A random generator whose n-th number is a function of a key and n alone.
///
/// Keys distinguish the streams, so that work can be shared among threads and resumed in the middle with the same
/// numbers: the generator of sample 17 in epoch 3 is `CounterRandom(seed: seed, 3, 17)`, wherever it is created.
///
/// The mixing function is the finaliser of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", 2014), applied to the key and to each position in the stream.
public struct CounterRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// A stream for `seed` and any further numbers that distinguish it from other streams of the same seed.
    public init(seed: UInt64, _ path: UInt64...) {
        state = path.reduce(Self.mix(seed &+ Self.increment)) {
            Self.mix($0 &* Self.multiplier &+ Self.mix($1 &+ Self.increment))
        }
    }

    private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// Keeps a number of the path from cancelling an equal seed; a multiplier of linear congruential generators (Steele
    /// and Vigna, "Computationally easy, spectrally good multipliers", 2022).
    private static let multiplier: UInt64 = 0xD134_2543_DE82_EF95

    private static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= Self.increment
        return Self.mix(state)
    }

    /// A number uniform in [0, 1), one of the 2⁵³ multiples of 2⁻⁵³ there.
    public mutating func uniform() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// A number uniform in [`range.lowerBound`, `range.upperBound`).
    public mutating func uniform(in range: ClosedRange<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
    }
}
