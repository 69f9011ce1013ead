import Determinism
import Foundation

/// The iterations of a run: from an initial layout and affinities to the last layout.
struct Descent {
    /// What the iterations leave.
    struct Result {
        let coordinates: [Float]
        let klTrace: [Layout.TracePoint]
        let klDivergence: Double
        let gradientMethod: TSNEParameters.GradientMethod
        let earlyLearningRate: Double
        let learningRate: Double
        let iterations: Int
        let isComplete: Bool
    }

    let affinities: SparseAffinities
    let initial: [Float]
    let parameters: TSNEParameters
    let threads: ThreadCount
    let kernels: KernelPath

    /// The share of the last step that the next keeps, in both phases. With .5 in the early phase the divergence after
    /// 5,000 iterations was higher, by .15 % in the mean of three seeds on features of a network and on digits.
    static let momentum = 0.8

    /// Up to here the divergence of the last layout is summed over all pairs, whatever the gradient's method.
    private static let mostPointsOfExactDivergence = 100_000

    func run(progress: (TSNEProgress) -> TSNEProgress.Decision) throws(TSNEError) -> Result {
        let count = affinities.count
        let method = parameters.resolvedGradientMethod(count: count)
        let attraction = AttractiveForces(affinities: affinities, kernels: kernels)
        let divergence = KullbackLeibler(attraction: attraction, threads: threads)
        let gradient = makeGradient(method, attraction: attraction)
        let descent = GradientDescent(coordinates: initial, threads: threads, kernels: kernels)
        let forces = Forces(count: count)
        let earlyRate = parameters.learningRate(count: count, exaggeration: parameters.earlyExaggeration)
        let mainRate = parameters.learningRate(count: count, exaggeration: 1)
        var trace: [Layout.TracePoint] = []
        let clock = ContinuousClock()
        var chooser = ThreadChooser(most: threads)
        var pace = Pace()
        var iteration = 0
        while true {
            let start = clock.now
            gradient.evaluate(at: descent.points, into: forces, threads: chooser.threads)
            chooser.record(seconds: (clock.now - start) / .seconds(1))
            guard forces.normalization.isFinite, forces.normalization > 0 else { throw .diverged(iteration: iteration) }
            var kl: Double?
            if iteration % TSNE.iterationsPerReport == 0 || iteration == parameters.iterations {
                kl = divergence.divergence(at: descent.points, normalization: forces.normalization)
                trace.append(Layout.TracePoint(iteration: iteration, klDivergence: kl!))
            }
            let isEarly = iteration < parameters.earlyExaggerationIterations
            let report = TSNEProgress(
                phase: isEarly ? .earlyExaggeration : .main, iteration: iteration, iterations: parameters.iterations,
                klDivergence: kl, iterationsPerSecond: pace.iterationsPerSecond(at: iteration))
            if progress(report) == .stop || iteration == parameters.iterations { break }
            let isFinite = descent.step(
                forces: forces, exaggeration: isEarly ? parameters.earlyExaggeration : 1, momentum: Self.momentum,
                learningRate: isEarly ? earlyRate : mainRate)
            iteration += 1
            guard isFinite else { throw .diverged(iteration: iteration) }
        }
        let normalization = lastNormalization(of: descent.points, forces: forces, method: method)
        let last = divergence.divergence(at: descent.points, normalization: normalization)
        if trace.last?.iteration == iteration { trace.removeLast() }
        trace.append(Layout.TracePoint(iteration: iteration, klDivergence: last))
        return Result(
            coordinates: descent.points.interleaved, klTrace: trace, klDivergence: last, gradientMethod: method,
            earlyLearningRate: earlyRate, learningRate: mainRate, iterations: iteration,
            isComplete: iteration == parameters.iterations)
    }

    /// The sum of q by all pairs where that takes no longer than some iterations, else as the gradient has it.
    private func lastNormalization(
        of points: PlanarBuffer, forces: Forces, method: TSNEParameters.GradientMethod
    ) -> Double {
        guard method != .exact, points.count <= Self.mostPointsOfExactDivergence else { return forces.normalization }
        let exact = Forces(count: points.count)
        makeGradient(.exact, attraction: AttractiveForces(affinities: affinities, kernels: kernels))
            .evaluate(at: points, into: exact, threads: threads)
        return exact.normalization
    }

    private func makeGradient(
        _ method: TSNEParameters.GradientMethod, attraction: AttractiveForces
    ) -> any LayoutGradient {
        guard case .barnesHut(let theta) = method else {
            return ExactGradient(attraction: attraction, kernels: kernels)
        }
        return BarnesHutGradient(attraction: attraction, theta: theta, threads: threads, kernels: kernels)
    }
}

/// Iterations a second over the last second or so.
private struct Pace {
    private let clock = ContinuousClock()
    private var markTime: ContinuousClock.Instant
    private var markIteration = 0
    private var last = 0.0

    init() { markTime = clock.now }

    mutating func iterationsPerSecond(at iteration: Int) -> Double {
        let elapsed = (clock.now - markTime) / .seconds(1)
        if elapsed > 0.5 || last == 0 {
            last = elapsed > 0 ? Double(iteration - markIteration) / elapsed : 0
            if elapsed > 0.5 { (markTime, markIteration) = (clock.now, iteration) }
        }
        return last
    }
}
