import Numerics

/// The peak memory of a run in addition to its input features, estimated from the sizes of its allocations.
///
/// Two sizes are unknown before a run. The number of entries in the symmetric affinities depends on how many points have a
/// neighbour that does not have them as one: with k neighbours per point, a row has between k and 2k entries; 1.5 k is assumed
/// here. The extent of the layout determines the interpolation mesh; half the square root of the number of points is assumed.
///
/// In thirteen runs with 10 to 1,000,000 points, 50 to 1,000,000 columns and all methods, the estimate was between .78 and 1.16
/// of the largest resident memory measured, minus that before the run, and within 7 % from 400 MB on. What it misses in small
/// runs is freed memory that the C library keeps, up to blocks of 32 MB.
struct MemoryEstimate {
    /// The parts of a run, each with its own peak.
    enum Phase: CaseIterable {
        case reduction, neighbors, affinities, initialization, descent
    }

    /// The largest of the phases' peaks, in bytes.
    var peak: Int { Int(min(Phase.allCases.map { bytes($0) }.max()!, 0x1p62)) }

    // All numbers are floating-point: products of sizes that no memory holds must not overflow.
    private let count: Double
    /// The number of columns of the given features, and of those used in the neighbour search.
    private let columns: Double
    private let dimension: Double
    private let neighborsPerPoint: Double
    private let perplexities: Double
    private let search: TSNEParameters.NeighborSearch
    private let gradient: TSNEParameters.GradientMethod
    private let isPCAInitialized: Bool
    private let metric: DistanceMetric
    private let threads: Double

    /// The estimate for a run whose parameters are valid for `count` points.
    init(count: Int, dimension: Int, parameters: TSNEParameters, threads: ThreadCount) {
        self.count = Double(count)
        columns = Double(dimension)
        if case .principalComponents(let number) = parameters.reduction {
            self.dimension = Double(min(number, dimension))
        } else {
            self.dimension = Double(dimension)
        }
        neighborsPerPoint = Double(parameters.neighborsPerPoint(count: count))
        perplexities = Double(parameters.perplexities.count)
        search = parameters.resolvedNeighborSearch(count: count)
        gradient = parameters.resolvedGradientMethod(count: count)
        isPCAInitialized = parameters.initialization == .pca
        metric = parameters.metric
        self.threads = Double(threads.count)
    }

    /// The peak of a phase.
    func bytes(_ phase: Phase) -> Double {
        switch phase {
        case .reduction: dimension < columns ? reduction : 0
        case .neighbors: centered(columns: dimension) + max(preparation, searchBytes + rowsOfZeros)
        case .affinities:
            centered(columns: dimension) + 3 * entriesOfNeighbors + affinities + count * (24 + 8 * perplexities)
        case .initialization: centered(columns: dimension) + affinities + initialization
        case .descent: descent
        }
    }

    // MARK: - Parts

    private static let rowsPerChunk = 1_024.0

    private static func roundedUp(_ value: Double, to multiple: Double) -> Double {
        (value / multiple).rounded(.up) * multiple
    }

    private var chunks: Double { (count / Self.rowsPerChunk).rounded(.up) }

    /// `CenteredFeatures`.
    private func centered(columns: Double) -> Double { count * (4 * Self.roundedUp(columns, to: 16) + 4) }

    /// What making `CenteredFeatures` needs in addition to the result: the reduced features, factors, sums of columns.
    private var preparation: Double {
        (dimension < columns ? 4 * count * dimension : 0) + 8 * count + 8 * dimension * (chunks + 1)
    }

    /// `ZeroVectors`, which for the cosine searches only the other rows: a copy of these, and a second graph. Whether there are
    /// rows of zeros is not known beforehand.
    private var rowsOfZeros: Double { metric == .cosine ? centered(columns: dimension) + entriesOfNeighbors : 0 }

    /// `RowProducts` with its sides, for each thread.
    private func products(rows: Double, columns: Double) -> Double {
        let width = Self.roundedUp(columns, to: 32)
        return threads * 4 * (rows * width + width * dimension + rows * Self.roundedUp(dimension, to: 16))
    }

