import Numerics

/// Whether the ambiguous samples form a ring, as those of a cyclic set of classes may: the longest loop of landmarks among
/// them. It is descriptive and decides nothing.
public struct AmbiguousLoop: Sendable, Codable, Equatable {
    /// The number of landmarks: random samples among those whose entropy is above the median, the same in all spaces with the
    /// same labels and seed.
    public let landmarks: Int
    /// The scale, in the space's units, at which the longest loop appears; nil without loops, as are the next two.
    public let birth: Double?
    /// The scale at which it is filled in.
    public let death: Double?
    /// 1 − birth / death: 0 without a loop, near 1 for a ring of many landmarks around an empty middle. Independent of the
    /// space's unit.
    public let persistence: Double?
    /// The same for the second-longest bar: a ring stands out if this is much smaller.
    public let secondPersistence: Double?
    /// How well the positions along the loop agree with known ones, such as hues: 1 if they agree up to a rotation and a
    /// reflection. Nil if none are known.
    public let circularAgreement: Double?

    /// - Parameter turns: a position on a circle for every sample, from 0 to 1, if known.
    /// - Returns: nil for fewer than eight ambiguous samples.
    /// - Complexity: O(L³ + L² D) for L landmarks.
    public init?(
        _ space: FeatureSpace, landmarks most: Int = 300, seed: UInt64 = 0, turns: [Double]? = nil,
        threads: ThreadCount = .available
    ) {
        let labels = LabelMatrix(space.labels)
        let ambiguous = NeighborLabels.ambiguousSamples(labels.entropies)
        if ambiguous.count < 8 || most < 8 { return nil }
        var random = CounterRandom(seed: seed, RandomStream.landmarks.rawValue)
        let chosen = random.permutation(of: ambiguous.count).prefix(most).sorted().map { ambiguous[$0] }
        let distances = Self.distances(CenteredRows(space, threads: threads), chosen, threads: threads)
        let loops = RipsPersistence(distances: distances, count: chosen.count)
        landmarks = chosen.count
        func persistence(_ bar: RipsPersistence.Bar) -> Double { 1 - bar.birth / bar.death }
        birth = loops.bars.first?.birth
        death = loops.bars.first?.death
        self.persistence = loops.bars.first.map(persistence)
        secondPersistence = loops.bars.dropFirst().first.map(persistence)
        circularAgreement = turns.flatMap { turns in
            CircularCoordinate.values(loops, distances: distances, count: chosen.count).map { places in
                CircularCoordinate.agreement(places, chosen.map { turns[$0] })
            }
        }
    }

    private static func distances(_ rows: CenteredRows, _ samples: [Int], threads: ThreadCount) -> [Double] {
        let count = samples.count
        let found = AlignedBuffer<Double>(count: count * count)
        nonisolated(unsafe) let (source, target) = (rows, found.base)
        threads.forEachChunkDynamically(of: count, size: 8) { _, _, range in
            for first in range {
                for second in 0..<first {
                    target[first * count + second] =
                        source.squaredDistance(samples[first], samples[second]).squareRoot()
                }
            }
        }
        for first in 0..<count {
            for second in 0..<first { found[second * count + first] = found[first * count + second] }
        }
        return found.array
    }
}
