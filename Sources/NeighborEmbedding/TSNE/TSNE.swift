import Numerics
import Foundation

/// t-distributed stochastic neighbour embedding (van der Maaten and Hinton, "Visualizing data using t-SNE", 2008): a map of
/// points in the plane that keeps neighbours together.
///
/// A value holds no state of its runs, so several tasks can use it concurrently. The same features, parameters and seed give
/// the same bytes for any number of threads.
public struct TSNE: Sendable {
    /// The parameters of the runs.
    public let parameters: TSNEParameters
    /// How many threads a run uses.
    public let threads: ThreadCount
    let kernels: KernelPath
    /// The most bytes that a run may take; nil for what the machine has available when it begins.
    let availableMemory: Int?

    /// The instruction set of the inner loops on this processor; the last digits depend on it.
    public static var instructionSet: String { "\(KernelPath.preferred())" }

    /// The number of iterations between two reports of the divergence.
    static let iterationsPerReport = 50

    /// The parameters are checked by `fit`, against the number of points.
    public init(_ parameters: TSNEParameters = TSNEParameters(), threads: ThreadCount = .available) {
        self.init(parameters, threads: threads, kernels: .preferred())
    }

    init(_ parameters: TSNEParameters, threads: ThreadCount, kernels: KernelPath, availableMemory: Int? = nil) {
        self.parameters = parameters
        self.threads = threads
        self.kernels = kernels
        self.availableMemory = availableMemory
    }

    /// Maps the rows of `features` to the plane.
    ///
    /// - Parameters:
    ///   - state: the state of an earlier run with the same features, parameters and kernel path; see `TSNEProgress.state`. The
    ///     run resumes from it and ends with the same bytes as without the interruption.
    ///   - progress: called between the blocks of the neighbour search and after every iteration, on the caller's thread.
    ///     Returning `.stop` ends the run and keeps the current layout.
    /// - Throws: `TSNEError` if the parameters do not fit the features, `notEnoughMemory` before anything is computed if the
    ///   run would need more memory than is available, `diverged` if the layout diverges, and `stoppedBeforeLayout` if
    ///   `progress` stops the run before the descent.
    /// - Complexity: O(N² D) for the neighbours (less beyond 100,000 points, whose neighbours are approximate), and, depending
    ///   on the gradient's method, O(N²) or O(N log N) per iteration; O(N D) memory.
    public func fit(
        _ features: FeatureMatrix, resuming state: DescentState? = nil,
        progress: (TSNEProgress) -> TSNEProgress.Decision = { _ in .continue }
    ) throws(TSNEError) -> Layout {
        try parameters.validate(count: features.count)
        guard features.dimension > 0 else { throw .noFeatures }
        try MemoryEstimate.check(
            count: features.count, dimension: features.dimension, parameters: parameters, threads: threads,
            available: availableMemory ?? AvailableMemory.bytes)
        let beginning = try beginning(features, progress: progress)
        let clock = ContinuousClock()
        let start = clock.now
        let descent = try Descent(
            affinities: beginning.affinities, parameters: parameters, threads: threads, kernels: kernels
        ).run(from: beginning.initial, resuming: state, progress: progress)
        var seconds = beginning.seconds
        seconds.descent = (clock.now - start) / .seconds(1)
        return Layout(
            descent, parameters: parameters, neighborRecall: beginning.recall,
            perplexities: beginning.affinities.perplexities, seconds: seconds)
    }

    /// The input of a descent.
    private struct Beginning {
        let affinities: SparseAffinities
        let initial: [Float]
        let recall: Double
        let seconds: Layout.Seconds
    }

    /// Everything before the descent. Its working memory, above all the neighbours, is freed when it returns.
    private func beginning(
        _ features: FeatureMatrix, progress: (TSNEProgress) -> TSNEProgress.Decision
    ) throws(TSNEError) -> Beginning {
        let clock = ContinuousClock()
        var seconds = Layout.Seconds()
        var start = clock.now
        func lap() -> Double {
            defer { start = clock.now }
            return (clock.now - start) / .seconds(1)
        }
        let centered = CenteredFeatures(reduced(features), metric: parameters.metric, threads: threads)
        let neighbors = neighbors(of: centered) { continues(progress, .neighbors, done: $0) }
        guard let neighbors else { throw .stoppedBeforeLayout }
        seconds.neighbors = lap()
        guard continues(progress, .perplexity, done: 1) else { throw .stoppedBeforeLayout }
        let affinities = SparseAffinities(
            neighbors: neighbors, perplexities: parameters.perplexities, threads: threads, kernels: kernels)
        seconds.perplexity = lap()
        let initial = LayoutInitialization.coordinates(
            parameters.initialization, dimensions: parameters.dimensions, features: centered, seed: parameters.seed,
            threads: threads)
        seconds.initialization = lap()
        return Beginning(affinities: affinities, initial: initial, recall: neighbors.recall, seconds: seconds)
    }

    private func reduced(_ features: FeatureMatrix) -> FeatureMatrix {
        guard case .principalComponents(let number) = parameters.reduction, number < features.dimension else {
            return features
        }
        return PrincipalComponents.reduce(features, to: number, seed: parameters.seed, threads: threads)
    }

    private func neighbors(of features: CenteredFeatures, report: (Double) -> Bool) -> NeighborGraph? {
        let number = parameters.neighborsPerPoint(count: features.count)
        guard let zeros = ZeroVectors(features) else { return search(features, number, report: report) }
        return zeros.neighbors(number, threads: threads) { search($0, $1, report: report) }
    }

    private func search(_ features: CenteredFeatures, _ number: Int, report: (Double) -> Bool) -> NeighborGraph? {
        if parameters.resolvedNeighborSearch(count: features.count) == .approximate {
            return ApproximateNeighbors.search(
                features, neighborsPerPoint: number, seed: parameters.seed, threads: threads, kernels: kernels,
                report: report)
        }
        return NearestNeighbors.search(
            features, neighborsPerPoint: number, threads: threads, kernels: kernels, report: report)
    }

    private func continues(
        _ progress: (TSNEProgress) -> TSNEProgress.Decision, _ phase: TSNEProgress.Phase, done: Double
    ) -> Bool {
        progress(
            TSNEProgress(
                phase: phase, neighborsDone: done, iteration: 0, iterations: parameters.iterations, klDivergence: nil,
                iterationsPerSecond: 0, capture: nil)) == .continue
    }
}