    /// `PrincipalComponents.reduce`: by the covariance, the Gram matrix, or iteration, depending on the sizes.
    private var reduction: Double {
        let scores = 8 * columns * (chunks + 1) + count * dimension * 20
        let whole = Double(PrincipalComponents.largestMatrix)
        if min(count, columns) > whole {
            return centered(columns: columns) + scores + iteration(columns: columns, components: dimension)
        }
        if columns <= count {
            let parts = min(chunks, 8)
            let matrices = (parts + 1) * 8 + 4 * min(parts, threads)
            return centered(columns: columns) + max(matrices * columns * columns, scores + 16 * columns * dimension)
        }
        return centered(columns: columns) + 8 * count * count + 4 * count * min(64 * threads, count + 63) + scores
    }

    /// `PrincipalComponents.scores`: the projected points, the directions, and their sums by chunks of rows.
    private func iteration(columns: Double, components: Double) -> Double {
        let directions = min(columns, components + 10)
        let basis = directions * Self.roundedUp(columns, to: 16)
        return 4 * count * directions + 8 * count * components + basis * (12 + 4 * min(chunks, 64))
    }

    /// The reordered features, the candidates and the scratch memory of the search; then the graph, while the candidates still
    /// exist, or the lists of a refinement round.
    private var searchBytes: Double {
        if search == .approximate {
            let capacity = min(count - 1, Self.roundedUp(neighborsPerPoint + 4, to: 32))
            // Cells with too many points are halved, so there are more blocks than full ones would number.
            let blocks = 1.6 * count / 384
            let pairs = 8 * blocks * blocks
            let scratch = max(
                products(rows: min(count, 384), columns: min(count, 384)),
                products(rows: min(count, 64), columns: min(count, 1_024)))
            let later = max(entriesOfNeighbors, count * (8 * capacity + 24))
            return centered(columns: dimension) + candidates(capacity) + pairs + 24 * count + scratch + later
        }
        let block = min(count, count <= 4_000 ? 96 : 384)
        return candidates(min(count - 1, neighborsPerPoint + 16)) + products(rows: block, columns: block)
            + entriesOfNeighbors + 4 * count
    }

    /// `NeighborCandidates`.
    private func candidates(_ capacity: Double) -> Double {
        count * (8 * Self.roundedUp(2 * capacity, to: 8) + 13)
    }

    /// An index and a number for each neighbour of each point: the graph, or the conditional affinities by point or by
    /// neighbour.
    private var entriesOfNeighbors: Double { 8 * count * neighborsPerPoint }

    /// One copy of the symmetric affinities, with rows padded to a multiple of 16.
    var affinities: Double { 8 * count * (min(count, 1.5 * neighborsPerPoint) + 8) + 8 * count }

    private var initialization: Double {
        24 * count + (isPCAInitialized ? iteration(columns: dimension, components: 2) + 24 * count : 0)
    }

    /// The affinities as made and in the order of the layout, the latter twice while that order changes; the layout; the memory
    /// of the repulsion.
    private var descent: Double {
        let repulsion =
            switch gradient {
            case .automatic, .exact: 136 * count
            // A tree, and for each thread a list of as many bodies as a tree can have.
            case .barnesHut: count * (130 + 24 * threads)
            case .interpolation(let grid): 24 * count + mesh(grid.mesh)
            }
        // The final divergence is exact even if the gradient is not.
        let exact = count <= Double(Descent.mostPointsOfExactDivergence) ? 136 * count : 0
        return 3 * affinities + count * 130 + repulsion + exact
    }

    /// The nodes of an `InterpolationMesh`, with padding, and the factors of two such meshes.
    private func mesh(_ parameters: InterpolationParameters) -> Double {
        let side = max(0.5 * count.squareRoot() * parameters.nodesPerUnit, Double(parameters.leastNodes))
        return min(side * side, Double(parameters.mostNodes)) * 16
    }
}
