import Foundation

/// The position of each point along a loop, from 0 to 1: the smooth coordinate of a cocycle (de Silva, Morozov and
/// Vejdemo-Johansson, "Persistent cohomology and circular coordinates", 2009).
enum CircularCoordinate {
    /// For the longest bar of `loops`, over the edges shorter than its death: the θ that minimises Σ (α_ij − θ_j + θ_i)²,
    /// modulo 1, with α the cocycle lifted to whole numbers. Nil without bars. Solved by conjugate gradients.
    static func values(_ loops: RipsPersistence, distances: [Double], count: Int) -> [Double]? {
        guard let bar = loops.bars.first else { return nil }
        var sides = [Double](repeating: 0, count: count)
        for edge in loops.cocycle where distances[edge.first * count + edge.second] < bar.death {
            sides[edge.second] += Double(edge.coefficient)
            sides[edge.first] -= Double(edge.coefficient)
        }
        let neighbors = (0..<count).map { point in
            (0..<count).filter { $0 != point && distances[point * count + $0] < bar.death }
        }
        func laplacian(_ x: [Double]) -> [Double] {
            x.indices.map { point in neighbors[point].reduce(0) { $0 + x[point] - x[$1] } }
        }
        func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
        var theta = [Double](repeating: 0, count: count)
        var rest = sides
        var direction = rest
        var norm = dot(rest, rest)
        let enough = norm * 1e-20
        for _ in 0..<4 * count where norm > enough && norm > 0 {
            let image = laplacian(direction)
            let step = norm / dot(direction, image)
            for point in theta.indices {
                theta[point] += step * direction[point]
                rest[point] -= step * image[point]
            }
            let next = dot(rest, rest)
            for point in theta.indices { direction[point] = rest[point] + next / norm * direction[point] }
            norm = next
        }
        return theta.map { $0 - $0.rounded(.down) }
    }

    /// How well two sets of positions on a circle, in turns, agree up to a rotation and a reflection: the larger of the mean
    /// resultant lengths of their differences and of their sums. 1 if they agree, about √(π / 4N) if they are unrelated.
    static func agreement(_ first: [Double], _ second: [Double]) -> Double {
        func length(_ turns: [Double]) -> Double {
            let x = turns.reduce(0) { $0 + cos(2 * .pi * $1) }, y = turns.reduce(0) { $0 + sin(2 * .pi * $1) }
            return (x * x + y * y).squareRoot() / Double(turns.count)
        }
        return max(length(zip(first, second).map { $0 - $1 }), length(zip(first, second).map { $0 + $1 }))
    }
}
