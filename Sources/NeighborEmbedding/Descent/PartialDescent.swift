import Numerics
import Foundation

/// Gradient descent of new points among the points of a fixed map.
///
/// A new point i is attracted by its neighbours and repelled by all points of the map; it is not affected by other new points.
/// The gradient is 4 Σⱼ (p(j|i) − w / Zᵢ) u (yᵢ − yⱼ) with its own sum Zᵢ = Σⱼ w, divided by 4 as everywhere in this package;
/// see `RepulsionMethod` for w and u. So a point's path is a function of its own start and neighbours, to the byte.
final class PartialDescent {
    /// The result of the iterations.
    struct Result {
        let coordinates: [Float]
        let klDivergences: [Double]
        let klTrace: [Layout.TracePoint]
        let iterations: Int
        let isComplete: Bool
    }

    private let parameters: TransformParameters
    /// 1 if points move only along x.
    private let dimensions: Int
    private let attraction: AttractiveForces
    private let field: ReferenceField
    private let threads: ThreadCount
    /// The coordinates of the map and of the new points, x and y interleaved.
    private let reference: AlignedBuffer<Float>
    private let pairs: AlignedBuffer<Float>
    private let points: PlanarBuffer
    private let repulsion: PlanarBuffer
    /// Every new point's Z.
    private let normalizations: AlignedBuffer<Float>
    private let velocity: PlanarBuffer
    private let gain: PlanarBuffer
    /// The attraction on a chunk of points, one buffer per thread.
    private let scratch: [PlanarBuffer]
    private let divergences: AlignedBuffer<Double>

    private static let pointsPerChunk = 256
    /// If gradient and velocity agree in sign, a gain is multiplied by the first number and the second is added; otherwise it
    /// grows by the third. As in openTSNE, a point that does not move yet counts as disagreeing.
    private static let gainRule = (shrink: Float(0.8), least: Float(0.01), growth: Float(0.2))

    /// - Parameters:
    ///   - affinities: the rows of the new points, whose columns are points of the map.
    ///   - layout: the map's N × 2 coordinates.
    ///   - initial: M × 2 coordinates.
    init(
        affinities: ConditionalAffinities, layout: [Float], initial: [Float], field: ReferenceField,
        parameters: TransformParameters, dimensions: Int, kernel: StudentKernel, threads: ThreadCount,
        kernels: KernelPath
    ) {
        self.parameters = parameters
        self.dimensions = dimensions
        self.field = field
        self.threads = threads
        attraction = AttractiveForces(
            affinities: CompressedRows(affinities), kernel: kernel, kernels: kernels)
        reference = AlignedBuffer(count: layout.count)
        pairs = AlignedBuffer(count: initial.count)
        points = PlanarBuffer(count: initial.count / 2)
        repulsion = PlanarBuffer(count: points.count)
        normalizations = AlignedBuffer(count: points.count)
        velocity = PlanarBuffer(count: points.count)
        gain = PlanarBuffer(count: points.count)
        scratch = (0..<threads.count).map { _ in PlanarBuffer(count: Self.pointsPerChunk) }
        divergences = AlignedBuffer(count: points.count)
        for (place, value) in layout.enumerated() { reference[place] = value }
        for point in 0..<points.count {
            move(point, to: SIMD2(initial[2 * point], dimensions == 1 ? 0 : initial[2 * point + 1]))
            (gain.x[point], gain.y[point]) = (1, 1)
        }
    }

    /// Does all iterations, or those before `progress` returns `.stop`.
    ///
    /// - Throws: `TSNEError.diverged`.
    func run(progress: (TSNEProgress) -> TSNEProgress.Decision) throws(TSNEError) -> Result {
        let clock = ContinuousClock()
        let start = clock.now
        var iteration = 0
        var trace: [Layout.TracePoint] = []
        while true {
            field.evaluate(at: points, into: repulsion, potential: normalizations.base, threads: threads)
            let isAtEnd = iteration == parameters.iterations
            if iteration > 0, iteration % TSNE.iterationsPerReport == 0 || isAtEnd {
                trace.append(Layout.TracePoint(iteration: iteration, klDivergence: computeDivergences()))
            }
            let elapsed = (clock.now - start) / .seconds(1)
            let report = TSNEProgress(
                phase: parameters.isEarly(iteration) ? .earlyExaggeration : .main, neighborsDone: 1,
                iteration: iteration, iterations: parameters.iterations,
                klDivergence: trace.last?.iteration == iteration ? trace.last?.klDivergence : nil,
                iterationsPerSecond: elapsed > 0 ? Double(iteration) / elapsed : 0, capture: nil)
            if progress(report) == .stop || isAtEnd { break }
            iteration += 1
            guard step(exaggeration: parameters.exaggeration(at: iteration - 1)) else {
                throw .diverged(iteration: iteration)
            }
        }
        if trace.last?.iteration != iteration {
            trace.append(Layout.TracePoint(iteration: iteration, klDivergence: computeDivergences()))
        }
        return Result(
            coordinates: points.interleaved, klDivergences: divergences.array, klTrace: trace, iterations: iteration,
            isComplete: iteration == parameters.iterations)
    }

