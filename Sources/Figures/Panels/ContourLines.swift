import Foundation

/// The lines on which a density has a given value, by marching squares: closed, with the denser side always on the same hand.
///
/// (Lorensen and Cline, "Marching cubes", SIGGRAPH 1987, in two dimensions; if two opposite corners of a square are above the
/// level, the mean of all four decides whether they are connected.)
struct ContourLines {
    /// Each is closed, and does not repeat its first corner.
    let lines: [[CGPoint]]

    /// The lines of `grid` at `level`, which is above 0 so that no line runs off the grid, whose border is 0.
    /// - Complexity: O(nodes).
    init(_ grid: DensityGrid, level: Double) {
        precondition(level > 0, "a contour lies above nothing")
        var crossings: [Int: CGPoint] = [:]
        var next: [Int: Int] = [:]
        var starts: [Int] = []
        let columns = grid.columns

        /// The number of the edge from a node to the right (0) or down (1), with the point where the level crosses it.
        func cross(_ column: Int, _ row: Int, _ direction: Int) -> Int {
            let node = row * columns + column
            let edge = 2 * node + direction
            if crossings[edge] == nil {
                let (from, to) = (grid.values[node], grid.values[node + (direction == 0 ? 1 : columns)])
                let share = (level - from) / (to - from)
                crossings[edge] = CGPoint(
                    x: grid.origin.x + grid.step * (Double(column) + (direction == 0 ? share : 0)),
                    y: grid.origin.y + grid.step * (Double(row) + (direction == 1 ? share : 0)))
            }
            return edge
        }

        for row in 0..<grid.rows - 1 {
            for column in 0..<columns - 1 {
                let node = row * columns + column
                // Corners clockwise from the top left, and the edges that follow each.
                let values = [node, node + 1, node + columns + 1, node + columns].map { grid.values[$0] }
                let inside = values.map { $0 >= level }
                let count = inside.count { $0 }
                if count == 0 || count == 4 { continue }
                let edges = [(column, row, 0), (column + 1, row, 1), (column, row + 1, 0), (column, row, 1)]
                let isSaddle = count == 2 && inside[0] == inside[2]
                let isJoined = isSaddle && values.reduce(0, +) / 4 >= level
                // From each edge at which one leaves the inside, clockwise, to the edge at which one enters it: the edge before
                // the same corners or, if the inside is connected across the middle, the edge after the outside corner.
                for corner in 0..<4 where inside[corner] && !inside[(corner + 1) % 4] {
                    var entry = corner
                    if isJoined {
                        entry = (corner + 1) % 4
                    } else {
                        repeat { entry = (entry + 3) % 4 } while inside[entry]
                    }
                    let (from, to) = (edges[corner], edges[entry])
                    let start = cross(from.0, from.1, from.2)
                    next[start] = cross(to.0, to.1, to.2)
                    starts.append(start)
                }
            }
        }
        lines = starts.compactMap { start in
            var line: [CGPoint] = []
            var edge = start
            while let following = next.removeValue(forKey: edge) {
                line.append(crossings[edge]!)
                edge = following
            }
            return line.isEmpty ? nil : line
        }
    }
}
