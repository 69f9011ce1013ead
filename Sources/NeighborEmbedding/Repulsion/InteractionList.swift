import CKernels
import Numerics

/// The bodies that act on a group of points: far cells, each standing in for its points, and the points of near leaves.
final class InteractionList {
    private(set) var count = 0
    let points: PlanarBuffer
    let mass: AlignedBuffer<Float>

    /// The list is padded to a multiple of this with bodies without mass.
    private static let alignment = 16
    /// Up to this squared side, a leaf that the tree cannot divide counts as one position: 1 - u is at most twice this.
    private static let squaredSideOfHeap: Float = 1e-4

    /// - Parameter capacity: the most bodies that a walk can meet.
    init(capacity: Int) {
        points = PlanarBuffer(count: capacity + Self.alignment)
        mass = AlignedBuffer(count: capacity + Self.alignment)
    }

    /// All points of a layout, each as its own body.
    convenience init(_ bodies: PlanarBuffer) {
        self.init(capacity: bodies.count)
        for body in 0..<bodies.count { append(x: bodies.x[body], y: bodies.y[body], mass: 1) }
    }

    /// Walks a tree for the group of points in `group`.
    ///
    /// A cell stands in for its points if its side is below `theta` times the distance of its centre of mass from the nearest
    /// position that a point of the group could have, so the rule of Barnes and Hut holds for each point individually. A leaf
    /// of many points in one position also stands in for its points, even those of the group: where w and u are nearly 1, the
    /// sum of their forces is that of the same number of points at their centre.
    func collect(for group: Range<Int>, in tree: QuadTree, theta: Float) {
        let sorted = tree.order.sorted
        var low = SIMD2(sorted.x[group.lowerBound], sorted.y[group.lowerBound])
        var high = low
        for point in group {
            let place = SIMD2(sorted.x[point], sorted.y[point])
            low = pointwiseMin(low, place)
            high = pointwiseMax(high, place)
        }
        count = 0
        let squaredTheta = theta * theta
        tree.cells.withUnsafeBufferPointer { cells in
            var position = 0
            while position < cells.count {
                let cell = cells[position]
                let gapX = max(low.x - cell.x, cell.x - high.x, 0)
                let gapY = max(low.y - cell.y, cell.y - high.y, 0)
                let isFar = cell.squaredSide < squaredTheta * (gapX * gapX + gapY * gapY)
                let isApart = Int(cell.end) <= group.lowerBound || Int(cell.first) >= group.upperBound
                let isLeaf = Int(cell.next) == position + 1
                let isHeap =
                    isLeaf && Int(cell.end - cell.first) > QuadTree.leafCapacity
                    && cell.squaredSide < Self.squaredSideOfHeap
                if (isFar && isApart) || isHeap {
                    append(x: cell.x, y: cell.y, mass: cell.mass)
                    position = Int(cell.next)
                } else if isLeaf {
                    for point in Int(cell.first)..<Int(cell.end) {
                        append(x: sorted.x[point], y: sorted.y[point], mass: 1)
                    }
                    position += 1
                } else {
                    position += 1
                }
            }
        }
        let end = (count + Self.alignment - 1) / Self.alignment * Self.alignment
        for body in count..<end { mass[body] = 0 }
    }

    private func append(x: Float, y: Float, mass newMass: Float) {
        points.x[count] = x
        points.y[count] = y
        mass[count] = newMass
        count += 1
    }

    /// Writes the forces of the bodies on points, and every point's sum of w times mass.
    func act(
        on range: Range<Int>, of points: PlanarBuffer, kernel: StudentKernel, kernels: KernelPath,
        forces: PlanarBuffer, weights: UnsafeMutablePointer<Float>
    ) {
        if let code = kernels.code {
            return penumbra_tsne_list_repulsion(
                code, points.x, points.y, Int64(range.lowerBound), Int64(range.upperBound), self.points.x,
                self.points.y, mass.base, Int64(count), Float(kernel.degreesOfFreedom), forces.x, forces.y, weights)
        }
        for i in range {
            var force = SIMD2<Float>.zero
            var weight: Float = 0
            for body in 0..<count {
                let difference = SIMD2(points.x[i] - self.points.x[body], points.y[i] - self.points.y[body])
                let (w, u) = kernel.weights(squaredDistance: (difference * difference).sum())
                weight += mass[body] * w
                force += mass[body] * w * u * difference
            }
            (forces.x[i], forces.y[i], weights[i]) = (force.x, force.y, weight)
        }
    }
}
