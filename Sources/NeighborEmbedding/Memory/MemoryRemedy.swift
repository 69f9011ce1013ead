import Numerics

/// A change of parameters that lets a run take less memory.
public enum MemoryRemedy: Sendable, Equatable, CustomStringConvertible {
    /// The exact search for neighbours, which needs no second copy of the features.
    case exactSearch
    /// Forces by interpolation on the default grid, which needs the least for many points or threads.
    case interpolation
    /// This many principal components in place of the features.
    case principalComponents(Int)
    /// This perplexity, in place of all requested ones.
    case perplexity(Int)

    /// The remedy, in the terms of `TSNEParameters`.
    public var description: String {
        switch self {
        case .exactSearch: "the exact search for neighbours"
        case .interpolation: "the interpolated gradient"
        case .principalComponents(let number): "\(number) principal components in place of the features"
        case .perplexity(let perplexity): "a perplexity of \(perplexity)"
        }
    }

    /// Applies the remedy.
    private func apply(to parameters: inout TSNEParameters) {
        switch self {
        case .exactSearch: parameters.neighborSearch = .exact
        case .interpolation: parameters.gradientMethod = .interpolation(InterpolationGrid())
        case .principalComponents(let number): parameters.reduction = .principalComponents(number)
        case .perplexity(let perplexity): parameters.perplexities = [Double(perplexity)]
        }
    }

    /// Beyond this many points, an exact search takes hours.
    private static let mostPointsForExactSearch = 200_000
    private static let components = 50
    private static let leastPerplexity = 5

    /// The fewest remedies with which a run that needs too much takes at most `available` bytes; empty if nothing helps. A
    /// lower perplexity, which changes what the layout shows, is included only if necessary.
    static func remedies(
        count: Int, dimension: Int, parameters: TSNEParameters, threads: ThreadCount, available: Int
    ) -> [MemoryRemedy] {
        func fits(_ remedies: [MemoryRemedy]) -> Bool {
            var changed = parameters
            for remedy in remedies { remedy.apply(to: &changed) }
            return MemoryEstimate(count: count, dimension: dimension, parameters: changed, threads: threads).peak
                <= available
        }
        var remedies = [MemoryRemedy.interpolation]
        if dimension > components, !parameters.reduction.isTo(atMost: components) {
            remedies.append(.principalComponents(components))
        }
        if count <= mostPointsForExactSearch { remedies.append(.exactSearch) }
        let sets = remedies.reduce([[]]) { sets, remedy in sets + sets.map { $0 + [remedy] } }
        // The sort is stable: among sets of equal size, earlier ones are tried first.
        let bySize = sets.sorted { $0.count < $1.count }
        if let set = bySize.first(where: fits) { return set }
        let highest = min(parameters.perplexities.max()!.rounded(.up), Double(Int32.max)) - 1
        for set in bySize where fits(set + [.perplexity(leastPerplexity)]) {
            var (low, high) = (leastPerplexity, max(leastPerplexity, Int(highest)))
            while low < high {
                let middle = (low + high + 1) / 2
                if fits(set + [.perplexity(middle)]) { low = middle } else { high = middle - 1 }
            }
            return set + [.perplexity(low)]
        }
        return []
    }
}

extension TSNEParameters.Reduction {
    fileprivate func isTo(atMost most: Int) -> Bool {
        if case .principalComponents(let number) = self { number <= most } else { false }
    }
}

extension MemoryEstimate {
    /// - Throws: `notEnoughMemory` if the run would take more than `available` bytes.
    static func check(
        count: Int, dimension: Int, parameters: TSNEParameters, threads: ThreadCount, available: Int
    ) throws(TSNEError) {
        let needed = MemoryEstimate(count: count, dimension: dimension, parameters: parameters, threads: threads).peak
        if needed <= available { return }
        throw .notEnoughMemory(
            needed: needed, available: available,
            remedies: MemoryRemedy.remedies(
                count: count, dimension: dimension, parameters: parameters, threads: threads, available: available))
    }
}
