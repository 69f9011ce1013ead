import Numerics

/// The rigid motion that lays one map over another, for drawing: a rotation, a reflection if that fits better, and a shift. It
/// never scales, so distances remain those of the map.
public struct MapAlignment: Sendable, Codable, Equatable {
    /// D × D numbers, row by row: the matrix by which centred points, as rows, are multiplied from the right.
    public let rotation: [Double]
    /// Whether the motion turns the map over.
    public let isReflected: Bool
    /// The mean of the points to move.
    public let center: [Double]
    /// Where that mean goes: the mean of the points that they are moved onto.
    public let target: [Double]

    /// The motion of `moving` with the least sum of squared distances to the same samples of `fixed` (orthogonal Procrustes;
    /// Schönemann, 1966). If a map lies in one point or on one line, the best motion is not unique; one of the best is taken.
    ///
    /// - Parameter keepsHandedness: excludes reflections. By default they are allowed: t-SNE does not determine the handedness
    ///   of a map.
    /// - Throws: `FeatureSpaceError.differentSampleCounts` or `differentLabels`, and `noConvergence`.
    /// - Complexity: O(N D²). Traps unless both have the same number of dimensions.
    public init(
        moving: FeatureSpace, onto fixed: FeatureSpace, keepsHandedness: Bool = false
    ) throws(FeatureSpaceError) {
        try fixed.checkSameSamples(as: moving)
        precondition(moving.dimension == fixed.dimension, "all maps have the same number of dimensions")
        let one = ThreadCount(1)
        let factors = (
            KernelFactor(CenteredRows(moving, threads: one)), KernelFactor(CenteredRows(fixed, threads: one))
        )
        rotation = try Procrustes(
            moving: factors.0, onto: factors.1, needsRotation: true, keepsHandedness: keepsHandedness, threads: one
        ).rotation
        isReflected = Procrustes.isReflection(rotation, size: moving.dimension)
        center = Self.center(of: moving)
        target = Self.center(of: fixed)
    }

    /// The moved points. Traps unless `coordinates` hold whole points.
    public func apply(to coordinates: [Float]) -> [Float] {
        let dimension = center.count
        precondition(coordinates.count.isMultiple(of: dimension), "a point has \(dimension) coordinates")
        return coordinates.indices.map { index in
            let (start, column) = (index / dimension * dimension, index % dimension)
            var sum = target[column]
            for axis in 0..<dimension {
                sum += (Double(coordinates[start + axis]) - center[axis]) * rotation[axis * dimension + column]
            }
            return Float(sum)
        }
    }

    private static func center(of space: FeatureSpace) -> [Double] {
        (0..<space.dimension).map { column in
            let numbers = stride(from: column, to: space.features.count, by: space.dimension)
            return numbers.reduce(0) { $0 + Double(space.features[$1]) } / Double(space.count)
        }
    }
}
