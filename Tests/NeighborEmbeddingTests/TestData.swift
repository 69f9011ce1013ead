import Numerics

@testable import NeighborEmbedding

/// Generated points and affinities.
enum TestData {
    static func normal(_ count: Int, scale: Double = 1, seed: UInt64) -> [Float] {
        var random = CounterRandom(seed: seed)
        return (0..<count).map { _ in Float(random.normal() * scale) }
    }

    static func features(count: Int, dimension: Int, seed: UInt64 = 1) -> FeatureMatrix {
        try! FeatureMatrix(count: count, dimension: dimension, values: normal(count * dimension, seed: seed))
    }

    static func neighbors(
        _ features: FeatureMatrix, _ number: Int, threads: Int = 1, kernels: KernelPath = .preferred()
    ) -> NeighborGraph {
        NearestNeighbors.search(
            CenteredFeatures(features, threads: ThreadCount(threads)), neighborsPerPoint: number,
            threads: ThreadCount(threads), kernels: kernels, report: { _ in true })!
    }

    static func affinities(_ features: FeatureMatrix, perplexity: Double, threads: Int = 1) -> SparseAffinities {
        let number = min(features.count - 1, Int((3 * perplexity).rounded(.up)))
        return SparseAffinities(
            neighbors: neighbors(features, number, threads: threads), perplexities: [perplexity],
            threads: ThreadCount(threads), kernels: .preferred())
    }

    /// Parameters of a short run.
    static func parameters(
        perplexity: Double = 10, iterations: Int = 100, method: TSNEParameters.GradientMethod = .exact
    ) -> TSNEParameters {
        var parameters = TSNEParameters()
        parameters.perplexities = [perplexity]
        parameters.iterations = iterations
        parameters.earlyExaggerationIterations = iterations / 2
        parameters.gradientMethod = method
        return parameters
    }
}

extension SparseAffinities {
    /// The dense matrix, row-major.
    var dense: [Double] {
        var matrix = [Double](repeating: 0, count: count * count)
        for row in 0..<count {
            for entry in entries(ofRow: row) { matrix[row * count + Int(columns[entry])] += Double(values[entry]) }
        }
        return matrix
    }
}
