import CKernels
import Numerics

/// A copy of the features, prepared for distances: the mean of every column is subtracted in double precision, then everything
/// is scaled by one power of two so that the largest magnitude lies in 1/2...1. Rows are padded with zeros to whole vectors.
///
/// Distances between rows change only by that power of two, which affects neither neighbours nor affinities; but products of
/// rows lose no digits to a common offset, and neither overflow nor underflow.
///
/// For the cosine metric, rows are first scaled to length 1. The lengths of their differences then have the order of the cosine
/// distances. Rows of zeros stay as they are and are treated separately (`ZeroVectors`).
final class CenteredFeatures {
    let count: Int
    let dimension: Int
    /// The distance between the beginnings of two rows: `dimension`, rounded up to a multiple of 16.
    let stride: Int
    /// Row by row, `stride` numbers each.
    let rows: AlignedBuffer<Float>
    /// The squared length of every row.
    let squaredNorms: AlignedBuffer<Float>
    /// The metric that the rows are prepared for.
    let metric: DistanceMetric
    /// The power of two that everything is scaled by.
    let scale: Double
    /// The indices of the rows of zeros for the cosine, ascending; otherwise empty.
    let zeroRows: [Int]

    private static let rowsPerChunk = 1_024
    /// The clamp for rows that did not take part in choosing the scale: beyond it, all others are equally far in single
    /// precision.
    private static let largestMagnitude = 0x1p40

    /// - Parameter others: rows with the same number of features that follow the first ones. Means and scale come from the
    ///   first rows only, so no row of `others` affects another.
    /// - Complexity: O(N × D) time and memory.
    init(
        _ features: FeatureMatrix, followedBy others: FeatureMatrix? = nil, metric: DistanceMetric = .euclidean,
        threads: ThreadCount
    ) {
        precondition(
            others == nil || others?.dimension == features.dimension, "all rows have the same number of features")
        count = features.count + (others?.count ?? 0)
        dimension = features.dimension
        stride = (dimension + 15) / 16 * 16
        rows = AlignedBuffer(count: count * stride)
        squaredNorms = AlignedBuffer(count: count)
        self.metric = metric
        let factors = Self.rowFactors(features, metric: metric, threads: threads)
        let means = Self.columnMeans(features, factors: factors, threads: threads)
        scale = Self.scale(features, factors: factors, means: means, threads: threads)
        var zeroRows = Self.zeroRows(factors, metric: metric)
        let otherFactors = others.map { Self.rowFactors($0, metric: metric, threads: threads) }
        if let otherFactors {
            zeroRows += Self.zeroRows(otherFactors, metric: metric).map { features.count + $0 }
        }
        self.zeroRows = zeroRows
        fill(features, from: 0, factors: factors, means: means, scale: scale, threads: threads)
        if let others, let otherFactors {
            fill(others, from: features.count, factors: otherFactors, means: means, scale: scale, threads: threads)
        }
    }

    /// Rows of length zero, whose factor is 0.
    private static func zeroRows(_ factors: AlignedBuffer<Double>, metric: DistanceMetric) -> [Int] {
        metric == .cosine ? (0..<factors.count).filter { factors[$0] == 0 } : []
    }

    /// Writes the rows from `first` on.
    private func fill(
        _ features: FeatureMatrix, from first: Int, factors: AlignedBuffer<Double>, means: AlignedBuffer<Double>,
        scale: Double, threads: ThreadCount
    ) {
        nonisolated(unsafe) let (target, norms) = (rows.base + first * stride, squaredNorms.base + first)
        nonisolated(unsafe) let (factorBase, meanBase) = (factors.base, means.base)
        let (dimension, stride) = (dimension, stride)
        features.values.withUnsafeBufferPointer { values in
            nonisolated(unsafe) let source = values.baseAddress!
            threads.forEachRange(of: features.count) { range in
                for row in range {
                    let factor = factorBase[row]
                    var norm = 0.0
                    for column in 0..<dimension {
                        let centered = Double(source[row * dimension + column]) * factor - meanBase[column]
                        let value = Float(max(-Self.largestMagnitude, min(Self.largestMagnitude, centered * scale)))
                        target[row * stride + column] = value
                        norm += Double(value) * Double(value)
                    }
                    norms[row] = Float(norm)
                }
            }
        }
    }

    /// The rows of `points`, which names each at most once, in that order.
    ///
    /// - Complexity: O(N × D) time and memory.
    init(_ features: CenteredFeatures, inOrder points: AlignedBuffer<Int32>, threads: ThreadCount) {
        (count, dimension, stride, metric) = (points.count, features.dimension, features.stride, features.metric)
        (scale, zeroRows) = (features.scale, [])
        rows = AlignedBuffer(count: count * stride)
        squaredNorms = AlignedBuffer(count: count)
        nonisolated(unsafe) let (source, points, target, norms) = (features, points, rows.base, squaredNorms.base)
        let stride = stride
        threads.forEachRange(of: count) { range in
            for place in range {
                let point = Int(points[place])
                (target + place * stride).update(from: source.rows.base + point * stride, count: stride)
                norms[place] = source.squaredNorms[point]
            }
        }
    }

