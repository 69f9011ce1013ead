/// The exaggeration and the learning rate of each iteration, and the automatic end of phases and run.
///
/// With the automatic end (Belkina et al., "Automated optimized parameters for t-distributed stochastic neighbor embedding
/// improve visualization and analysis of large datasets", 2019), the divergence is checked at every third iteration of the
/// early phase. This phase ends when the relative drop between checks has passed its maximum, or at its time limit. After that,
/// the divergence is checked at every fifth iteration, and the run ends once the drop is below 1/5000 of the divergence.
struct PhaseSchedule {
    let parameters: TSNEParameters
    let count: Int
    private(set) var convergence: DescentState.Convergence

    private static let iterationsPerEarlyLook = 3
    private static let iterationsPerLook = 5
    /// The first iterations of a phase are not yet informative.
    private static let iterationsBeforeLooks = 15
    private static let looksBelowLargest = 2
    private static let leastRelativeDrop = 1.0 / 5_000

    init(parameters: TSNEParameters, count: Int, convergence: DescentState.Convergence = .init()) {
        self.parameters = parameters
        self.count = count
        self.convergence = convergence
    }

    private var isAutomatic: Bool { parameters.stopping == .automatic }

    func isEarly(_ iteration: Int) -> Bool { iteration < earlyEnd }

    /// The iteration at which the early phase has ended, or will end at the latest.
    var earlyEnd: Int { convergence.earlyEnd ?? parameters.earlyExaggerationIterations }

    func exaggeration(at iteration: Int) -> Double {
        if isEarly(iteration) { return parameters.earlyExaggeration }
        let late = parameters.lateExaggerationStart ?? earlyEnd
        return iteration >= late ? parameters.lateExaggeration : 1
    }

    func learningRate(at iteration: Int) -> Double {
        parameters.learningRate(count: count, exaggeration: exaggeration(at: iteration))
    }

    /// Whether the divergence is needed at this iteration.
    func looks(at iteration: Int) -> Bool {
        guard isAutomatic, iteration > 0 else { return false }
        let phase = isEarly(iteration) ? iteration : iteration - earlyEnd
        let interval = isEarly(iteration) ? Self.iterationsPerEarlyLook : Self.iterationsPerLook
        return phase >= Self.iterationsBeforeLooks && phase % interval == 0
    }

    /// Records the divergence, if `looks` requested it.
    mutating func record(divergence: Double, at iteration: Int) {
        defer { convergence.divergence = divergence }
        guard let before = convergence.divergence else { return }
        let drop = (before - divergence) / abs(before)
        if drop > convergence.largestDrop {
            convergence.largestDrop = drop
            convergence.looksBelow = 0
        } else {
            convergence.looksBelow += 1
        }
        // Before a phase has had any effect, a small drop does not mean that it is over.
        guard convergence.largestDrop > Self.leastRelativeDrop else { return }
        if !isEarly(iteration) {
            convergence.isConverged = drop < Self.leastRelativeDrop
        } else if convergence.looksBelow >= Self.looksBelowLargest {
            convergence.earlyEnd = iteration
            convergence.largestDrop = 0
        }
    }
}