    private func move(_ point: Int, to place: SIMD2<Float>) {
        (points.x[point], points.y[point]) = (place.x, place.y)
        (pairs[2 * point], pairs[2 * point + 1]) = (place.x, place.y)
    }

    /// One step along the forces; false if a point has left the range in which squared distances are finite.
    private func step(exaggeration: Double) -> Bool {
        let chunks = (points.count + Self.pointsPerChunk - 1) / Self.pointsPerChunk
        let isInside = AlignedBuffer<UInt8>(count: chunks)
        nonisolated(unsafe) let (descent, flags) = (self, isInside.base)
        threads.forEachChunkDynamically(of: points.count, size: Self.pointsPerChunk) { thread, chunk, range in
            flags[chunk] =
                descent.step(range, exaggeration: Float(exaggeration), scratch: descent.scratch[thread]) ? 1 : 0
        }
        return isInside.elements.allSatisfy { $0 == 1 }
    }

    private func step(_ range: Range<Int>, exaggeration: Float, scratch: PlanarBuffer) -> Bool {
        attraction.evaluate(range, ownPairs: pairs.base, pairs: reference.base, x: scratch.x, y: scratch.y)
        let mostGradient = Float(parameters.maxGradientNorm ?? .infinity)
        let mostStep = Float(parameters.maxStepNorm ?? .infinity)
        let (rate, momentum) = (Float(parameters.learningRate), Float(parameters.momentum))
        var isInside = true
        for point in range {
            let place = point - range.lowerBound
            // Far from all points Z vanishes, and so do the forces that are divided by it.
            let z = max(normalizations[point], .leastNormalMagnitude)
            var gradient =
                exaggeration * SIMD2(scratch.x[place], scratch.y[place])
                - SIMD2(repulsion.x[point], repulsion.y[point]) / z
            if dimensions == 1 { gradient.y = 0 }
            gradient = Self.limit(gradient, to: mostGradient)
            var speed = SIMD2(velocity.x[point], velocity.y[point])
            let gains = SIMD2(
                Self.gain(gain.x[point], gradient: gradient.x, velocity: speed.x),
                Self.gain(gain.y[point], gradient: gradient.y, velocity: speed.y))
            speed = Self.limit(momentum * speed - rate * gains * gradient, to: mostStep)
            (gain.x[point], gain.y[point]) = (gains.x, gains.y)
            (velocity.x[point], velocity.y[point]) = (speed.x, speed.y)
            let new = SIMD2(points.x[point], points.y[point]) + speed
            move(point, to: new)
            // False for NaN.
            isInside = isInside && max(abs(new.x), abs(new.y)) < TSNEParameters.largestCoordinate && new.y == new.y
        }
        return isInside
    }

    private static func gain(_ gain: Float, gradient: Float, velocity: Float) -> Float {
        let agrees = gradient > 0 && velocity > 0 || gradient < 0 && velocity < 0 || gradient == 0 && velocity == 0
        return agrees ? gain * gainRule.shrink + gainRule.least : gain + gainRule.growth
    }

    /// The vector, shortened to at most this length.
    private static func limit(_ vector: SIMD2<Float>, to most: Float) -> SIMD2<Float> {
        let length = (vector * vector).sum().squareRoot()
        return length > most ? vector * (most / length) : vector
    }

    /// Writes the divergence of every point at its current position and returns their mean. The repulsion must be that of these
    /// positions.
    private func computeDivergences() -> Double {
        nonisolated(unsafe) let (descent, target) = (self, divergences.base)
        threads.forEachChunk(of: points.count, size: Self.pointsPerChunk) { _, range in
            for point in range { target[point] = descent.divergence(of: point) }
        }
        var sum = 0.0
        for point in 0..<points.count { sum += divergences[point] }
        return sum / Double(points.count)
    }

    private func divergence(of point: Int) -> Double {
        let rows = attraction.affinities
        let freedom = attraction.kernel.degreesOfFreedom
        var (sum, total) = (0.0, 0.0)
        for entry in rows.entries(ofRow: point) where rows.values[entry] > 0 {
            let j = Int(rows.columns[entry])
            let x = Double(points.x[point]) - Double(reference[2 * j])
            let y = Double(points.y[point]) - Double(reference[2 * j + 1])
            let p = Double(rows.values[entry])
            sum += p * (log(p) + freedom * log1p((x * x + y * y) / freedom))
            total += p
        }
        return sum + total * log(Double(max(normalizations[point], .leastNormalMagnitude)))
    }
}

extension CompressedRows {
    /// The affinities unchanged, with each row padded with zeros in column 0.
    convenience init(_ affinities: ConditionalAffinities) {
        let (count, width) = (affinities.count, affinities.neighborsPerPoint)
        let length = (width + 15) / 16 * 16
        let starts = AlignedBuffer<Int64>(count: count + 1)
        let columns = AlignedBuffer<Int32>(count: count * length)
        let values = AlignedBuffer<Float>(count: count * length)
        for row in 0..<count {
            starts[row + 1] = Int64((row + 1) * length)
            (columns.base + row * length).update(from: affinities.indices.base + row * width, count: width)
            (values.base + row * length).update(from: affinities.probabilities.base + row * width, count: width)
        }
        self.init(count: count, rowStarts: starts, columns: columns, values: values)
    }
}
