/// The points of a map, with the colour and the shape of each.
public struct ScatterPoints: Sendable {
    /// x and y of each point in turn (N × 2), finite; y grows upwards.
    public let coordinates: [Float]
    /// One a point.
    public let colours: [Colour]
    /// How far each point's glyph is from a circle (0) towards an ellipse twice as long as high (1).
    public let ellipseShares: [Double]

    /// Points that are drawn above the others with a dark edge; empty where all are alike.
    public let isRaised: [Bool]

    /// The number of points, which may be 0.
    public var count: Int { colours.count }

    /// Checks and takes the columns.
    ///
    /// - Parameters:
    ///   - coordinates: N × 2 numbers by row.
    ///   - colours: N colours.
    ///   - ellipseShares: N numbers in 0…1; circles if left out.
    ///   - isRaised: N truth values, or none.
    /// - Throws: `countMismatch`, `notFinite` (row = point) or `outOfRange`.
    /// - Complexity: O(N).
    public init(
        coordinates: [Float], colours: [Colour], ellipseShares: [Double]? = nil, isRaised: [Bool] = []
    ) throws(FigureError) {
        let shares = ellipseShares ?? Array(repeating: 0, count: colours.count)
        if coordinates.count != 2 * colours.count {
            throw .countMismatch(column: "coordinates", found: coordinates.count, expected: 2 * colours.count)
        }
        if shares.count != colours.count {
            throw .countMismatch(column: "ellipse share", found: shares.count, expected: colours.count)
        }
        if !isRaised.isEmpty && isRaised.count != colours.count {
            throw .countMismatch(column: "raised points", found: isRaised.count, expected: colours.count)
        }
        if let index = coordinates.firstIndex(where: { !$0.isFinite }) {
            throw .notFinite(column: "coordinates", row: index / 2)
        }
        try Self.checkShares(shares)
        self.coordinates = coordinates
        self.colours = colours
        self.ellipseShares = shares
        self.isRaised = isRaised
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
