/// The outer form of a figure.
public struct FigureStyle: Sendable, Equatable {
    /// How wide the figure is printed.
    public var width: Width
    /// The font family, if it is installed; else, and by default, the first installed of a list of sans-serif families.
    public var fontFamily: String?
    /// Dark on light or light on dark.
    public var theme = FigureTheme.light
    /// The colours of classes.
    public var palette = ClassPalette.standard
    /// Where legends stand; nil for below the panels in a narrow figure and beside them in others.
    public var legendPlacement: LegendPlacement?
    /// Of the text in legends, in points; headings and captions keep their proportion to it. Traps outside `fontSizes`.
    public var fontSize = Self.defaultFontSize {
        didSet { precondition(Self.fontSizes.contains(fontSize), "text has 4 to 24 points") }
    }
    /// The sizes that text may have, in points.
    public static let fontSizes = 4.0...24
    private static let defaultFontSize = 7.0
    /// Whose eyes the figure is shown to; nil for all three kinds of cones.
    public var vision: ColourVision?
    /// The size of points against the size that follows from their number; above 0, else it traps.
    public var pointScale = 1.0 {
        didSet { precondition(pointScale > 0 && pointScale.isFinite, "points have a size") }
    }
    /// Of a PNG. Traps outside 36…2400.
    public var dotsPerInch = 300.0 {
        didSet { Self.check(dotsPerInch) }
    }
    /// In SVG and PDF, a panel of more points than this holds them as one layer of pixels under the text.
    public var vectorPointLimit = 5_000
    /// What texts are in an SVG.
    public var svgText = SVGText.text
    /// Of the layer of pixels. Traps outside 36…2400.
    public var rasterDotsPerInch = 300.0 {
        didSet { Self.check(rasterDotsPerInch) }
    }

    /// The default style at a width.
    public init(width: Width = .page, fontFamily: String? = nil) {
        self.width = width
        self.fontFamily = fontFamily
    }

    /// Whether legends stand below the panels, if there are any.
    var placesLegendsBelow: Bool { legendPlacement.map { $0 == .below } ?? isNarrow }

    /// Where legends stand.
    public enum LegendPlacement: String, Sendable, CaseIterable {
        /// At the right of the panels.
        case right
        /// Below the panels.
        case below
        /// Nowhere: there are none.
        case hidden = "none"
    }

    /// How wide a figure is printed.
    public struct Width: Sendable, Hashable, CaseIterable {
        /// The width in inches.
        public let inches: Double

        /// One of two columns: 3.25 inches.
        public static let column = Width(inches: 3.25)
        /// The text of a page in one column: 5.5 inches.
        public static let text = Width(inches: 5.5)
        /// Both of two columns: 6.75 inches.
        public static let page = Width(inches: 6.75)

        /// The widths that journals and conferences print.
        public static let allCases = [column, text, page]

        /// What a figure may be wide, in inches: narrower ones have no room for panels.
        public static let range = 2.0...24

        /// A width in inches; traps outside `range`.
        public init(inches: Double) {
            precondition(Self.range.contains(inches), "a figure is 2 to 24 inches wide")
            self.inches = inches
        }

        /// Reads `column`, `text`, `page`, or a length in millimetres or inches such as `90mm` or `3.5in`; nil for other
        /// texts and for lengths outside `range`.
        public init?(_ text: String) {
            if let place = ["column", "text", "page"].firstIndex(of: text) {
                self = Self.allCases[place]
                return
            }
            guard let unit = [("mm", 25.4), ("in", 1)].first(where: { text.hasSuffix($0.0) }),
                let length = Double(text.dropLast(2)), Self.range.contains(length / unit.1)
            else { return nil }
            self.init(inches: length / unit.1)
        }
    }

    /// The family that text is set in: `fontFamily` if it is installed, otherwise its substitute. Throws
    /// `FigureError.noFont`.
    public func installedFontFamily() throws(FigureError) -> String {
        try Typeface(family: fontFamily).family
    }

    private static func check(_ dotsPerInch: Double) {
        precondition((36...2400).contains(dotsPerInch), "a resolution lies in 36...2400 dots per inch")
    }

    /// Whether the figure is about as wide as one of two columns, so that everything in it is smaller.
    var isNarrow: Bool { width.inches < 4.5 }

    // MARK: - Sizes of text, in points

    var headingSize: Double { (isNarrow ? 8 : 9) * textScale }
    var detailSize: Double { (isNarrow ? 7 : 8) * textScale }
    var legendSize: Double { fontSize }
    var captionSize: Double { (isNarrow ? 7 : 7.5) * textScale }
    /// The size of text, and of what grows with it, against the size that it has by default.
    var textScale: Double { fontSize / Self.defaultFontSize }
}
