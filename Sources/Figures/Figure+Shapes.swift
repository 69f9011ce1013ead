import Numerics

/// One run on the shapes set, as a row of Figure 1: a map and the true parameters of each of its points.
public struct ShapesMap: Sendable {
    /// The text beside the row, for example "hard labels".
    public var heading: String
    /// N × 2, row by row, finite.
    public var coordinates: [Float]
    /// The hue of each object, in degrees of the HSV circle.
    public var hues: [Double]
    /// For each object, in 0…1: its axis ratio minus 1.
    public var ellipseShares: [Double]
    /// Macro accuracy of the run on these samples.
    public var accuracy: Double?
    /// KL(human ‖ model) of the run on these samples.
    public var labelDivergence: Double?
    /// The final cost of t-SNE, a KL divergence too, but between neighbourhoods.
    public var mapCost: Double?

    /// A map without its numbers.
    public init(heading: String, coordinates: [Float], hues: [Double], ellipseShares: [Double]) {
        self.heading = heading
        self.coordinates = coordinates
        self.hues = hues
        self.ellipseShares = ellipseShares
    }
}

extension Figure {
    /// Figure 1: a row for each map, hard labels above soft ones. On the left each object has its own colour, on the right
    /// tones of it that show its shape (`EllipseShareTone`).
    ///
    /// - Parameters:
    ///   - maps: At least one, from top to bottom.
    ///   - perplexity: The perplexity of all maps, for the caption.
    ///   - iterations: The iterations of all maps, for the caption.
    ///   - threads: The threads that compute the colours.
    /// - Throws: `countMismatch`, `notFinite` or `outOfRange`.
    /// - Complexity: O(N).
    public static func shapes(
        _ maps: [ShapesMap], perplexity: Double? = nil, iterations: Int? = nil, style: FigureStyle = FigureStyle(),
        seed: UInt64 = 0, threads: ThreadCount = .available
    ) throws(FigureError) -> Figure {
        var rows: [Row] = []
        var drawn: [(map: ShapesMap, row: Row)] = []
        for map in maps {
            // Maps of the same objects share their colours.
            let same = drawn.first { $0.map.hues == map.hues && $0.map.ellipseShares == map.ellipseShares }
            var row = if let same { try same.row.moved(to: map.coordinates) } else { try row(map, threads) }
            row.heading = map.heading
            row.detail = NumberText.measures(accuracy: map.accuracy, labelDivergence: map.labelDivergence)
            if same == nil { drawn.append((map, row)) }
            rows.append(row)
        }
        var figure = Figure(rows: rows, style: style)
        figure.columnHeadings = ["colour interpolation", "shape interpolation"]
        figure.legends = [.hueRing, .shapeScale]
        let counts = maps.map(\.hues.count)
        figure.caption = caption(
            counts: Set(counts).count == 1 ? [counts[0]] : counts, perplexity: perplexity, iterations: iterations,
            costs: maps.compactMap { map in map.mapCost.map { (map.heading, $0) } })
        figure.title = "Feature spaces: " + maps.map(\.heading).joined(separator: ", ")
        figure.seed = seed
        return figure
    }

    private static func row(_ map: ShapesMap, _ threads: ThreadCount) throws(FigureError) -> Row {
        if map.ellipseShares.count != map.hues.count {
            throw .countMismatch(column: "ellipse share", found: map.ellipseShares.count, expected: map.hues.count)
        }
        if let row = map.hues.firstIndex(where: { !$0.isFinite }) { throw .notFinite(column: "hue", row: row) }
        try ScatterPoints.checkShares(map.ellipseShares)
        let own = try ScatterPoints(
            coordinates: map.coordinates, colours: map.hues.map(Colour.init(hue:)),
            ellipseShares: map.ellipseShares, threads: threads)
        let tones = try ScatterPoints(
            coordinates: map.coordinates,
            colours: threads.map(map.hues.count) {
                EllipseShareTone.colour(hue: map.hues[$0], ellipseShare: map.ellipseShares[$0])
            },
            ellipseShares: map.ellipseShares, threads: threads)
        return Row([ScatterPanel(own), ScatterPanel(tones, glyphScale: 1.3)])
    }

    /// The caption for t-SNE maps, in two sentences.
    ///
    /// - Parameters:
    ///   - counts: The number of points of each map, or one number for all.
    ///   - perplexity: The perplexity of all maps.
    ///   - iterations: The iterations of all maps.
    ///   - costs: t-SNE's final cost for each map, with the map's name if there are several. The caption does not call it KL,
    ///     since figures use that name for labels.
    ///   - unit: What the points are.
    public static func caption(
        counts: [Int], perplexity: Double?, iterations: Int?, costs: [(name: String?, value: Double)],
        unit: SampleUnit = .images
    ) -> String {
        let number = counts.map(NumberText.grouped).joined(separator: " and ")
        var method = ["t-SNE"]
        if let perplexity { method.append("perplexity \(NumberText.short(perplexity))") }
        if let iterations { method.append("\(NumberText.grouped(iterations)) iterations") }
        let texts = costs.map { NumberText.share($1, decimals: 3) + ($0.map { " (\($0))" } ?? "") }
        if !texts.isEmpty { method.append("final cost " + texts.joined(separator: ", ")) }
        let name = unit.name(of: counts.count == 1 ? counts[0] : counts.count)
        return "N = \(number) \(name). \(method.joined(separator: ", "))."
    }
}

extension Figure.Row {
    /// The row's points at other positions.
    fileprivate func moved(to coordinates: [Float]) throws(FigureError) -> Figure.Row {
        var row = self
        for panel in panels.indices { row.panels[panel].points = try panels[panel].points.moved(to: coordinates) }
        return row
    }
}
