import Numerics

extension TSNE {
    /// Places new points in a fixed map. Each starts among its nearest neighbours in the map, found by their features, and
    /// moves by its own gradient descent, in which new points do not affect each other (openTSNE's `transform`; Poličar,
    /// Stražar and Zupan, "Embedding to reference t-SNE space addresses batch effects in single-cell classification", 2021).
    ///
    /// Of this value's parameters, only those that describe the map are used: `metric`, `reduction` (to the principal
    /// components of the map's features), `degreesOfFreedom`, `dimensions`, and `seed`. They should be those that the map was
    /// made with. The position of a point depends neither on the other points placed with it nor on the threads.
    ///
    /// - Parameters:
    ///   - newFeatures: M rows of the same D features that the map was made from.
    ///   - map: N points with their features.
    ///   - parameters: those of the placement; they are checked here.
    ///   - progress: called between the blocks of the neighbour search and after every iteration, on the caller's thread.
    ///     Returning `.stop` ends the run and keeps the current positions.
    /// - Throws: `TSNEError` if features, map and parameters do not match, if a point leaves the range of single precision, and
    ///   `stoppedBeforeLayout` if `progress` stops the run before the descent.
    /// - Complexity: O(M N D) for the neighbours, which are always exact, and O(M) per iteration, or O(M N) in a small map;
    ///   O((M + N) D) memory.
    public func transform(
        _ newFeatures: FeatureMatrix, into map: ReferenceMap,
        parameters placement: TransformParameters = TransformParameters(),
        progress: (TSNEProgress) -> TSNEProgress.Decision = { _ in .continue }
    ) throws(TSNEError) -> TransformedPoints {
        let reference = map.features.count
        try validate(newFeatures, into: map, placement)
        let clock = ContinuousClock()
        var seconds = Layout.Seconds()
        var start = clock.now
        func lap() -> Double {
            defer { start = clock.now }
            return (clock.now - start) / .seconds(1)
        }
        func continues(_ phase: TSNEProgress.Phase, done: Double) -> Bool {
            progress(
                TSNEProgress(
                    phase: phase, neighborsDone: done, iteration: 0, iterations: placement.iterations,
                    klDivergence: nil, iterationsPerSecond: 0, capture: nil)) == .continue
        }
        let (known, new) = reduced(map.features, newFeatures)
        let neighbors = neighbors(
            CenteredFeatures(known, followedBy: new, metric: parameters.metric, threads: threads),
            reference: reference, Self.neighborsPerPoint(placement.perplexities, reference: reference)
        ) { continues(.neighbors, done: $0) }
        guard let neighbors else { throw .stoppedBeforeLayout }
        seconds.neighbors = lap()
        guard continues(.perplexity, done: 1) else { throw .stoppedBeforeLayout }
        let affinities = ConditionalAffinities(
            neighbors: neighbors, perplexities: placement.perplexities, threads: threads, kernels: kernels)
        seconds.perplexity = lap()
        let initial = PlacementInitialization.coordinates(
            placement.initialization, neighbors: neighbors, affinities: affinities, layout: map.coordinates,
            features: newFeatures, seed: parameters.seed, threads: threads)
        seconds.initialization = lap()
        let kernel = StudentKernel(degreesOfFreedom: parameters.degreesOfFreedom)
        let repulsion = placement.resolvedRepulsion(reference: reference)
        let field = try ReferenceField(
            of: PlanarBuffer(interleaved: map.coordinates), repulsion: repulsion, kernel: kernel, threads: threads,
            kernels: kernels)
        let result = try PartialDescent(
            affinities: affinities, layout: map.coordinates, initial: initial, field: field, parameters: placement,
            dimensions: parameters.dimensions, kernel: kernel, threads: threads, kernels: kernels
        ).run(progress: progress)
        seconds.descent = lap()
        return TransformedPoints(
            coordinates: result.coordinates, klDivergences: result.klDivergences, klTrace: result.klTrace,
            perplexities: affinities.achieved, repulsion: repulsion, iterations: result.iterations,
            isComplete: result.isComplete, seconds: seconds)
    }

