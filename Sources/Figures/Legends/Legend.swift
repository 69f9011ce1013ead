import Foundation

/// The key to a figure's colours or shapes.
public enum Legend: Sendable {
    /// The pure hues of the HSV circle, with red, green and blue named: the object's own colour in the shapes set.
    case hueRing
    /// Glyphs from circle to ellipse with ticks at 0, ½ and 1, in the tones of `EllipseShareTone`.
    case shapeScale
    /// A swatch and a name for each class, or the first 39 if there are more than 40; there must be as many colours as names.
    case classes(title: String? = nil, names: [String], colours: [Colour])
    /// For each class, the colours of its right and wrong predictions; there must be as many colours of each kind as names.
    case agreement(names: [String], right: [Colour], wrong: [Colour])
    /// The colours of `ColourMap` over `range` with round ticks, and the grey of points without a number if there are any.
    case colourBar(title: String, range: ClosedRange<Double>, hasMissing: Bool = false)
    /// The hues of the HSV circle over one period, which ends with the colour that it begins with.
    case colourCycle(title: String, period: Double, hasMissing: Bool = false)
    /// Glyphs from circle to ellipse over `range`.
    case glyphScale(title: String, range: ClosedRange<Double>)
    /// A triangle of mixtures of three classes; requires three names and three colours.
    case triangle(names: [String], colours: [Colour], mixing: ColourMixing)

    /// The names whose colours it shows; empty for keys to numbers and shapes.
    public var names: [String] {
        switch self {
        case .hueRing, .shapeScale, .colourBar, .colourCycle, .glyphScale: []
        case .classes(_, let names, _), .agreement(let names, _, _), .triangle(let names, _, _): names
        }
    }

    /// What is written beside the grey of points without a value.
    static let noValue = "no value"

    /// Whether it explains the grey of points without a value.
    public var hasMissing: Bool {
        switch self {
        case .colourBar(_, _, let hasMissing), .colourCycle(_, _, let hasMissing): hasMissing
        case .classes(_, let names, _): names.last == Self.noValue
        case .hueRing, .shapeScale, .agreement, .glyphScale, .triangle: false
        }
    }

    /// The texts in it, to check their characters.
    var texts: [String] {
        switch self {
        case .hueRing, .shapeScale, .agreement, .triangle: names
        case .classes(let title, _, _): [title].compactMap(\.self) + names
        case .colourBar(let title, _, _), .colourCycle(let title, _, _), .glyphScale(let title, _): [title]
        }
    }

    /// The size of the legend in points.
    func size(_ style: FigureStyle, _ typeface: Typeface) -> CGSize {
        drawing(style, typeface).size
    }

    func draw(on canvas: any Canvas, in rectangle: CGRect, _ style: FigureStyle, _ typeface: Typeface) {
        drawing(style, typeface).draw(on: canvas, at: rectangle.origin)
    }

    private func drawing(_ style: FigureStyle, _ typeface: Typeface) -> any LegendDrawing {
        switch self {
        case .hueRing: HueRingDrawing(style, typeface)
        case .shapeScale: ShapeScaleDrawing(style, typeface)
        case .classes(let title, let names, let colours): SwatchesDrawing(title, names, colours, style, typeface)
        case .agreement(let names, let right, let wrong):
            AgreementDrawing(names, right: right, wrong: wrong, style, typeface)
        case .colourBar(let title, let range, let hasMissing):
            ColourBarDrawing(
                title, range, colour: ColourMap(style.theme).colour, hasMissing: hasMissing, style, typeface)
        case .colourCycle(let title, let period, let hasMissing):
            ColourBarDrawing(
                title, 0...period, colour: { Colour(hue: 360 * $0) }, hasMissing: hasMissing, style, typeface)
        case .glyphScale(let title, let range): GlyphScaleDrawing(title, range, style, typeface)
        case .triangle(let names, let colours, let mixing):
            TriangleDrawing(names, colours, mixing, style, typeface)
        }
    }
}

/// A legend that knows its size and draws itself with its top left corner at a given position.
protocol LegendDrawing {
    var size: CGSize { get }
    func draw(on canvas: any Canvas, at origin: CGPoint)
}

extension Canvas {
    /// Writes `text` with the top centre of its first line at `place`.
    func writeCentred(_ text: TextBlock, at place: CGPoint, _ colour: Colour) {
        write(text, at: CGPoint(x: place.x - text.size.width / 2, y: place.y), colour)
    }
}
