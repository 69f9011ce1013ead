import Determinism

/// A copy of the features made fit for distances: every column's mean taken off in double precision, then all scaled by
/// one power of two so that the largest magnitude lies in 1/2...1, with rows filled up with zeros to whole vectors.
///
/// Distances between rows change by that power of two alone, which neither neighbours nor affinities see; but products
/// of rows lose no digits to a common offset, and neither overflow nor vanish.
final class CenteredFeatures {
    let count: Int
    let dimension: Int
    /// The distance between the beginnings of two rows: `dimension` rounded up to a multiple of 16.
    let stride: Int
    /// Row after row, `stride` numbers each.
    let rows: AlignedBuffer<Float>
    /// The squared length of every row.
    let squaredNorms: AlignedBuffer<Float>

    /// - Complexity: O(N × D) time and memory.
    init(_ features: FeatureMatrix, threads: ThreadCount) {
        count = features.count
        dimension = features.dimension
        stride = (dimension + 15) / 16 * 16
        rows = AlignedBuffer(count: count * stride)
        squaredNorms = AlignedBuffer(count: count)
        let means = Self.columnMeans(features, threads: threads)
        features.values.withUnsafeBufferPointer { values in
            let scale = Self.scale(values, means: means, threads: threads)
            nonisolated(unsafe) let (source, target, norms) = (values.baseAddress!, rows.base, squaredNorms.base)
            let (dimension, stride) = (dimension, stride)
            threads.forEachRange(of: count) { range in
                for row in range {
                    var norm = 0.0
                    for column in 0..<dimension {
                        let value = Float((Double(source[row * dimension + column]) - means[column]) * scale)
                        target[row * stride + column] = value
                        norm += Double(value) * Double(value)
                    }
                    norms[row] = Float(norm)
                }
            }
        }
    }

    /// Sums by chunks of rows, and then over the chunks in their order.
    private static func columnMeans(_ features: FeatureMatrix, threads: ThreadCount) -> [Double] {
        let dimension = features.dimension
        let rowsPerChunk = 1_024
        let chunks = (features.count + rowsPerChunk - 1) / rowsPerChunk
        let sums = AlignedBuffer<Double>(count: chunks * dimension)
        nonisolated(unsafe) let partial = sums.base
        features.values.withUnsafeBufferPointer { values in
            nonisolated(unsafe) let source = values.baseAddress!
            threads.forEachChunk(of: features.count, size: rowsPerChunk) { chunk, range in
                let sum = partial + chunk * dimension
                for row in range {
                    for column in 0..<dimension { sum[column] += Double(source[row * dimension + column]) }
                }
            }
        }
        return (0..<dimension).map { column in
            var sum = 0.0
            for chunk in 0..<chunks { sum += sums[chunk * dimension + column] }
            return sum / Double(features.count)
        }
    }

    /// The power of two by which the largest centred magnitude comes to lie in 1/2...1; 1 when all are zero.
    private static func scale(
        _ values: UnsafeBufferPointer<Float>, means: [Double], threads: ThreadCount
    ) -> Double {
        let dimension = means.count
        let count = values.count / dimension
        let largest = AlignedBuffer<Double>(count: (count + 1_023) / 1_024)
        nonisolated(unsafe) let (source, partial) = (values.baseAddress!, largest.base)
        threads.forEachChunk(of: count, size: 1_024) { chunk, range in
            var most = 0.0
            for row in range {
                for column in 0..<dimension {
                    most = max(most, abs(Double(source[row * dimension + column]) - means[column]))
                }
            }
            partial[chunk] = most
        }
        let most = largest.array.max() ?? 0
        return most > 0 ? Double(sign: .plus, exponent: -(most.exponent + 1), significand: 1) : 1
    }
}
