import Numerics

/// A common start for the maps of several spaces of the same samples, so that differences between the maps come from
/// the spaces and not from the start.
public enum SharedStart {
    /// N × 2 coordinates, row by row: the first two principal components of all spaces side by side. Each feature is divided by
    /// its standard deviation (a constant one counts as 0) and each space by the square root of its number of features, so that
    /// all spaces have the same weight. Scaled as in `TSNEParameters.Initialization.pca`.
    ///
    /// Traps if there is no space, or if spaces differ in the number of samples.
    /// - Complexity: O(N D) per sweep of the subspace iteration, for D features in all.
    public static func coordinates(
        of spaces: [FeatureMatrix], seed: UInt64, threads: ThreadCount = .available
    ) -> [Float] {
        precondition(!spaces.isEmpty, "at least one space")
        let count = spaces[0].count, dimension = spaces.reduce(0) { $0 + $1.dimension }
        precondition(spaces.allSatisfy { $0.count == count }, "spaces of the same samples")
        var joined = [Float](repeating: 0, count: count * dimension)
        var first = 0
        for space in spaces {
            for column in 0..<space.dimension {
                let values = (0..<count).map { Double(space.values[$0 * space.dimension + column]) }
                let mean = values.reduce(0, +) / Double(count)
                let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
                if !(variance > 0) { continue }
                let scale = 1 / (variance * Double(space.dimension)).squareRoot()
                for row in 0..<count { joined[row * dimension + first + column] = Float((values[row] - mean) * scale) }
            }
            first += space.dimension
        }
        let matrix = FeatureMatrix(count: count, dimension: dimension, finite: joined)
        return LayoutInitialization.coordinates(
            .pca, dimensions: 2, features: CenteredFeatures(matrix, threads: threads), seed: seed, threads: threads)
    }
}
