import Numerics

/// Sums over the folds of a ridge regression; a fit to any of the folds follows from them without another pass over the
/// samples.
final class RidgeDesign {
    /// The samples of each fold.
    let folds: [[Int]]
    let labels: LabelMatrix
    /// The sum of the variances of all features.
    let variance: Double

    private let rows: ProbeRows
    private let stride: Int
    private let sums: [Fold]

    private static let linesPerChunk = 96
    private static let depthPerBlock = 256

    /// The contribution of one fold to the sums.
    private struct Fold {
        let rows: AlignedBuffer<Double>
        /// XᵀX, D × D, from the diagonal on.
        let products: AlignedBuffer<Double>
        let means: [Double]
        /// YᵀX, K × D.
        let labelProducts: [Double]
        let labelSums: [Double]
    }

    /// - Complexity: O(N D (D + K)).
    init(_ rows: ProbeRows, labels: LabelMatrix, folds: [[Int]], threads: ThreadCount) {
        (self.rows, self.labels, self.folds) = (rows, labels, folds)
        stride = PackedColumns<Double>.stride(rows.dimension)
        let (dimension, width, stride) = (rows.dimension, labels.classCount, stride)
        sums = folds.map { samples in
            let values = AlignedBuffer<Double>(count: samples.count * dimension)
            var (means, labelSums) = ([Double](repeating: 0, count: dimension), [Double](repeating: 0, count: width))
            var labelProducts = [Double](repeating: 0, count: width * dimension)
            for (place, sample) in samples.enumerated() {
                let row = values.base + place * dimension
                row.update(from: rows.values.base + sample * dimension, count: dimension)
                means.withUnsafeMutableBufferPointer { sum in for column in 0..<dimension { sum[column] += row[column] }
                }
                labelProducts.withUnsafeMutableBufferPointer { products in
                    for index in 0..<width {
                        let share = labels.values[sample * width + index]
                        labelSums[index] += share
                        if share == 0 { continue }
                        let target = products.baseAddress! + index * dimension
                        for column in 0..<dimension { target[column] += share * row[column] }
                    }
                }
            }
            let products = Self.products(
                values, count: samples.count, dimension: dimension, stride: stride, kernels: rows.kernels,
                threads: threads)
            return Fold(
                rows: values, products: products, means: means, labelProducts: labelProducts, labelSums: labelSums)
        }
        var variance = 0.0
        for column in 0..<dimension {
            let square = sums.reduce(0) { $0 + $1.products[column * stride + column] }
            let sum = sums.reduce(0) { $0 + $1.means[column] }
            variance += max(0, square - sum * sum / Double(rows.count)) / Double(rows.count)
        }
        self.variance = variance
    }

    /// XᵀX; of each row, the part that begins at the last multiple of `linesPerChunk` up to the diagonal.
    private static func products(
        _ values: AlignedBuffer<Double>, count: Int, dimension: Int, stride: Int, kernels: KernelPath,
        threads: ThreadCount
    ) -> AlignedBuffer<Double> {
        let products = AlignedBuffer<Double>(count: dimension * stride)
        nonisolated(unsafe) let (source, target) = (values, products.base)
        threads.forEachChunkDynamically(of: dimension, size: linesPerChunk) { _, _, lines in
            let width = dimension - lines.lowerBound
            let columns = PackedColumns<Double>(
                mostColumns: width, mostDepth: min(depthPerBlock, count), kernels: kernels)
            let matrix = MatrixLines(
                base: UnsafePointer(source.base), lineStride: 1, depthStride: dimension
            ).from(line: lines.lowerBound)
            for first in Swift.stride(from: 0, to: count, by: depthPerBlock) {
                columns.set(matrix.from(depth: first), count: width, depth: min(depthPerBlock, count - first))
                columns.multiply(
                    matrix.from(depth: first), rowCount: lines.count,
                    into: target + lines.lowerBound * stride + lines.lowerBound, stride: stride, adds: first > 0)
            }
        }
        return products
    }

    /// |y − ŷ|² of the samples of fold `predicted`, from a fit to all folds except `excluded`; nil if the fit fails.
    ///
    /// The fit solves (XᵀX + αI) W = XᵀY with centred X and Y, where α is the relative penalty times the number of fitted
    /// samples and the total variance; ŷ = ȳ + (x − x̄) W.
    /// - Complexity: O(D³ + D² K) for D features.
    func errors(predicting predicted: Int, without excluded: [Int], relativePenalty: Double) -> [Double]? {
        let fitted = folds.indices.filter { !excluded.contains($0) }
        let (dimension, width) = (rows.dimension, labels.classCount)
        let count = Double(fitted.reduce(0) { $0 + folds[$1].count })
        var means = [Double](repeating: 0, count: dimension)
        var labelMeans = [Double](repeating: 0, count: width)
        for fold in fitted {
            for column in 0..<dimension { means[column] += sums[fold].means[column] / count }
            for index in 0..<width { labelMeans[index] += sums[fold].labelSums[index] / count }
        }
        let matrix = AlignedBuffer<Double>(count: dimension * stride)
        let sides = AlignedBuffer<Double>(count: width * dimension)
        let parts = fitted.map { sums[$0].products.base }
        let base = matrix.base
        means.withUnsafeBufferPointer { means in
            for row in 0..<dimension {
                let (line, factor) = (row * stride, count * means[row])
                for column in row..<dimension { base[line + column] = -factor * means[column] }
                for part in parts {
                    for column in row..<dimension { base[line + column] += part[line + column] }
                }
            }
        }
        let penalty = relativePenalty * count * variance
        for row in 0..<dimension { matrix[row * stride + row] += penalty }
        for index in 0..<width {
            for fold in fitted {
                for column in 0..<dimension {
                    sides[index * dimension + column] += sums[fold].labelProducts[index * dimension + column]
                }
            }
            for column in 0..<dimension {
                sides[index * dimension + column] -= count * labelMeans[index] * means[column]
            }
        }
        guard let factor = CholeskyFactor(matrix, size: dimension, stride: stride) else { return nil }
        factor.solve(sides, count: width)
        return errors(of: predicted, sides, means: means, labelMeans: labelMeans)
    }

    private func errors(
        of fold: Int, _ coefficients: AlignedBuffer<Double>, means: [Double], labelMeans: [Double]
    ) -> [Double] {
        let (dimension, width, samples) = (rows.dimension, labels.classCount, folds[fold])
        let columns = PackedColumns<Double>(mostColumns: width, mostDepth: dimension, kernels: rows.kernels)
        columns.set(
            MatrixLines(base: UnsafePointer(coefficients.base), lineStride: dimension, depthStride: 1), count: width,
            depth: dimension)
        let stride = PackedColumns<Double>.stride(width)
        let predictions = AlignedBuffer<Double>(count: samples.count * stride)
        columns.multiply(
            MatrixLines(base: UnsafePointer(sums[fold].rows.base), lineStride: dimension, depthStride: 1),
            rowCount: samples.count, into: predictions.base, stride: stride)
        let offsets = (0..<width).map { index in
            labelMeans[index]
                - (0..<dimension).reduce(0) { $0 + means[$1] * coefficients[index * dimension + $1] }
        }
        return samples.enumerated().map { place, sample in
            (0..<width).reduce(0) { sum, index in
                let difference =
                    labels.values[sample * width + index] - predictions[place * stride + index] - offsets[index]
                return sum + difference * difference
            }
        }
    }
}
