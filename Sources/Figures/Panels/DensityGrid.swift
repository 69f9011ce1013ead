import Numerics
import Foundation

/// The density of points on a regular grid over a rectangle and a margin around it: an estimate with a Gaussian kernel, cut off
/// at four bandwidths.
struct DensityGrid {
    let columns: Int
    let rows: Int
    /// The position of the node in the first column and row.
    let origin: CGPoint
    /// The distance from one node to the next, in points.
    let step: Double
    /// `rows` × `columns`: weight per square point.
    private(set) var values: [Double]

    /// The number of nodes along the longer side of the rectangle.
    private static let nodes = 160

    /// The density of the `places` in `rectangle`, each with its weight (1 if omitted); those outside are ignored.
    /// - Complexity: O(points + nodes · bandwidth / step).
    init(
        _ places: [CGPoint], weights: [Double]? = nil, in rectangle: CGRect, bandwidth: Double,
        threads: ThreadCount = ThreadCount(1)
    ) {
        precondition(bandwidth > 0 && (weights.map { $0.count == places.count } ?? true), "one weight per place")
        step = max(max(rectangle.width, rectangle.height) / Double(Self.nodes), bandwidth / 8)
        let radius = Int((4 * bandwidth / step).rounded(.up))
        let border = Double(radius + 1) * step
        origin = CGPoint(x: rectangle.minX - border, y: rectangle.minY - border)
        columns = Int((rectangle.width / step).rounded(.up)) + 2 * radius + 3
        rows = Int((rectangle.height / step).rounded(.up)) + 2 * radius + 3
        values = Array(repeating: 0, count: columns * rows)
        for (index, place) in places.enumerated() where rectangle.contains(place) {
            // Each weight is shared by the four nodes around its position.
            let (x, y) = ((place.x - origin.x) / step, (place.y - origin.y) / step)
            let (column, row) = (Int(x), Int(y))
            let (right, down) = (x - Double(column), y - Double(row))
            let weight = (weights?[index] ?? 1) / (step * step)
            values[row * columns + column] += weight * (1 - right) * (1 - down)
            values[row * columns + column + 1] += weight * right * (1 - down)
            values[(row + 1) * columns + column] += weight * (1 - right) * down
            values[(row + 1) * columns + column + 1] += weight * right * down
        }
        let kernel = (-radius...radius).map { exp(-0.5 * pow(Double($0) * step / bandwidth, 2)) }
        let sum = kernel.reduce(0, +)
        blur(kernel.map { $0 / sum }, radius, threads)
    }

    /// The density at the node nearest to `place`; 0 outside the grid.
    func value(at place: CGPoint) -> Double {
        let column = ((place.x - origin.x) / step).rounded(), row = ((place.y - origin.y) / step).rounded()
        // A position may be beyond the range of integers.
        guard column >= 0, row >= 0, column < Double(columns), row < Double(rows) else { return 0 }
        return values[Int(row) * columns + Int(column)]
    }

    /// The position of the largest density; ties go to the first.
    var peak: CGPoint {
        let index = values.indices.max { values[$0] < values[$1] }!
        return CGPoint(
            x: origin.x + step * Double(index % columns), y: origin.y + step * Double(index / columns))
    }

    /// For each of `shares`, the density such that the region above it holds that share of all weight.
    func levels(holding shares: [Double]) -> [Double] {
        let sorted = values.filter { $0 > 0 }.sorted(by: >)
        let total = sorted.reduce(0, +)
        var (sum, index) = (0.0, 0)
        return shares.sorted().map { share in
            while index < sorted.count - 1 && sum + sorted[index] < share * total {
                sum += sorted[index]
                index += 1
            }
            return sorted.isEmpty ? 0 : sorted[index]
        }
    }

    /// Along rows, then along columns. Each row is summed separately, in a fixed order.
    private mutating func blur(_ kernel: [Double], _ radius: Int, _ threads: ThreadCount) {
        let (rows, columns) = (rows, columns)
        // Through pointers, to avoid bounds checks at every node.
        var along = Array(repeating: 0.0, count: values.count)
        values.withUnsafeBufferPointer { values in
            along.withUnsafeMutableBufferPointer { along in
                nonisolated(unsafe) let (values, along) = (values, along)
                threads.forEachRange(of: rows) { range in
                    for row in range {
                        for column in 0..<columns where values[row * columns + column] != 0 {
                            let value = values[row * columns + column]
                            for offset in max(-radius, -column)...min(radius, columns - 1 - column) {
                                along[row * columns + column + offset] += value * kernel[offset + radius]
                            }
                        }
                    }
                }
            }
        }
        values.withUnsafeMutableBufferPointer { result in
            along.withUnsafeBufferPointer { along in
                nonisolated(unsafe) let (result, along) = (result, along)
                threads.forEachRange(of: rows) { range in
                    for row in range {
                        let target = row * columns
                        for column in 0..<columns { result[target + column] = 0 }
                        for source in max(0, row - radius)...min(rows - 1, row + radius) {
                            let weight = kernel[row - source + radius]
                            let from = source * columns
                            for column in 0..<columns { result[target + column] += weight * along[from + column] }
                        }
                    }
                }
            }
        }
    }
}
