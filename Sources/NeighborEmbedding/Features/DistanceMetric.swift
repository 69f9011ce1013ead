/// How far two points are from each other.
public enum DistanceMetric: String, Sendable, Codable, CaseIterable {
    /// The length of the difference.
    case euclidean
    /// 1 less the cosine of the angle between the rows. A row of zeros is at distance 1 from every other, as in
    /// scikit-learn.
    ///
    /// Affinities are Gaussians of the distance whatever the metric, exp(−β (1 − cos)²), as in scikit-learn's TSNE,
    /// which squares the distances of every metric.
    case cosine

    /// The square of the distance, up to a factor that affinities do not see, from the squared length of the difference
    /// of two rows of `CenteredFeatures`: rows of length 1 are √(2 (1 − cos)) apart.
    func squaredDistance(squaredDifference: Float) -> Float {
        switch self {
        case .euclidean: squaredDifference
        case .cosine: squaredDifference * squaredDifference
        }
    }
}
