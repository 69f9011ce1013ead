import Determinism
import Foundation

/// t-distributed stochastic neighbour embedding (van der Maaten and Hinton, "Visualizing data using t-SNE", 2008): a
/// map of points in the plane that keeps neighbours together.
///
/// A value holds no state of its runs: one may be used by two tasks at once. The same features, parameters and seed
/// give the same bytes for any number of threads.
public struct TSNE: Sendable {
    /// What the runs are told.
    public let parameters: TSNEParameters
    /// How many threads a run uses.
    public let threads: ThreadCount
    let kernels: KernelPath

    /// Neighbours whose affinity is kept, as a multiple of the perplexity.
    static let neighborsPerPerplexity = 3.0
    /// The divergence is computed after every so many iterations.
    static let iterationsPerReport = 50

    /// The parameters are checked by `fit`, against the number of points.
    public init(_ parameters: TSNEParameters = TSNEParameters(), threads: ThreadCount = .available) {
        self.init(parameters, threads: threads, kernels: .preferred())
    }

    init(_ parameters: TSNEParameters, threads: ThreadCount, kernels: KernelPath) {
        self.parameters = parameters
        self.threads = threads
        self.kernels = kernels
    }

    /// Maps the rows of `features` into the plane.
    ///
    /// - Parameter progress: called between the blocks of the search for neighbours and after every iteration, on the
    ///   caller's thread. Returning `.stop` ends the run and keeps the layout so far.
    /// - Throws: `TSNEError` when the parameters do not fit the features, when the layout diverges, and
    ///   `stoppedBeforeLayout` when `progress` stops the run before the descent.
    /// - Complexity: O(N² D) for the neighbours (less beyond 100,000 points, whose neighbours are approximate), and by
    ///   the gradient's method O(N²) or O(N log N) an iteration; O(N D) memory.
    public func fit(
        _ features: FeatureMatrix, progress: (TSNEProgress) -> TSNEProgress.Decision = { _ in .continue }
    ) throws(TSNEError) -> Layout {
        try parameters.validate(count: features.count)
        guard features.dimension > 0 else { throw .noFeatures }
        let clock = ContinuousClock()
        var seconds = Layout.Seconds()
        var start = clock.now
        func lap() -> Double {
            defer { start = clock.now }
            return (clock.now - start) / .seconds(1)
        }
        let centered = CenteredFeatures(features, threads: threads)
        let neighbors = NeighborGraph.search(
            centered, neighborsPerPoint: neighborsPerPoint(count: features.count), seed: parameters.seed,
            threads: threads, kernels: kernels, report: { _ in continues(progress, .neighbors) })
        guard let neighbors else { throw .stoppedBeforeLayout }
        seconds.neighbors = lap()
        guard continues(progress, .perplexity) else { throw .stoppedBeforeLayout }
        let affinities = SparseAffinities(
            neighbors: neighbors, perplexities: [parameters.perplexity], threads: threads, kernels: kernels)
        seconds.perplexity = lap()
        let initial = LayoutInitialization.coordinates(
            parameters.initialization, features: centered, seed: parameters.seed, threads: threads)
        seconds.initialization = lap()
        let descent = try Descent(
            affinities: affinities, initial: initial, parameters: parameters, threads: threads, kernels: kernels
        ).run(progress: progress)
        seconds.descent = lap()
        return Layout(descent, perplexity: affinities.perplexities[0], seconds: seconds)
    }

    /// Three times the perplexity, or all other points where there are no more.
    func neighborsPerPoint(count: Int) -> Int {
        min(count - 1, max(1, Int((Self.neighborsPerPerplexity * parameters.perplexity).rounded(.up))))
    }

    private func continues(
        _ progress: (TSNEProgress) -> TSNEProgress.Decision, _ phase: TSNEProgress.Phase
    ) -> Bool {
        progress(
            TSNEProgress(
                phase: phase, iteration: 0, iterations: parameters.iterations, klDivergence: nil,
                iterationsPerSecond: 0)) == .continue
    }
}
