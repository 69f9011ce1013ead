import Numerics

/// Linear centred kernel alignment (CKA) of two sets of features of the same samples.
///
/// With X and Y centred, K = XXᵀ and L = YYᵀ, CKA is HSIC(K, L) / √(HSIC(K, K) HSIC(L, L)). For the plain estimator HSIC is Σ K
/// ∘ L = |XᵀY|² (Kornblith et al., 2019). The debiased estimator uses the unbiased HSIC (Song et al., 2012, equation 5), which
/// for centred features becomes n (n − 3) HSIC₁ = |XᵀY|² − Σ kᵢlᵢ n / (n − 2) + Σ kᵢ Σ lᵢ / ((n − 1) (n − 2)), with k and l the
/// diagonals of K and L.
///
/// Under the bootstrap each HSIC is replaced by its linear part (its Hájek projection), to which sample i contributes 2
/// xᵢᵀ(XᵀY)yᵢ: the first-order effect of the choice of samples, without new products of all samples in each replicate.
struct KernelAlignment: WeightedStatistic {
    /// One HSIC, up to a factor that cancels in the ratio.
    struct Term: Sendable {
        /// xᵢᵀ(XᵀY)yᵢ of each sample.
        let contributions: [Double]
        let value: Double

        func value(weights: [Double]) -> Double {
            var sum = 0.0
            for index in contributions.indices { sum += (weights[index] - 1) * contributions[index] }
            return value + 2 * sum
        }
    }

    let cross: Term
    let first: Term
    let second: Term

    /// NaN if one side is constant, or so close to it that its unbiased HSIC is not positive.
    var value: Double { Self.ratio(cross.value, first.value, second.value) }

    func value(weights: [Double]) -> Double {
        Self.ratio(cross.value(weights: weights), first.value(weights: weights), second.value(weights: weights))
    }

    fileprivate static func ratio(_ cross: Double, _ first: Double, _ second: Double) -> Double {
        first > 0 && second > 0 ? cross / (first * second).squareRoot() : .nan
    }

    /// The two estimates of the alignment of two sets of features.
    struct Estimates {
        let plain: KernelAlignment
        let debiased: KernelAlignment
    }

    /// - Parameter selfContributions: each side's contributions with itself, if known.
    /// - Complexity: O(N (D² + DE + E²)) for D and E features, or O(N² (D + E)) if D · E is above 2²⁴; O(N D E) if the
    ///   contributions with themselves are known.
    static func estimates(
        _ first: KernelFactor, _ second: KernelFactor, selfContributions: ([Double], [Double])? = nil,
        threads: ThreadCount
    ) -> Estimates {
        let pairs = [(first, second), (first, first), (second, second)]
        let products = [
            first.contributions(with: second, threads: threads),
            selfContributions?.0 ?? first.contributions(with: first, threads: threads),
            selfContributions?.1 ?? second.contributions(with: second, threads: threads),
        ]
        let plain = products.map { Term(contributions: $0, value: $0.reduce(0, +)) }
        let debiased = zip(pairs, plain).map { pair, term in
            let value = unbiased(term.value, pair.0.diagonal, pair.1.diagonal)
            return Term(contributions: term.contributions, value: value)
        }
        return Estimates(
            plain: KernelAlignment(cross: plain[0], first: plain[1], second: plain[2]),
            debiased: KernelAlignment(cross: debiased[0], first: debiased[1], second: debiased[2]))
    }

    /// n (n − 3) times the unbiased HSIC; NaN for fewer than four samples.
    fileprivate static func unbiased(_ plain: Double, _ first: [Double], _ second: [Double]) -> Double {
        let count = Double(first.count)
        if count < 4 { return .nan }
        let both = zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
        let (firstSum, secondSum) = (first.reduce(0, +), second.reduce(0, +))
        return plain - both * count / (count - 2) + firstSum * secondSum / ((count - 1) * (count - 2))
    }
}

extension KernelAlignment.Estimates {
    /// Plain and debiased alignment if row i of the second features is their row `orders[p][i]`, for each order p.
    ///
    /// - Complexity: O(N D E) per order, in O(D E) memory for each.
    func permuted(
        _ first: KernelFactor, _ second: KernelFactor, orders: [[Int]]
    ) -> [(plain: Double, debiased: Double)] {
        let products = first.crossProducts(with: second, orders: orders, threads: ThreadCount(1))
        let width = second.rows.dimension
        return orders.enumerated().map { place, order in
            var sum = 0.0
            for column in 0..<first.rows.dimension {
                let line = products.values.base + column * products.stride + place * width
                for index in 0..<width { sum += line[index] * line[index] }
            }
            let diagonal = order.map { second.diagonal[$0] }
            return (
                KernelAlignment.ratio(sum, plain.first.value, plain.second.value),
                KernelAlignment.ratio(
                    KernelAlignment.unbiased(sum, first.diagonal, diagonal), debiased.first.value,
                    debiased.second.value)
            )
        }
    }
}
