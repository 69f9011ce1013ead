/// Groups of points, with a weight for each point and group: for contours and cluster labels.
public struct PointGroups: Sendable {
    /// One per group.
    public let names: [String]
    /// One per group.
    public let colours: [Colour]
    /// N × groups, row by row, not negative: a label distribution or a one-hot row, or zeros for a point without a group.
    public let weights: [Double]

    /// The groups of points with label distributions (N × K, row by row). Traps unless there are K names.
    public init(distributions: [Double], names: [String], palette: ClassPalette = .standard) {
        precondition(!names.isEmpty && distributions.count % names.count == 0, "one weight per point and group")
        self.names = names
        colours = palette.colours(of: names)
        weights = distributions
    }

    /// The groups of points that each belong to one of `names`, or to none (nil).
    public init(_ indices: [Int?], names: [String], palette: ClassPalette = .standard) {
        var weights = Array(repeating: 0.0, count: indices.count * names.count)
        for (row, index) in indices.enumerated() {
            if let index { weights[row * names.count + index] = 1 }
        }
        self.init(distributions: weights, names: names, palette: palette)
    }

    /// The key to the contours of the groups that have points; nil if none has.
    public func contourLegend(_ theme: FigureTheme = .light) -> Legend? {
        let drawn = names.indices.filter { group in weights(of: group).contains { $0 > 0 } }
        if drawn.isEmpty { return nil }
        return .classes(
            title: "contours", names: drawn.map { names[$0] },
            colours: drawn.map { Self.lineColour(colours[$0], theme) })
    }

    /// The colour of a group's contours: between its own and the ink, to be visible on points of the same colour.
    static func lineColour(_ colour: Colour, _ theme: FigureTheme) -> Colour {
        OKLab(colour).mixed(with: OKLab(theme.ink), 0.35).colour
    }

    /// The weights of all points in a group.
    func weights(of group: Int) -> [Double] {
        stride(from: group, to: weights.count, by: names.count).map { weights[$0] }
    }
}
