/// Which exaggeration and learning rate hold at an iteration, and when phases and run end by themselves.
///
/// Where the end is automatic (Belkina et al., "Automated optimized parameters for t-distributed stochastic neighbor
/// embedding improve visualization and analysis of large datasets", 2019), the divergence is looked at every third
/// iteration of the early phase, which ends when the relative drop from look to look has passed its largest, or as long as
/// it may last; and every fifth iteration after, where the run ends once the drop is below 1/5000 of the divergence.
struct PhaseSchedule {
    let parameters: TSNEParameters
    let count: Int
    private(set) var convergence: DescentState.Convergence

    private static let iterationsPerEarlyLook = 3
    private static let iterationsPerLook = 5
    /// The first iterations of a phase say nothing yet.
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

    /// Where the early phase ends at the latest, or has ended.
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

    /// Takes note of the divergence where `looks` asked for it.
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
        // Before a phase has shown any effect, a small drop does not mean that it is over.
        guard convergence.largestDrop > Self.leastRelativeDrop else { return }
        if !isEarly(iteration) {
            convergence.isConverged = drop < Self.leastRelativeDrop
        } else if convergence.looksBelow >= Self.looksBelowLargest {
            convergence.earlyEnd = iteration
            convergence.largestDrop = 0
        }
    }
}
