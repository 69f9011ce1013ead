import CKernels
import Determinism

/// Repulsion by a quadtree (Barnes and Hut, 1986; van der Maaten, 2014): far cells stand for their points.
///
/// Points that lie close together walk the tree together, and what they meet is a list that the inner loop runs over in
/// whole vectors. With an angle of 0 the list holds every point, and the forces are exact but for rounding.
final class BarnesHutGradient: LayoutGradient {
    private let attraction: AttractiveForces
    private let theta: Float
    private let kernels: KernelPath
    private let tree: QuadTree
    /// One for each thread.
    private let lists: [InteractionList]
    /// The repulsion in Morton order.
    private let sortedForces: PlanarBuffer
    private let partial: AlignedBuffer<Double>

    private static let rowsPerChunk = 256
    private static let groupsPerChunk = 4

    /// - Parameter threads: the most that `evaluate` will be called with.
    init(attraction: AttractiveForces, theta: Double, threads: ThreadCount, kernels: KernelPath) {
        let count = attraction.affinities.count
        self.attraction = attraction
        self.theta = Float(theta)
        self.kernels = kernels
        tree = QuadTree(order: MortonOrder(count: count))
        lists = (0..<threads.count).map { _ in InteractionList(capacity: 2 * count) }
        sortedForces = PlanarBuffer(count: count)
        partial = AlignedBuffer(count: count)
    }

    /// - Complexity: O(N log N).
    func evaluate(at points: PlanarBuffer, into forces: Forces, threads: ThreadCount) {
        precondition(threads.count <= lists.count, "there is a list for each of \(lists.count) threads")
        tree.order.sort(points, threads: threads)
        tree.build()
        nonisolated(unsafe) let (gradient, sums, points, result) = (self, partial.base, points, forces)
        let groups = tree.groups
        let groupChunks = (groups.count + Self.groupsPerChunk - 1) / Self.groupsPerChunk
        let rowChunks = (points.count + Self.rowsPerChunk - 1) / Self.rowsPerChunk
        threads.forEachChunkDynamically(of: groupChunks + rowChunks, size: 1) { thread, chunk, _ in
            if chunk < groupChunks {
                let end = min(groups.count, (chunk + 1) * Self.groupsPerChunk)
                sums[chunk] = 0
                for group in groups[chunk * Self.groupsPerChunk..<end] {
                    sums[chunk] += gradient.repulsion(on: group, list: gradient.lists[thread], into: result.repulsion)
                }
            } else {
                let start = (chunk - groupChunks) * Self.rowsPerChunk
                let rows = start..<min(points.count, start + Self.rowsPerChunk)
                gradient.attraction.evaluate(rows, at: points, into: result.attraction)
            }
        }
        var sum = 0.0
        for chunk in 0..<groupChunks { sum += partial[chunk] }
        forces.normalization = sum
    }

    /// Writes the repulsion on a group and returns its points' sum of q.
    private func repulsion(on group: Range<Int>, list: InteractionList, into repulsion: PlanarBuffer) -> Double {
        let order = tree.order
        let sorted = order.sorted
        list.collect(for: group, in: tree, theta: theta)
        var normalization = 0.0
        if let code = kernels.code {
            normalization = penumbra_tsne_list_repulsion(
                code, sorted.x, sorted.y, Int64(group.lowerBound), Int64(group.upperBound), list.points.x,
                list.points.y, list.mass.base, Int64(list.count), sortedForces.x, sortedForces.y)
        } else {
            for i in group {
                var force = SIMD2<Float>.zero
                for body in 0..<list.count {
                    let difference = SIMD2(sorted.x[i] - list.points.x[body], sorted.y[i] - list.points.y[body])
                    let q = 1 / (1 + (difference * difference).sum())
                    normalization += Double(list.mass[body] * q)
                    force += list.mass[body] * q * q * difference
                }
                normalization -= 1
                (sortedForces.x[i], sortedForces.y[i]) = (force.x, force.y)
            }
        }
        for position in group {
            let point = order.index(at: position)
            repulsion.x[point] = sortedForces.x[position]
            repulsion.y[point] = sortedForces.y[position]
        }
        return normalization
    }
}
