import CKernels
import Numerics

/// Repulsion by a quadtree (Barnes and Hut, 1986; van der Maaten, 2014): far cells stand in for their points.
///
/// Points that lie close together walk the tree together, and the bodies they meet form a list that the inner loop processes in
/// whole vectors. With an angle of 0 the list holds every point, and the forces are exact up to rounding.
final class BarnesHutRepulsion: RepulsionMethod {
    private let theta: Float
    private let kernel: StudentKernel
    private let kernels: KernelPath
    private let tree: QuadTree
    /// One per thread.
    private let lists: [InteractionList]
    /// The repulsion in Morton order, and every point's sum of w, including its own.
    private let sortedForces: PlanarBuffer
    private let weights: AlignedBuffer<Float>
    private let partial: AlignedBuffer<Double>

    private static let groupsPerChunk = 4

    /// - Parameter threads: the most that `evaluate` will be called with.
    init(count: Int, theta: Double, kernel: StudentKernel, threads: ThreadCount, kernels: KernelPath) {
        self.theta = Float(theta)
        self.kernel = kernel
        self.kernels = kernels
        tree = QuadTree(order: MortonOrder(count: count))
        lists = (0..<threads.count).map { _ in InteractionList(capacity: 2 * count) }
        sortedForces = PlanarBuffer(count: count)
        weights = AlignedBuffer(count: count)
        partial = AlignedBuffer(count: count)
    }

    /// - Complexity: O(N log N).
    func evaluate(at points: PlanarBuffer, into forces: PlanarBuffer, threads: ThreadCount) -> Double {
        precondition(threads.count <= lists.count, "there is a list for each of \(lists.count) threads")
        tree.order.sort(points, threads: threads)
        tree.build(threads: threads)
        nonisolated(unsafe) let (method, sums, result) = (self, partial.base, forces)
        let groups = tree.groups
        let chunks = (groups.count + Self.groupsPerChunk - 1) / Self.groupsPerChunk
        threads.forEachChunkDynamically(of: groups.count, size: Self.groupsPerChunk) { thread, chunk, range in
            sums[chunk] = 0
            for group in groups[range] {
                sums[chunk] += method.repulsion(on: group, list: method.lists[thread], into: result)
            }
        }
        var sum = 0.0
        for chunk in 0..<chunks { sum += partial[chunk] }
        return sum
    }

    /// Writes the repulsion on a group and returns its points' sum of w.
    private func repulsion(on group: Range<Int>, list: InteractionList, into repulsion: PlanarBuffer) -> Double {
        let order = tree.order
        list.collect(for: group, in: tree, theta: theta)
        list.act(
            on: group, of: order.sorted, kernel: kernel, kernels: kernels, forces: sortedForces, weights: weights.base)
        var normalization = 0.0
        for position in group {
            normalization += Double(weights[position]) - 1
            let point = order.index(at: position)
            repulsion.x[point] = sortedForces.x[position]
            repulsion.y[point] = sortedForces.y[position]
        }
        return normalization
    }
}
