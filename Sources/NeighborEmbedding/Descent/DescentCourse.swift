import Numerics
import Foundation

/// A descent in progress. Between iterations it holds everything that the next one depends on; `state` is a copy of that.
final class DescentCourse {
    let layout: MovingLayout
    private(set) var schedule: PhaseSchedule
    private(set) var iteration = 0
    private(set) var klTrace: [Layout.TracePoint] = []
    private(set) var repulsionEvaluations = 0
    /// The divergence after this iteration, set at every 50th.
    private(set) var reportedDivergence: Double?

    private let parameters: TSNEParameters
    private let kernel: StudentKernel
    private let threads: ThreadCount
    private let kernels: KernelPath
    private let negativeEntropy: Double
    private let totalAffinity: Double
    private var attraction: AttractiveForces
    private let repulsion: any RepulsionMethod
    /// How far the points have moved since the repulsion was computed: the sum of the steps' root mean squares.
    private var drift = 0.0
    private var stepThreads: ThreadChooser
    private var repulsionThreads: ThreadChooser
    private let clock = ContinuousClock()

    /// The layout takes shape in the first iterations and then changes more and more slowly.
    private static func reorders(before iteration: Int) -> Bool {
        if iteration == 0 || iteration == 50 || iteration == 100 { return true }
        return iteration % 250 == 0 && (iteration / 250).nonzeroBitCount == 1
    }

    init(
        _ initial: [Float], affinities: SparseAffinities, parameters: TSNEParameters, threads: ThreadCount,
        kernels: KernelPath
    ) {
        let count = affinities.count
        self.parameters = parameters
        self.threads = threads
        self.kernels = kernels
        kernel = StudentKernel(degreesOfFreedom: parameters.degreesOfFreedom)
        schedule = PhaseSchedule(parameters: parameters, count: count)
        layout = MovingLayout(coordinates: initial, threads: threads)
        attraction = AttractiveForces(affinities: affinities.rows, kernel: kernel, kernels: kernels)
        (negativeEntropy, totalAffinity) = (affinities.negativeEntropy, affinities.total)
        repulsion = Self.makeRepulsion(
            parameters.resolvedGradientMethod(count: count), count: count, kernel: kernel, threads: threads,
            kernels: kernels)
        stepThreads = ThreadChooser(most: threads)
        repulsionThreads = ThreadChooser(most: threads)
    }

    private static func makeRepulsion(
        _ method: TSNEParameters.GradientMethod, count: Int, kernel: StudentKernel, threads: ThreadCount,
        kernels: KernelPath
    ) -> any RepulsionMethod {
        switch method {
        case .automatic, .exact: ExactRepulsion(count: count, kernel: kernel, kernels: kernels)
        case .barnesHut(let theta):
            BarnesHutRepulsion(count: count, theta: theta, kernel: kernel, threads: threads, kernels: kernels)
        case .interpolation(let grid):
            InterpolationRepulsion(
                count: count,
                kernel: InterpolationKernel(
                    degreesOfFreedom: kernel.degreesOfFreedom, exponent: kernel.degreesOfFreedom),
                parameters: grid.mesh, cutoffs: InterpolationCutoff(), kernels: kernels)
        }
    }

    var isAtEnd: Bool { iteration >= parameters.iterations || schedule.convergence.isConverged }

    /// Takes one step and prepares the next.
    func advance() throws(TSNEError) {
        let step = MovingLayout.Step(
            exaggeration: schedule.exaggeration(at: iteration), momentum: Descent.momentum,
            learningRate: schedule.learningRate(at: iteration), mostStep: parameters.maxStepNorm ?? .infinity)
        let start = clock.now
        let isFinite = layout.step(step, along: attraction, threads: stepThreads.threads)
        stepThreads.record(seconds: (clock.now - start) / .seconds(1))
        iteration += 1
        guard isFinite else { throw .diverged(iteration: iteration) }
        drift += layout.lastStep
        try prepare()
    }

    /// Reorders the points and computes the repulsion and the divergence, each if it is due.
    func prepare() throws(TSNEError) {
        let reorders = Self.reorders(before: iteration)
        if reorders {
            let moves = layout.reorder(threads: threads)
            attraction = AttractiveForces(
                affinities: attraction.affinities.reordered(by: moves, threads: threads), kernel: kernel,
                kernels: kernels)
        }
        let reports = iteration % TSNE.iterationsPerReport == 0 || iteration == parameters.iterations
        let looks = schedule.looks(at: iteration)
        let tolerance = parameters.resolvedRepulsionTolerance(count: layout.count) * min(1, layout.radius)
        if reorders || reports || looks || !(drift < tolerance) { try computeRepulsion() }
        reportedDivergence = nil
        guard reports || looks else { return }
        let divergence = divergence(normalization: layout.normalization)
        if looks { schedule.record(divergence: divergence, at: iteration) }
        if reports {
            reportedDivergence = divergence
            klTrace.append(Layout.TracePoint(iteration: iteration, klDivergence: divergence))
        }
    }

    private func computeRepulsion() throws(TSNEError) {
        let start = clock.now
        layout.normalization = try repulsion.evaluate(
            at: layout.points, into: layout.repulsion, threads: repulsionThreads.threads)
        repulsionThreads.record(seconds: (clock.now - start) / .seconds(1))
        // A mesh around a line leaves some rounding error across it.
        if parameters.dimensions == 1 { layout.repulsion.y.update(repeating: 0, count: layout.count) }
        guard layout.normalization.isFinite, layout.normalization > 0 else { throw .diverged(iteration: iteration) }
        drift = 0
        repulsionEvaluations += 1
    }

    private func divergence(normalization: Double) -> Double {
        KullbackLeibler(
            attraction: attraction, negativeEntropy: negativeEntropy, total: totalAffinity, threads: threads
        ).divergence(at: layout.pairs.base, normalization: normalization)
    }

    /// The divergence of the current layout: with the exact sum of w over all pairs, or with the method's own.
    func lastDivergence(exactly: Bool) throws(TSNEError) -> Double {
        let method: any RepulsionMethod =
            exactly ? ExactRepulsion(count: layout.count, kernel: kernel, kernels: kernels) : repulsion
        let unused = PlanarBuffer(count: layout.count)
        return divergence(normalization: try method.evaluate(at: layout.points, into: unused, threads: threads))
    }

    var state: DescentState {
        func planar(_ buffer: PlanarBuffer) -> [Float] { buffer.xBuffer.array + buffer.yBuffer.array }
        return DescentState(
            iteration: iteration, order: layout.order.array, points: planar(layout.points),
            velocity: planar(layout.velocity), gain: planar(layout.gain), repulsion: planar(layout.repulsion),
            normalization: layout.normalization, drift: drift, repulsionEvaluations: repulsionEvaluations,
            sums: [layout.sums.x, layout.sums.y, layout.sums.squares, layout.sums.squaredSteps], klTrace: klTrace,
            convergence: schedule.convergence)
    }

    /// Resumes from a state of a run with the same features and parameters.
    func resume(_ state: DescentState) {
        layout.restore(state)
        attraction = AttractiveForces(
            affinities: attraction.affinities.reordered(by: layout.order, threads: threads), kernel: kernel,
            kernels: kernels)
        schedule = PhaseSchedule(parameters: parameters, count: layout.count, convergence: state.convergence)
        iteration = state.iteration
        drift = state.drift
        repulsionEvaluations = state.repulsionEvaluations
        klTrace = state.klTrace
        if let last = klTrace.last, last.iteration == iteration { reportedDivergence = last.klDivergence }
    }
}
