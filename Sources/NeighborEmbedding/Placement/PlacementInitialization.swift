import Numerics

/// The initial positions of new points in a map.
enum PlacementInitialization {
    /// The most nearest neighbours over which the median of positions is taken.
    private static let mostNeighborsOfMedian = 25
    private static let pointsPerChunk = 256

    /// M × 2 coordinates, row by row; a point's are a function of its own features and neighbours.
    ///
    /// - Parameters:
    ///   - neighbors: from the new points to those of the map.
    ///   - affinities: of the same neighbours.
    ///   - layout: the map's N × 2 coordinates.
    ///   - features: of the new points.
    static func coordinates(
        _ initialization: TransformParameters.Initialization, neighbors: NeighborGraph,
        affinities: ConditionalAffinities, layout: [Float], features: FeatureMatrix, seed: UInt64, threads: ThreadCount
    ) -> [Float] {
        let coordinates = AlignedBuffer<Float>(count: 2 * neighbors.count)
        let middle = middle(of: layout)
        nonisolated(unsafe) let (target, neighbors, affinities) = (coordinates.base, neighbors, affinities)
        threads.forEachChunk(of: neighbors.count, size: pointsPerChunk) { _, range in
            for point in range {
                let place =
                    switch initialization {
                    case .median: median(ofNeighborsOf: point, neighbors, layout)
                    case .weightedMean: weightedMean(ofNeighborsOf: point, affinities, layout)
                    case .random: middle + noise(for: point, features, seed: seed)
                    }
                (target[2 * point], target[2 * point + 1]) = (Float(place.x), Float(place.y))
            }
        }
        return coordinates.array
    }

    /// For an even number of coordinates, the mean of the middle two.
    private static func median(ofNeighborsOf point: Int, _ neighbors: NeighborGraph, _ layout: [Float]) -> SIMD2<Double>
    {
        let number = min(neighbors.neighborsPerPoint, mostNeighborsOfMedian)
        let start = point * neighbors.neighborsPerPoint
        func median(axis: Int) -> Double {
            let sorted = (start..<start + number).map { layout[2 * Int(neighbors.indices[$0]) + axis] }.sorted()
            return (Double(sorted[(number - 1) / 2]) + Double(sorted[number / 2])) / 2
        }
        return SIMD2(median(axis: 0), median(axis: 1))
    }

    private static func weightedMean(
        ofNeighborsOf point: Int, _ affinities: ConditionalAffinities, _ layout: [Float]
    ) -> SIMD2<Double> {
        var sum = SIMD2<Double>.zero
        var total = 0.0
        for entry in point * affinities.neighborsPerPoint..<(point + 1) * affinities.neighborsPerPoint {
            let (neighbor, weight) = (Int(affinities.indices[entry]), Double(affinities.probabilities[entry]))
            sum += weight * SIMD2(Double(layout[2 * neighbor]), Double(layout[2 * neighbor + 1]))
            total += weight
        }
        return sum / total
    }

    /// Half way between the smallest and the largest coordinates.
    private static func middle(of layout: [Float]) -> SIMD2<Double> {
        var low = SIMD2(layout[0], layout[1])
        var high = low
        for point in 0..<layout.count / 2 {
            let place = SIMD2(layout[2 * point], layout[2 * point + 1])
            low = pointwiseMin(low, place)
            high = pointwiseMax(high, place)
        }
        return (SIMD2<Double>(low) + SIMD2<Double>(high)) / 2
    }

    /// The point's features determine its stream of random numbers, so its row among the new points does not matter.
    private static func noise(for point: Int, _ features: FeatureMatrix, seed: UInt64) -> SIMD2<Double> {
        var stream = CounterRandom(seed: seed, RandomStream.newPoints.rawValue)
        for column in 0..<features.dimension {
            let bits = features.values[point * features.dimension + column].bitPattern
            stream = CounterRandom(seed: stream.next(), UInt64(bits))
        }
        return LayoutInitialization.spread * SIMD2(stream.normal(), stream.normal())
    }
}
