import Numerics

/// How well a map preserves the neighbourhoods of the features it shows. It says nothing about hard and soft labels.
public struct MapFidelity: Sendable, Codable, Equatable {
    /// k, the number of neighbours per sample: as requested, but at most (N − 1) / 2.
    public let neighbors: Int
    /// 1 minus a penalty for each neighbour in the map that is not one in the features, according to its rank in the features:
    /// the mean over samples of 1 − 2 / (k (2N − 3k − 1)) Σ max(0, rank − k) (Venna and Kaski, "Neighborhood preservation in
    /// nonlinear projection methods", 2001). Equals scikit-learn's `trustworthiness`. Nil for fewer than three samples, as are
    /// the others.
    public let trustworthiness: MeasuredValue?
    /// The same for neighbours in the features that are not neighbours in the map, according to their ranks in the map.
    public let continuity: MeasuredValue?
    /// The mean share of the k nearest in the features that are also among the k nearest in the map.
    public let neighborRecall: MeasuredValue?

    /// Measures `map` against `features`, in Euclidean distances; which of equally distant samples is nearer is random, by the seed.
    /// Intervals draw samples, whose neighbours and ranks remain those in the whole set.
    ///
    /// - Throws: `FeatureSpaceError.differentSampleCounts` or `differentLabels`.
    /// - Complexity: O(N² (D + log k)); memory by blocks of rows. `MappedSpace` also measures the spaces in the same time.
    public init(
        of map: FeatureSpace, against features: FeatureSpace, parameters: MeasureParameters = MeasureParameters(),
        threads: ThreadCount = .available
    ) throws(FeatureSpaceError) {
        try features.checkSameSamples(as: map)
        parameters.check()
        let (featureRows, mapRows) = (
            CenteredRows(features, threads: threads), CenteredRows(map, threads: threads)
        )
        let depth = Self.depth(parameters, count: map.count)
        let mapTies = TieOrder(map, seed: parameters.seed)
        let inMap = DistanceScan(mapRows, ties: mapTies, neighbors: depth, threads: threads)
        let inFeatures = DistanceScan(
            featureRows, ties: TieOrder(features, seed: parameters.seed), neighbors: depth, ranksOf: inMap.neighbors,
            threads: threads)
        let again = DistanceScan(
            mapRows, ties: mapTies, neighbors: depth, ranksOf: inFeatures.neighbors, threads: threads)
        self.init(map: again, features: inFeatures, parameters: parameters, threads: threads)
    }

    /// From scans of both spaces, each with the ranks of the other's neighbours.
    init(map: DistanceScan, features: DistanceScan, parameters: MeasureParameters, threads: ThreadCount) {
        let depth = Self.depth(parameters, count: map.neighbors.count)
        neighbors = depth
        if depth == 0 {
            (trustworthiness, continuity, neighborRecall) = (nil, nil, nil)
            return
        }
        let (count, listed) = (map.neighbors.count, map.neighbors.neighborsPerSample)
        func preserved(_ ranks: [Int32]) -> WeightedMean {
            let scale = 2 / (Double(depth) * Double(2 * count - 3 * depth - 1))
            return WeightedMean(
                contributions: (0..<count).map { sample in
                    let penalty = ranks[sample * listed..<sample * listed + depth].reduce(0) {
                        $0 + max(0, Int($1) - depth)
                    }
                    return 1 - scale * Double(penalty)
                })
        }
        let shared = features.neighbors.shared(with: map.neighbors, depth: depth)
        let recall = WeightedMean(contributions: shared.map { Double($0) / Double(depth) })
        let means = [preserved(features.ranks), preserved(map.ranks), recall]
        let replicates = Bootstrap.replicates(
            of: means, samples: count, count: parameters.bootstraps, seed: parameters.seed, threads: threads)
        let values = zip(means, replicates).map {
            MeasuredValue($0.value, replicates: $1, confidence: parameters.confidence)
        }
        (trustworthiness, continuity, neighborRecall) = (values[0], values[1], values[2])
    }

    /// The number of neighbours: with more, the scale of the penalty would not be valid.
    private static func depth(_ parameters: MeasureParameters, count: Int) -> Int {
        min(parameters.neighbors, (count - 1) / 2)
    }
}
