/// A map that is there already, into which new points are placed: features and the layout that was made of them.
public struct ReferenceMap: Sendable {
    /// N rows of D features.
    public let features: FeatureMatrix
    /// N × 2 coordinates, row after row, in the order of the features.
    public let coordinates: [Float]

    /// Checks and keeps a layout with its features.
    ///
    /// - Throws: `TSNEError.noReferencePoints`, `wrongReferenceLayoutCount`, and `nonFiniteReferenceLayout` or
    ///   `referenceLayoutTooLarge` with the first coordinate that is so.
    /// - Complexity: O(N).
    public init(features: FeatureMatrix, coordinates: [Float]) throws(TSNEError) {
        guard features.count > 0 else { throw .noReferencePoints }
        guard coordinates.count == 2 * features.count else {
            throw .wrongReferenceLayoutCount(found: coordinates.count, expected: 2 * features.count)
        }
        if let bad = coordinates.firstIndex(where: { !$0.isFinite }) {
            throw .nonFiniteReferenceLayout(row: bad / 2, axis: bad % 2, value: "\(coordinates[bad])")
        }
        if let bad = coordinates.firstIndex(where: { abs($0) >= TSNEParameters.largestCoordinate }) {
            throw .referenceLayoutTooLarge(row: bad / 2, axis: bad % 2, value: coordinates[bad])
        }
        self.features = features
        self.coordinates = coordinates
    }
}
