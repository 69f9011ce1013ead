import Foundation

/// How finely the interpolated repulsion resolves the plane.
struct InterpolationParameters: Sendable, Equatable {
    /// The least number of nodes along a unit of the map, unless `mostNodes` forbids it. The error of the forces falls
    /// about 6 times when this is doubled from 1.5 to 3, and faster beyond.
    var nodesPerUnit = 3.0
    /// The least number of nodes along the longer axis: small maps get a finer grid, which costs little.
    var leastNodes = 150
    /// The most nodes. Where a layout is so wide that it would need more, their spacing grows, and near points repel
    /// each other less exactly. The default bounds the memory at about 300 MB, and holds 1,300 × 1,300 units.
    var mostNodes = 1 << 24
}

/// Where the nodes for a layout lie: a function of its extent alone, in coarse steps, so that a layout that grows slowly
/// meets the same grid for many iterations.
struct InterpolationGrid: Equatable {
    /// The distance of neighbouring nodes, the same along both axes.
    let spacing: Double
    /// The lengths of the transforms: at least twice the nodes, so that no charge acts around the edge.
    let columns: Int
    let rows: Int

    /// Nodes along x and y that charges may reach.
    var usedColumns: Int { Self.nodes(columns) }
    var usedRows: Int { Self.nodes(rows) }

    /// Floats from one row to the next: half of a spectrum, filled up to whole cache lines.
    var stride: Int { (columns + 2 + 15) / 16 * 16 }

    /// The periodic kernel has an edge half a transform away, which the splines' filter blurs; no two nodes are so far
    /// apart.
    private static let guardNodes = 8
    /// A point meets two nodes below its own and three above, and its place is rounded.
    private static let borderNodes = 7.0
    /// Spacings are the coarsest one times this to a whole power.
    private static let spacingStep = pow(2, -0.125)
    /// Where all points coincide.
    private static let leastSpacing = 0x1p-30
    private static let leastLength = 32

    /// - Parameters:
    ///   - extent: the finite width and height of the layout.
    ///   - degreesOfFreedom: ν; below 1 the kernel narrows with its root, and the grid with it.
    init(extent: SIMD2<Double>, degreesOfFreedom: Double, parameters: InterpolationParameters) {
        let coarsest = min(1, degreesOfFreedom.squareRoot()) / parameters.nodesPerUnit
        let longest = max(extent.x, extent.y)
        func grid(_ spacing: Double) -> Self {
            let least = Self.transformLength(nodes: parameters.leastNodes)
            let columns = Self.transformLength(extent: extent.x, spacing: spacing)
            let rows = Self.transformLength(extent: extent.y, spacing: spacing)
            return extent.x >= extent.y
                ? Self(spacing: spacing, columns: max(columns, least), rows: rows)
                : Self(spacing: spacing, columns: columns, rows: max(rows, least))
        }
        // The finest spacing at which the transform is no longer than at the coarsest allowed one.
        var exponent = 0
        while true {
            let now = grid(coarsest * pow(Self.spacingStep, Double(exponent)))
            if now.usedColumns * now.usedRows <= parameters.mostNodes { break }
            // Far too wide: two steps of the spacing an octave less than the longer axis alone needs.
            let needed = longest / (coarsest * Double(parameters.mostNodes))
            exponent = min(exponent - 1, needed > 1 && exponent == 0 ? -8 * Int(log2(needed)) : .max)
        }
        let widest = grid(coarsest * pow(Self.spacingStep, Double(exponent)))
        var result = widest
        while true {
            let finer = grid(coarsest * pow(Self.spacingStep, Double(exponent + 1)))
            if finer.spacing < Self.leastSpacing || max(finer.columns, finer.rows) > max(widest.columns, widest.rows)
                || finer.usedColumns * finer.usedRows > parameters.mostNodes
            {
                break
            }
            exponent += 1
            result = finer
        }
        self = result
    }

    private init(spacing: Double, columns: Int, rows: Int) {
        (self.spacing, self.columns, self.rows) = (spacing, columns, rows)
    }

    private static func nodes(_ length: Int) -> Int { length / 2 - guardNodes }

    private static func transformLength(extent: Double, spacing: Double) -> Int {
        // A bound beyond any grid keeps the conversion within an integer.
        transformLength(nodes: Int(min(extent / spacing * (1 + 1e-6) + borderNodes, 0x1p40).rounded(.up)))
    }

    /// The least of 4, 5 and 6 times a power of two that holds so many nodes. FFTW's estimated plans are slow for other
    /// lengths: 720 takes longer than 768.
    private static func transformLength(nodes count: Int) -> Int {
        var scale = leastLength / 4
        while true {
            for factor in [4, 5, 6] where nodes(factor * scale) >= count { return factor * scale }
            scale *= 2
        }
    }
}
