import CKernels
import Numerics

/// The points of a moving layout, with their state for gradient descent with momentum and gains (Jacobs, "Increased rates of
/// convergence through learning rate adaptation", 1988).
///
/// The points have their own order, which `reorder` chooses so that neighbours in the plane are neighbours in memory.
final class MovingLayout {
    /// The settings of the next step.
    struct Step {
        let exaggeration: Double
        let momentum: Double
        let learningRate: Double
        /// The longest step of a point; infinite for no limit.
        let mostStep: Double
    }

    let count: Int
    /// The original index of the point at a position.
    private(set) var order: AlignedBuffer<Int32>
    /// The coordinates: one axis after the other for the repulsion, and interleaved for the attraction.
    let points: PlanarBuffer
    private(set) var pairs: AlignedBuffer<Float>
    /// The repulsion on every point and the sum of w, as last computed.
    let repulsion: PlanarBuffer
    var normalization = 0.0
    let velocity: PlanarBuffer
    let gain: PlanarBuffer
    /// Sums over the current positions and over the last step.
    var sums = penumbra_tsne_sums()

    private var newPairs: AlignedBuffer<Float>
    private var partial: [penumbra_tsne_sums]
    /// The attraction on a chunk of points, one buffer per thread.
    private let attraction: [PlanarBuffer]

    /// A multiple of 16, so that chunks begin at whole vectors.
    private static let pointsPerChunk = 256

    /// - Parameters:
    ///   - coordinates: N × 2, row by row.
    ///   - threads: the most that `step` will be called with.
    init(coordinates: [Float], threads: ThreadCount) {
        count = coordinates.count / 2
        order = AlignedBuffer(count: count)
        points = PlanarBuffer(interleaved: coordinates)
        pairs = AlignedBuffer(count: 2 * (count + 15) / 16 * 16)
        newPairs = AlignedBuffer(count: pairs.count)
        repulsion = PlanarBuffer(count: count)
        velocity = PlanarBuffer(count: count)
        gain = PlanarBuffer(count: count)
        partial = Array(
            repeating: penumbra_tsne_sums(), count: (count + Self.pointsPerChunk - 1) / Self.pointsPerChunk)
        attraction = (0..<threads.count).map { _ in PlanarBuffer(count: Self.pointsPerChunk) }
        for point in 0..<count {
            order[point] = Int32(point)
            (pairs[2 * point], pairs[2 * point + 1]) = (coordinates[2 * point], coordinates[2 * point + 1])
            (gain.x[point], gain.y[point]) = (1, 1)
            sums.squares += Double(points.x[point]) * Double(points.x[point])
            sums.squares += Double(points.y[point]) * Double(points.y[point])
        }
    }

    /// The root mean square distance of the points from the origin, and their root mean square movement in the last step.
    var radius: Double { (sums.squares / Double(count)).squareRoot() }
    var lastStep: Double { (sums.squaredSteps / Double(count)).squareRoot() }

    /// One step along the attraction and the repulsion as last computed. The points keep their mean near zero: each step
    /// subtracts the mean left by the step before.
    ///
    /// - Returns: false if a coordinate has left the range in which squared distances are finite.
    /// - Complexity: O(entries).
    func step(_ step: Step, along forces: AttractiveForces, threads: ThreadCount) -> Bool {
        let mean = (x: Float(sums.x / Double(count)), y: Float(sums.y / Double(count)))
        let step = penumbra_tsne_step(
            attractionFactor: Float(step.exaggeration), repulsionFactor: Float(1 / normalization),
            momentum: Float(step.momentum), learningRate: Float(step.learningRate),
            mostStep: Float(min(step.mostStep, Double(TSNEParameters.largestCoordinate))), shiftX: mean.x,
            shiftY: mean.y)
        nonisolated(unsafe) let (layout, forces) = (self, forces)
        partial.withUnsafeMutableBufferPointer { partial in
            nonisolated(unsafe) let results = partial.baseAddress!
            threads.forEachChunkDynamically(of: count, size: Self.pointsPerChunk) { thread, chunk, range in
                let scratch = layout.attraction[thread]
                forces.evaluate(
                    range, ownPairs: layout.pairs.base, pairs: layout.pairs.base, x: scratch.x, y: scratch.y)
                results[chunk] = layout.update(range, step, attraction: scratch, kernels: forces.kernels)
            }
        }
        swap(&pairs, &newPairs)
        sums = penumbra_tsne_sums()
        for part in partial {
            sums.x += part.x
            sums.y += part.y
            sums.squares += part.squares
            sums.squaredSteps += part.squaredSteps
        }
        let limit = Double(TSNEParameters.largestCoordinate)
        return sums.squares < limit * limit
    }

