import Foundation

/// How finely the interpolated repulsion resolves the plane.
struct InterpolationParameters: Sendable, Equatable {
    /// The minimum number of nodes per unit of the map, unless `mostNodes` prevents it. Doubling it made the forces of a sparse
    /// layout 50 times as accurate from 1.5 to 3, and 80 times from 3 to 6.
    let nodesPerUnit: Double
    /// The minimum number of nodes along the longer axis: small maps get a finer mesh, which costs little.
    let leastNodes: Int
    /// The maximum number of nodes. If a layout is so wide that it would need more, their spacing grows, and near points repel
    /// each other less accurately. The default limits the memory to about 300 MB, and suffices for 1,300 × 1,300 units.
    let mostNodes: Int

    /// The defaults are the density and the minimum size of FIt-SNE's grid: intervals of one unit with three nodes each, at
    /// least 50 of them.
    ///
    /// - Parameters:
    ///   - nodesPerUnit: above 0.
    ///   - leastNodes: 8 to 4,096.
    ///   - mostNodes: at least 2¹⁶.
    init(nodesPerUnit: Double = 3, leastNodes: Int = 150, mostNodes: Int = 1 << 24) {
        precondition(nodesPerUnit > 0 && nodesPerUnit.isFinite, "a unit has some nodes")
        precondition((8...4_096).contains(leastNodes) && mostNodes >= 1 << 16, "the longer axis has 8 to 4,096 nodes")
        self.nodesPerUnit = nodesPerUnit
        self.leastNodes = leastNodes
        self.mostNodes = mostNodes
    }
}

/// The positions of the nodes for a layout: a function of its extent only, in coarse steps, so that a slowly growing layout
/// keeps the same mesh for many iterations.
struct InterpolationMesh: Equatable {
    /// The distance between neighbouring nodes along x and y: the same, unless a layout is almost a line.
    private(set) var spacing: SIMD2<Double>
    /// The lengths of the transforms: at least twice the number of nodes, so that no charge acts around the edge.
    let columns: Int
    let rows: Int

    /// The number of nodes along x and y that charges may reach.
    var usedColumns: Int { Self.nodes(columns) }
    var usedRows: Int { Self.nodes(rows) }

    private var nodes: Int { usedColumns * usedRows }
    private var longerLength: Int { max(columns, rows) }

    /// The number of floats from one row to the next: half of a spectrum, padded to whole cache lines.
    var stride: Int { (columns + 2 + 15) / 16 * 16 }

    /// The nodes from the last used one to half a transform, where the kernel turns back.
    static let guardNodes = 8
    /// A point uses two nodes below its own and three above, and its position is rounded.
    private static let borderNodes = 7.0
    /// Spacings are the coarsest one times a whole power of this.
    private static let spacingStep = pow(2, -0.125)
    /// Used if all points coincide.
    private static let leastSpacing = 0x1p-30
    private static let leastLength = 32
    /// Across a line, where finer spacing loses more of the slopes to rounding.
    private static let mostRefinement = 16.0

    /// - Parameters:
    ///   - extent: the finite width and height of the layout.
    ///   - width: the kernel's width, which is the unit for the number of nodes.
    init(extent: SIMD2<Double>, width: Double, parameters: InterpolationParameters) {
        let coarsest = width / parameters.nodesPerUnit
        func mesh(_ exponent: Int) -> Self {
            let spacing = coarsest * pow(Self.spacingStep, Double(exponent))
            let least = Self.transformLength(nodes: parameters.leastNodes)
            let columns = Self.transformLength(extent: extent.x, spacing: spacing)
            let rows = Self.transformLength(extent: extent.y, spacing: spacing)
            return extent.x >= extent.y
                ? Self(spacing: spacing, columns: max(columns, least), rows: rows)
                : Self(spacing: spacing, columns: columns, rows: max(rows, least))
        }
        var exponent = 0
        while mesh(exponent).nodes > parameters.mostNodes { exponent -= 1 }
        // The finest spacing with the same length of the longer transform.
        let widest = mesh(exponent)
        var result = widest
        while true {
            exponent += 1
            let finer = mesh(exponent)
            if finer.spacing.x < Self.leastSpacing || finer.longerLength > widest.longerLength
                || finer.nodes > parameters.mostNodes
            {
                break
            }
            result = finer
        }
        self = result
        // Across a line this costs almost nothing, and removes errors that all pairs share.
        let least = max(result.spacing.min() / Self.mostRefinement, Self.leastSpacing)
        if columns == Self.leastLength {
            while spacing.x >= 2 * least, Self.transformLength(extent: extent.x, spacing: spacing.x / 2) == columns {
                spacing.x /= 2
            }
        }
        if rows == Self.leastLength {
            while spacing.y >= 2 * least, Self.transformLength(extent: extent.y, spacing: spacing.y / 2) == rows {
                spacing.y /= 2
            }
        }
    }

    private init(spacing: Double, columns: Int, rows: Int) {
        (self.spacing, self.columns, self.rows) = (SIMD2(repeating: spacing), columns, rows)
    }

    private static func nodes(_ length: Int) -> Int { length / 2 - guardNodes }

    /// The length for the nodes between the smallest and the largest coordinate, and those around them.
    private static func transformLength(extent: Double, spacing: Double) -> Int {
        // A bound beyond any mesh keeps the conversion within an integer.
        transformLength(nodes: Int(min(extent / spacing * (1 + 1e-6) + borderNodes, 0x1p30).rounded(.up)))
    }

    /// The smallest of 4, 5 and 6 times a power of two that holds this many nodes: transforms of these lengths need at most one
    /// pass that is not of radix 4 or 2.
    private static func transformLength(nodes count: Int) -> Int {
        var scale = leastLength / 4
        while true {
            for factor in [4, 5, 6] where nodes(factor * scale) >= count { return factor * scale }
            scale *= 2
        }
    }
}
