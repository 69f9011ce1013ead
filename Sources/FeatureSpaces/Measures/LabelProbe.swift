import Numerics

/// How much of the label distributions a linear model can read off the features: R² of ridge regression (Hoerl and Kennard,
/// "Ridge regression: biased estimation for nonorthogonal problems", 1970) from the features to all K probabilities, on samples
/// that it was not fitted to.
///
/// The seed deals the samples to five folds. For each fold, the penalty is chosen on the next fold, from a fit to the other
/// three; the model is then fitted to all four. Penalties are `relativePenalties` times the number of fitted samples and the
/// total variance of the features, so neither the unit nor the axes matter. A fit equals scikit-learn's `Ridge` with an
/// intercept. R² is 1 − Σ |y − ŷ|² / Σ |y − ȳ|² over samples and classes, with ȳ the mean label. It is at most about 0 if the
/// features carry no information about the labels, so it needs no permutations.
///
/// Under the bootstrap the predictions are fixed and samples are drawn.
struct LabelProbe: WeightedStatistic {
    /// |y − ŷ|² of every sample; empty if there is nothing to fit.
    let errors: [Double]
    /// |y − ȳ|² of every sample.
    let spreads: [Double]

    static let folds = 5
    static let relativePenalties = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1]
    /// If there are more features, and more samples, than this, the features of largest variance are used.
    static let mostFeatures = 2_048

    /// How many of `dimension` features the probe of `count` samples uses.
    static func featureCount(samples count: Int, dimension: Int) -> Int {
        count > mostFeatures ? min(dimension, mostFeatures) : dimension
    }

    func value(weights: [Double]) -> Double {
        var (error, spread) = (0.0, 0.0)
        for sample in errors.indices {
            error += weights[sample] * errors[sample]
            spread += weights[sample] * spreads[sample]
        }
        return spread > 0 ? 1 - error / spread : .nan
    }

    /// The probe is undefined for fewer than ten samples, constant features, or equal labels.
    /// - Complexity: O(N D² + D³) for the smaller of D features and N.
    init(_ rows: CenteredRows, labels: LabelMatrix, folds: [[Int]], threads: ThreadCount) {
        guard labels.count >= 2 * Self.folds, let spreads = Self.spreads(labels) else {
            (errors, self.spreads) = ([], [])
            return
        }
        let design = RidgeDesign(ProbeRows(rows, threads: threads), labels: labels, folds: folds, threads: threads)
        guard design.variance > 0, let errors = Self.errors(design, threads: threads) else {
            (self.errors, self.spreads) = ([], [])
            return
        }
        (self.errors, self.spreads) = (errors, spreads)
    }

    /// The samples of each fold.
    static func folds(of count: Int, seed: UInt64) -> [[Int]] {
        var random = CounterRandom(seed: seed, RandomStream.folds.rawValue)
        let order = random.permutation(of: count)
        return (0..<folds).map { fold in stride(from: fold, to: count, by: folds).map { order[$0] }.sorted() }
    }

    /// Nil if all labels are equal.
    private static func spreads(_ labels: LabelMatrix) -> [Double]? {
        let width = labels.classCount
        var means = [Double](repeating: 0, count: width)
        for (place, value) in labels.values.enumerated() { means[place % width] += value / Double(labels.count) }
        let spreads = (0..<labels.count).map { sample in
            (0..<width).reduce(0) { sum, index in
                let difference = labels.values[sample * width + index] - means[index]
                return sum + difference * difference
            }
        }
        return spreads.contains { $0 > 1e-20 } ? spreads : nil
    }

    /// The errors of all samples; nil if a fit fails, as it may if features are so degenerate that the smallest penalty does
    /// not help.
    private static func errors(_ design: RidgeDesign, threads: ThreadCount) -> [Double]? {
        let (folds, penalties) = (design.folds.count, relativePenalties.count)
        let trials = AlignedBuffer<Double>(count: folds * penalties)
        nonisolated(unsafe) let (trialBase, source) = (trials.base, design)
        threads.forEachChunkDynamically(of: folds * penalties, size: 1) { _, _, range in
            let (fold, penalty) = (range.lowerBound / penalties, range.lowerBound % penalties)
            let inner = (fold + 1) % folds
            let found = source.errors(
                predicting: inner, without: [fold, inner], relativePenalty: relativePenalties[penalty])
            trialBase[range.lowerBound] = found?.reduce(0, +) ?? .infinity
        }
        let chosen = (0..<folds).map { fold in
            (0..<penalties).min { trials[fold * penalties + $0] < trials[fold * penalties + $1] }!
        }
        let errors = AlignedBuffer<Double>(count: design.labels.count)
        nonisolated(unsafe) let target = errors.base
        let failed = AlignedBuffer<Int32>(count: folds)
        nonisolated(unsafe) let failedBase = failed.base
        threads.forEachChunkDynamically(of: folds, size: 1) { _, fold, _ in
            guard
                let found = source.errors(
                    predicting: fold, without: [fold], relativePenalty: relativePenalties[chosen[fold]])
            else {
                failedBase[fold] = 1
                return
            }
            for (place, sample) in source.folds[fold].enumerated() { target[sample] = found[place] }
        }
        return failed.array.contains(1) ? nil : errors.array
    }
}

/// The features that the probe sees, in double precision, in the smallest equivalent form.
struct ProbeRows {
    let values: AlignedBuffer<Double>
    let count: Int
    let dimension: Int
    let kernels: KernelPath

    init(_ rows: CenteredRows, threads: ThreadCount) {
        (count, kernels) = (rows.count, rows.kernels)
        if rows.dimension <= min(rows.count, LabelProbe.mostFeatures) {
            (values, dimension) = (rows.values, rows.dimension)
        } else if rows.count <= LabelProbe.mostFeatures {
            // More features than samples: ridge regression depends only on inner products.
            let stride = PackedColumns<Double>.stride(rows.count)
            let products = AlignedBuffer<Double>(count: rows.count * stride)
            nonisolated(unsafe) let (source, target) = (rows, products.base)
            threads.forEachChunk(of: rows.count, size: CenteredRows.Strip.rows(of: rows.count)) { _, range in
                let strip = CenteredRows.Strip(source)
                strip.compute(range)
                for row in range {
                    let line = strip.line(row - range.lowerBound)
                    (target + row * stride).update(from: line.baseAddress!, count: line.count)
                }
            }
            let coordinates = GramCoordinates(ofProducts: products, size: rows.count, stride: stride)
            (values, dimension) = (coordinates.values, coordinates.dimension)
        } else {
            dimension = LabelProbe.mostFeatures
            var squares = [Double](repeating: 0, count: rows.dimension)
            for row in 0..<rows.count {
                let line = rows.values.base + row * rows.dimension
                for column in squares.indices { squares[column] += line[column] * line[column] }
            }
            let chosen = squares.indices.sorted { (-squares[$0], $0) < (-squares[$1], $1) }.prefix(dimension).sorted()
            values = AlignedBuffer(count: rows.count * dimension)
            for row in 0..<rows.count {
                for (place, column) in chosen.enumerated() {
                    values[row * dimension + place] = rows.values[row * rows.dimension + column]
                }
            }
        }
    }
}
