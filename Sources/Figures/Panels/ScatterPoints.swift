import Numerics

/// The points of a map, each with a colour and a shape.
public struct ScatterPoints: Sendable {
    /// x and y of each point, interleaved (N × 2), finite; y upwards.
    public private(set) var coordinates: [Float]
    /// One per point.
    public let colours: [Colour]
    /// How far each point's glyph is from a circle (0) towards an ellipse twice as long as high (1).
    public let ellipseShares: [Double]

    /// Points that are drawn above the others with a dark edge; empty if all are alike.
    public let isRaised: [Bool]

    /// Points that are drawn below all others; empty if all are alike.
    public private(set) var isFaded: [Bool] = []

    /// The colour of each glyph's edge: a darker shade of its own.
    let outlines: [Colour]

    /// The number of points, which may be 0.
    public var count: Int { colours.count }

    /// Checks and stores the columns.
    ///
    /// - Parameters:
    ///   - coordinates: N × 2 numbers, row by row.
    ///   - colours: N colours.
    ///   - ellipseShares: N numbers in 0…1; circles if omitted.
    ///   - isRaised: N Boolean values, or none.
    ///   - threads: The threads that compute the colours of the edges.
    /// - Throws: `countMismatch`, `notFinite` (row = point) or `outOfRange`.
    /// - Complexity: O(N).
    public init(
        coordinates: [Float], colours: [Colour], ellipseShares: [Double]? = nil, isRaised: [Bool] = [],
        threads: ThreadCount = .available
    ) throws(FigureError) {
        let shares = ellipseShares ?? Array(repeating: 0, count: colours.count)
        try Self.check(coordinates, count: colours.count)
        if shares.count != colours.count {
            throw .countMismatch(column: "ellipse share", found: shares.count, expected: colours.count)
        }
        if !isRaised.isEmpty && isRaised.count != colours.count {
            throw .countMismatch(column: "raised points", found: isRaised.count, expected: colours.count)
        }
        try Self.checkFinite(coordinates)
        try Self.checkShares(shares)
        self.coordinates = coordinates
        self.colours = colours
        self.ellipseShares = shares
        self.isRaised = isRaised
        outlines = threads.map(colours.count) { index in
            var edge = OKLab(colours[index])
            edge.lightness *= 0.72
            return edge.colour
        }
    }

    /// The same points at other positions (N × 2, row by row), as in another map of them.
    ///
    /// - Throws: `countMismatch` or `notFinite`.
    /// - Complexity: O(N).
    public func moved(to coordinates: [Float]) throws(FigureError) -> ScatterPoints {
        try Self.check(coordinates, count: count)
        try Self.checkFinite(coordinates)
        var points = self
        points.coordinates = coordinates
        return points
    }

    /// The same points; those that are not chosen are grey and below the chosen ones, whose edges are dark.
    ///
    /// - Parameter isChosen: N Boolean values.
    /// - Throws: `countMismatch`.
    /// - Complexity: O(N).
    public func highlighting(_ isChosen: [Bool], theme: FigureTheme) throws(FigureError) -> ScatterPoints {
        if isChosen.count != count {
            throw .countMismatch(column: "highlighted points", found: isChosen.count, expected: count)
        }
        return try ScatterPoints(
            coordinates: coordinates, colours: zip(colours, isChosen).map { $1 ? $0 : theme.missing },
            ellipseShares: ellipseShares, isRaised: isChosen)
    }

    /// The same points; those that are not shown are grey and below the others.
    ///
    /// - Parameter isShown: N Boolean values.
    /// - Throws: `countMismatch`.
    /// - Complexity: O(N).
    public func fading(apartFrom isShown: [Bool], theme: FigureTheme) throws(FigureError) -> ScatterPoints {
        if isShown.count != count {
            throw .countMismatch(column: "shown points", found: isShown.count, expected: count)
        }
        var points = try ScatterPoints(
            coordinates: coordinates, colours: zip(colours, isShown).map { $1 ? $0 : theme.missing },
            ellipseShares: ellipseShares, isRaised: isRaised.isEmpty ? [] : zip(isRaised, isShown).map { $0 && $1 })
        points.isFaded = isShown.map { !$0 }
        return points
    }

    private static func check(_ coordinates: [Float], count: Int) throws(FigureError) {
        if coordinates.count != 2 * count {
            throw .countMismatch(column: "coordinates", found: coordinates.count, expected: 2 * count)
        }
    }

    private static func checkFinite(_ coordinates: [Float]) throws(FigureError) {
        if let index = coordinates.firstIndex(where: { !$0.isFinite }) {
            throw .notFinite(column: "coordinates", row: index / 2)
        }
    }

    static func checkShares(_ shares: [Double]) throws(FigureError) {
        for (row, share) in shares.enumerated() {
            if !share.isFinite { throw .notFinite(column: "ellipse share", row: row) }
            if !(0...1).contains(share) {
                throw .outOfRange(column: "ellipse share", row: row, found: share, lowest: 0, highest: 1)
            }
        }
    }
}
