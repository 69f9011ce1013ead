import Numerics

/// The streams of random numbers that a run draws from.
enum RandomStream: UInt64 {
    case principalComponents = 1
    case initialLayout = 2
    case cells = 3
    case neighborSample = 4
    case newPoints = 5
}

/// The initial layout.
enum LayoutInitialization {
    /// The standard deviation of the wider axis.
    static let spread = 1e-4
    /// The share of it that is random, so that copies of a point do not stay together for ever.
    private static let jitter = 0.01

    /// N × 2 coordinates for the method; the second axis is zero if there is to be only one.
    static func coordinates(
        _ initialization: TSNEParameters.Initialization, dimensions: Int, features: CenteredFeatures, seed: UInt64,
        threads: ThreadCount
    ) -> [Float] {
        var coordinates = coordinates(initialization, dimensions, features: features, seed: seed, threads: threads)
        if dimensions == 1 { for point in 0..<features.count { coordinates[2 * point + 1] = 0 } }
        return coordinates
    }

    private static func coordinates(
        _ initialization: TSNEParameters.Initialization, _ dimensions: Int, features: CenteredFeatures, seed: UInt64,
        threads: ThreadCount
    ) -> [Float] {
        switch initialization {
        case .given(let coordinates):
            if dimensions == 1 { return centered(coordinates.flatMap { [Double($0), 0] }) }
            return centered(coordinates.map(Double.init))
        case .random:
            return centered(normal(count: features.count, seed: seed, deviation: spread))
        case .pca:
            let scores = PrincipalComponents.scores(of: features, components: 2, seed: seed, threads: threads)
            var variance = 0.0
            for point in 0..<features.count { variance += scores[2 * point] * scores[2 * point] }
            variance /= Double(features.count)
            guard variance > 0 else {
                return centered(normal(count: features.count, seed: seed, deviation: spread))
            }
            let scale = spread / variance.squareRoot()
            let noise = normal(count: features.count, seed: seed, deviation: spread * jitter)
            return centered(zip(scores, noise).map { $0 * scale + $1 })
        }
    }

    private static func normal(count: Int, seed: UInt64, deviation: Double) -> [Double] {
        var random = CounterRandom(seed: seed, RandomStream.initialLayout.rawValue)
        return (0..<2 * count).map { _ in random.normal() * deviation }
    }

    /// N × 2 coordinates minus the mean of each axis.
    static func centered(_ coordinates: [Double]) -> [Float] {
        let count = Double(coordinates.count / 2)
        var mean = (x: 0.0, y: 0.0)
        for point in 0..<coordinates.count / 2 {
            mean.x += coordinates[2 * point]
            mean.y += coordinates[2 * point + 1]
        }
        mean = (mean.x / count, mean.y / count)
        return coordinates.indices.map { Float(coordinates[$0] - ($0 % 2 == 0 ? mean.x : mean.y)) }
    }
}