    private func update(
        _ range: Range<Int>, _ step: penumbra_tsne_step, attraction: PlanarBuffer, kernels: KernelPath
    ) -> penumbra_tsne_sums {
        let first = range.lowerBound
        let (repulsionX, repulsionY) = (repulsion.x + first, repulsion.y + first)
        let (velocityX, velocityY) = (velocity.x + first, velocity.y + first)
        let (gainX, gainY) = (gain.x + first, gain.y + first)
        let (old, new) = (pairs.base + 2 * first, newPairs.base + 2 * first)
        let (x, y) = (points.x + first, points.y + first)
        if let code = kernels.code {
            return penumbra_tsne_update(
                code, step, attraction.x, attraction.y, repulsionX, repulsionY, Int64(range.count), velocityX,
                velocityY, gainX, gainY, old, x, y, new)
        }
        func accelerate(_ gradient: Float, _ velocity: Float, _ gain: UnsafeMutablePointer<Float>) -> Float {
            let grows = (gradient > 0) != (velocity > 0)
            gain.pointee = max(grows ? gain.pointee + 0.2 : gain.pointee * 0.8, 0.01)
            return step.momentum * velocity - step.learningRate * gain.pointee * gradient
        }
        var sums = penumbra_tsne_sums()
        for i in 0..<range.count {
            let gradient = SIMD2(
                step.attractionFactor * attraction.x[i] - step.repulsionFactor * repulsionX[i],
                step.attractionFactor * attraction.y[i] - step.repulsionFactor * repulsionY[i])
            var speed = SIMD2(
                accelerate(gradient.x, velocityX[i], gainX + i), accelerate(gradient.y, velocityY[i], gainY + i))
            let length = (speed * speed).sum().squareRoot()
            if length > step.mostStep { speed *= step.mostStep / length }
            (velocityX[i], velocityY[i]) = (speed.x, speed.y)
            (x[i], y[i]) = (old[2 * i] + speed.x - step.shiftX, old[2 * i + 1] + speed.y - step.shiftY)
            (new[2 * i], new[2 * i + 1]) = (x[i], y[i])
            sums.x += Double(x[i])
            sums.y += Double(y[i])
            sums.squares += Double(x[i]) * Double(x[i]) + Double(y[i]) * Double(y[i])
            sums.squaredSteps += Double((speed * speed).sum())
        }
        return sums
    }
}

// MARK: - Order

extension MovingLayout {
    /// Sorts the points along a space-filling curve. The repulsion is not sorted with them.
    ///
    /// - Returns: for each position, the previous position of its point.
    func reorder(threads: ThreadCount) -> AlignedBuffer<Int32> {
        let curve = MortonOrder(count: count)
        curve.sort(points, threads: threads)
        let moves = AlignedBuffer<Int32>(count: count)
        for position in 0..<count { moves[position] = Int32(curve.index(at: position)) }
        let oldOrder = order
        order = AlignedBuffer(count: count)
        for position in 0..<count { order[position] = oldOrder[Int(moves[position])] }
        for buffer in [points, velocity, gain] {
            for axis in [buffer.xBuffer, buffer.yBuffer] {
                let old = axis.array
                for position in 0..<count { axis[position] = old[Int(moves[position])] }
            }
        }
        fillPairs()
        return moves
    }

    /// N × 2 coordinates, row by row, in the original order.
    var coordinates: [Float] {
        var values = [Float](repeating: 0, count: 2 * count)
        for position in 0..<count {
            values[2 * Int(order[position])] = points.x[position]
            values[2 * Int(order[position]) + 1] = points.y[position]
        }
        return values
    }

    private func fillPairs() {
        for position in 0..<count {
            (pairs[2 * position], pairs[2 * position + 1]) = (points.x[position], points.y[position])
        }
    }

    /// Resumes from `state`.
    func restore(_ state: DescentState) {
        state.order.withUnsafeBufferPointer { order.base.update(from: $0.baseAddress!, count: count) }
        for (buffer, values) in [
            (points, state.points), (velocity, state.velocity), (gain, state.gain), (repulsion, state.repulsion),
        ] {
            values.withUnsafeBufferPointer {
                buffer.x.update(from: $0.baseAddress!, count: count)
                buffer.y.update(from: $0.baseAddress! + count, count: count)
            }
        }
        normalization = state.normalization
        sums = penumbra_tsne_sums(
            x: state.sums[0], y: state.sums[1], squares: state.sums[2], squaredSteps: state.sums[3])
        fillPairs()
    }
}