    /// The factor of each row before its mean is taken: 1, or for the cosine 1 / its length, and 0 if that is 0.
    private static func rowFactors(
        _ features: FeatureMatrix, metric: DistanceMetric, threads: ThreadCount
    ) -> AlignedBuffer<Double> {
        let factors = AlignedBuffer<Double>(count: features.count)
        guard metric == .cosine else {
            factors.elements.update(repeating: 1)
            return factors
        }
        nonisolated(unsafe) let base = factors.base
        let dimension = features.dimension
        features.values.withUnsafeBufferPointer { values in
            nonisolated(unsafe) let source = values.baseAddress!
            threads.forEachRange(of: features.count) { range in
                for row in range {
                    var sum = 0.0
                    for column in 0..<dimension {
                        let value = Double(source[row * dimension + column])
                        sum += value * value
                    }
                    base[row] = sum > 0 ? 1 / sum.squareRoot() : 0
                }
            }
        }
        return factors
    }

    /// Sums over chunks of rows, then over the chunks in order.
    private static func columnMeans(
        _ features: FeatureMatrix, factors: AlignedBuffer<Double>, threads: ThreadCount
    ) -> AlignedBuffer<Double> {
        let dimension = features.dimension
        let chunks = (features.count + rowsPerChunk - 1) / rowsPerChunk
        let sums = AlignedBuffer<Double>(count: chunks * dimension)
        nonisolated(unsafe) let (partial, factorBase) = (sums.base, factors.base)
        features.values.withUnsafeBufferPointer { values in
            nonisolated(unsafe) let source = values.baseAddress!
            threads.forEachChunk(of: features.count, size: rowsPerChunk) { chunk, range in
                let sum = partial + chunk * dimension
                for row in range {
                    let factor = factorBase[row]
                    for column in 0..<dimension { sum[column] += Double(source[row * dimension + column]) * factor }
                }
            }
        }
        let means = AlignedBuffer<Double>(count: dimension)
        for chunk in 0..<chunks {
            for column in 0..<dimension { means[column] += sums[chunk * dimension + column] }
        }
        for column in 0..<dimension { means[column] /= Double(features.count) }
        return means
    }

    /// The power of two that brings the largest centred magnitude into 1/2...1; 1 if all are zero.
    private static func scale(
        _ features: FeatureMatrix, factors: AlignedBuffer<Double>, means: AlignedBuffer<Double>, threads: ThreadCount
    ) -> Double {
        let dimension = features.dimension
        let largest = AlignedBuffer<Double>(count: (features.count + rowsPerChunk - 1) / rowsPerChunk)
        nonisolated(unsafe) let (partial, factorBase, meanBase) = (largest.base, factors.base, means.base)
        features.values.withUnsafeBufferPointer { values in
            nonisolated(unsafe) let source = values.baseAddress!
            threads.forEachChunk(of: features.count, size: rowsPerChunk) { chunk, range in
                var most = 0.0
                for row in range {
                    let factor = factorBase[row]
                    for column in 0..<dimension {
                        let centered = Double(source[row * dimension + column]) * factor - meanBase[column]
                        most = max(most, abs(centered))
                    }
                }
                partial[chunk] = most
            }
        }
        let most = largest.array.max() ?? 0
        return most > 0 ? Double(sign: .plus, exponent: -(most.exponent + 1), significand: 1) : 1
    }

    /// Writes the squared lengths of the differences between a row and others.
    func squaredDistances(
        from row: Int, to others: UnsafeBufferPointer<Int32>, into distances: UnsafeMutablePointer<Float>,
        kernels: KernelPath
    ) {
        let point = rows.base + row * stride
        if let code = kernels.code {
            return penumbra_neighbor_distances(
                code, rows.base, Int64(stride), point, others.baseAddress, Int64(others.count), distances)
        }
        for (place, other) in others.enumerated() {
            let otherPoint = rows.base + Int(other) * stride
            var sum = 0.0
            for column in 0..<stride {
                let difference = Double(point[column]) - Double(otherPoint[column])
                sum += difference * difference
            }
            distances[place] = Float(sum)
        }
    }
}

/// The distance between two points.
public enum DistanceMetric: String, Sendable, Codable, CaseIterable {
    /// The length of the difference.
    case euclidean
    /// 1 minus the cosine of the angle between the rows. A row of zeros is at distance 1 from every other, as in scikit-learn.
    ///
    /// Affinities are Gaussians of the distance whatever the metric, exp(−β (1 − cos)²), as in scikit-learn's TSNE, which
    /// squares the distances of every metric.
    case cosine

    /// The square of the distance, up to a factor that does not affect affinities, from the squared length of the difference of
    /// two rows of `CenteredFeatures`: rows of length 1 are √(2 (1 − cos)) apart.
    func squaredDistance(squaredDifference: Float) -> Float {
        switch self {
        case .euclidean: squaredDifference
        case .cosine: squaredDifference * squaredDifference
        }
    }
}
