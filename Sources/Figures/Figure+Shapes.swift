/// One run on the shapes set, as Figure 1 shows it: a map and the truth about each of its points.
public struct ShapesMap: Sendable {
    /// N × 2 by row, finite.
    public var coordinates: [Float]
    /// Of each object's colour, in degrees of the HSV circle.
    public var hues: [Double]
    /// Of each object, in 0…1: its axis ratio less 1.
    public var ellipseShares: [Double]
    /// Macro accuracy of the run on these samples.
    public var accuracy: Double?
    /// KL(human ‖ model) of the run on these samples.
    public var labelDivergence: Double?
    /// The final KL of t-SNE.
    public var mapDivergence: Double?

    /// A map without its numbers.
    public init(coordinates: [Float], hues: [Double], ellipseShares: [Double]) {
        self.coordinates = coordinates
        self.hues = hues
        self.ellipseShares = ellipseShares
    }
}

extension Figure {
    /// Figure 1: the map of a run on hard labels above that of a run on soft labels; at the left each object in its own
    /// colour, at the right in tones of it that say its shape (`EllipseShareTone`).
    ///
    /// - Parameters:
    ///   - perplexity: Of both maps, for the caption.
    ///   - iterations: Of both maps, for the caption.
    /// - Throws: `countMismatch`, `notFinite` or `outOfRange`.
    public static func shapes(
        hard: ShapesMap, soft: ShapesMap, perplexity: Double, iterations: Int, style: FigureStyle = FigureStyle(),
        seed: UInt64 = 0
    ) throws(FigureError) -> Figure {
        var figure = Figure(
            rows: [try row(hard, "hard labels"), try row(soft, "soft labels")], style: style)
        figure.columnHeadings = ["colour interpolation", "shape interpolation"]
        figure.legends = [.hueRing, .shapeScale]
        figure.title = "Feature spaces of hard and soft labels"
        figure.seed = seed
        var counts = [hard.hues.count, soft.hues.count]
        if counts[0] == counts[1] { counts.removeLast() }
        var caption = "N = \(counts.map(NumberText.grouped).joined(separator: " and ")) images. "
        caption += "t-SNE, perplexity \(NumberText.short(perplexity)), \(NumberText.grouped(iterations)) iterations"
        if let hardKL = hard.mapDivergence, let softKL = soft.mapDivergence {
            caption += ", final KL \(NumberText.fixed(hardKL, decimals: 3)) (hard)"
            caption += " and \(NumberText.fixed(softKL, decimals: 3)) (soft)"
        }
        figure.caption = caption + "."
        return figure
    }

    private static func row(_ map: ShapesMap, _ heading: String) throws(FigureError) -> Row {
        if map.ellipseShares.count != map.hues.count {
            throw .countMismatch(column: "ellipse share", found: map.ellipseShares.count, expected: map.hues.count)
        }
        if let row = map.hues.firstIndex(where: { !$0.isFinite }) { throw .notFinite(column: "hue", row: row) }
        try ScatterPoints.checkShares(map.ellipseShares)
        let own = try ScatterPoints(
            coordinates: map.coordinates, colours: map.hues.map(Colour.init(hue:)),
            ellipseShares: map.ellipseShares)
        let tones = try ScatterPoints(
            coordinates: map.coordinates,
            colours: zip(map.hues, map.ellipseShares).map(EllipseShareTone.colour(hue:ellipseShare:)),
            ellipseShares: map.ellipseShares)
        var numbers: [String] = []
        if let accuracy = map.accuracy { numbers.append("ACC \(NumberText.share(accuracy))") }
        if let divergence = map.labelDivergence { numbers.append("KL \(NumberText.share(divergence))") }
        return Row(
            [ScatterPanel(own), ScatterPanel(tones, glyphScale: 1.3)], heading: heading,
            detail: numbers.isEmpty ? nil : numbers.joined(separator: "   "))
    }
}
