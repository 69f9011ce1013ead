/// The perplexities that the search for bandwidths reached, over all points.
///
/// They differ from the perplexity asked for only where no bandwidth gives it, as for a point with more copies of
/// itself than the perplexity.
public struct AchievedPerplexity: Sendable, Codable, Equatable {
    /// The mean over the points.
    public let mean: Double
    /// The least of any point.
    public let min: Double
    /// The largest of any point.
    public let max: Double

    init(of perplexities: UnsafeBufferPointer<Double>) {
        var (sum, least, most) = (0.0, Double.infinity, 0.0)
        for perplexity in perplexities {
            sum += perplexity
            least = Swift.min(least, perplexity)
            most = Swift.max(most, perplexity)
        }
        (mean, min, max) = (sum / Double(perplexities.count), least, most)
    }
}