    private func neighbors(
        _ features: CenteredFeatures, reference: Int, _ number: Int, report: (Double) -> Bool
    ) -> NeighborGraph? {
        func search(_ features: CenteredFeatures, _ reference: Int, _ number: Int) -> NeighborGraph? {
            CrossNeighbors.search(
                features, reference: reference, neighborsPerPoint: number, threads: threads, kernels: kernels,
                report: report)
        }
        guard let zeros = ZeroVectors(features) else { return search(features, reference, number) }
        return zeros.crossNeighbors(number, reference: reference, threads: threads, search: search)
    }

    private func validate(
        _ newFeatures: FeatureMatrix, into map: ReferenceMap, _ placement: TransformParameters
    ) throws(TSNEError) {
        guard newFeatures.count > 0 else { throw .noNewPoints }
        guard map.features.dimension == newFeatures.dimension else {
            throw .differentDimensions(reference: map.features.dimension, new: newFeatures.dimension)
        }
        guard newFeatures.dimension > 0 else { throw .noFeatures }
        let total = map.features.count + newFeatures.count
        guard total <= TSNEParameters.mostPoints else {
            throw .tooManyPoints(found: total, most: TSNEParameters.mostPoints)
        }
        try parameters.validateSpaces()
        try placement.validate(reference: map.features.count)
    }

    private func reduced(
        _ reference: FeatureMatrix, _ new: FeatureMatrix
    ) -> (reference: FeatureMatrix, others: FeatureMatrix) {
        guard case .principalComponents(let number) = parameters.reduction, number < reference.dimension else {
            return (reference, new)
        }
        return PrincipalComponents.reduce(reference, with: new, to: number, seed: parameters.seed, threads: threads)
    }

    /// Three times the largest perplexity, or all points of the map if there are no more.
    static func neighborsPerPoint(_ perplexities: [Double], reference: Int) -> Int {
        let wished = TSNEParameters.neighborsPerPerplexity * min(perplexities.max()!, Double(reference))
        return min(reference, max(1, Int(wished.rounded(.up))))
    }
}

/// A finished map in which new points are placed: features and the layout made from them.
public struct ReferenceMap: Sendable {
    /// N rows of D features.
    public let features: FeatureMatrix
    /// N × 2 coordinates, row by row, in the order of the features.
    public let coordinates: [Float]

    /// Checks and stores a layout with its features.
    ///
    /// - Throws: `TSNEError.noReferencePoints`, `wrongReferenceLayoutCount`, and `nonFiniteReferenceLayout` or
    ///   `referenceLayoutTooLarge` with the first such coordinate.
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

/// The positions of new points in a map, and how they were computed.
public struct TransformedPoints: Sendable {
    /// M × 2 coordinates, row by row, on the axes of the map.
    public let coordinates: [Float]
    /// The Kullback-Leibler divergence of every point in nats, KLᵢ = Σⱼ p(j|i) log(p(j|i) / q(j|i)) over its neighbours in
    /// the map, where q(j|i) = w / Σ w over all points of the map; without exaggeration.
    public let klDivergences: [Double]
    /// The mean of these at every 50th iteration and at the last.
    public let klTrace: [Layout.TracePoint]
    /// The perplexities achieved by the search for bandwidths, one for each requested.
    public let perplexities: [AchievedPerplexity]
    /// How the repulsion was computed: the method that `automatic` selected.
    public let repulsion: TransformParameters.Repulsion
    /// The number of iterations done.
    public let iterations: Int
    /// Whether all requested iterations were done.
    public let isComplete: Bool
    /// The time taken by each part. The reduction to principal components counts with the neighbours, and the preparation of
    /// the repulsion with the descent.
    public let seconds: Layout.Seconds

    /// The number of points.
    public var count: Int { coordinates.count / 2 }

    /// The mean divergence of the points in nats.
    public var klDivergence: Double { klTrace.last!.klDivergence }
}
