/// A measure and its derivatives with respect to the weights of the samples. Under the bootstrap it is replaced by its linear
/// part (the infinitesimal jackknife; Efron, "The jackknife, the bootstrap and other resampling plans", 1982), which for smooth
/// measures differs by terms of order 1/N and costs one sum per replicate.
struct LinearStatistic: WeightedStatistic {
    /// The measure with each sample counted once; NaN if it is undefined.
    let value: Double
    /// The change in the measure if a sample counts once more.
    let influences: [Double]

    func value(weights: [Double]) -> Double {
        var sum = 0.0
        for sample in influences.indices { sum += (weights[sample] - 1) * influences[sample] }
        return value + sum
    }
}

extension RankCorrelation {
    /// Spearman's correlation and its derivatives with respect to the weight of each pair, including the change of all ranks;
    /// NaN and zeros if either side is constant.
    ///
    /// With centred ranks u and v, A = Σu², B = Σv² and C = Σuv, the correlation is C / √(AB). Adding one more of pair q moves
    /// the rank of every pair p with a larger number by 1, and of one with an equal number by ½.
    /// - Complexity: O(n).
    var linear: LinearStatistic {
        let (u, v) = (first.centredRanks, second.centredRanks)
        var (a, b, c) = (0.0, 0.0, 0.0)
        for pair in u.indices {
            a += u[pair] * u[pair]
            b += v[pair] * v[pair]
            c += u[pair] * v[pair]
        }
        if a == 0 || b == 0 {
            return LinearStatistic(value: .nan, influences: [Double](repeating: 0, count: u.count))
        }
        let scale = (a * b).squareRoot()
        let correlation = max(-1, min(1, c / scale))
        let (uAbove, vAbove) = (first.sumsAbove(u), second.sumsAbove(v))
        let (uBySecond, vByFirst) = (second.sumsAbove(u), first.sumsAbove(v))
        let influences = u.indices.map { pair in
            let product = u[pair] * v[pair] + vByFirst[pair] + uBySecond[pair]
            let squares =
                (u[pair] * u[pair] + 2 * uAbove[pair]) / a + (v[pair] * v[pair] + 2 * vAbove[pair]) / b
            return product / scale - correlation / 2 * squares
        }
        return LinearStatistic(value: correlation, influences: influences)
    }
}
