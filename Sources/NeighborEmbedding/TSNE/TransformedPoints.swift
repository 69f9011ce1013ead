/// Where new points came to lie in a map, and what is known of how.
public struct TransformedPoints: Sendable {
    /// M × 2 coordinates, row after row, on the axes of the map.
    public let coordinates: [Float]
    /// The Kullback-Leibler divergence of every point in nats, KLᵢ = Σⱼ p(j|i) log(p(j|i) / q(j|i)) over its neighbours in
    /// the map, where q(j|i) = w / Σ w over all points of the map; without exaggeration.
    public let klDivergences: [Double]
    /// The mean of these at every 50th iteration and at the last.
    public let klTrace: [Layout.TracePoint]
    /// The perplexities that the search for bandwidths achieved, one for each that was asked for.
    public let perplexities: [AchievedPerplexity]
    /// How the repulsion was computed: what `automatic` stood for.
    public let repulsion: TransformParameters.Repulsion
    /// The number of iterations done.
    public let iterations: Int
    /// Whether all iterations that were asked for were done.
    public let isComplete: Bool
    /// Where the time went. The reduction to principal components counts with the neighbours, the preparation of the
    /// repulsion with the descent.
    public let seconds: Layout.Seconds

    /// The number of points.
    public var count: Int { coordinates.count / 2 }

    /// The mean divergence of the points in nats.
    public var klDivergence: Double { klTrace.last!.klDivergence }
}
