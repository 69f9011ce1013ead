/// The appearance of a figure.
public struct FigureStyle: Sendable, Equatable {
    /// The printed width of the figure.
    public var width: Width
    /// The font family, if it is installed; otherwise, and by default, the first installed of a list of sans-serif families.
    public var fontFamily: String?
    /// Dark on light or light on dark.
    public var theme = FigureTheme.light
    /// The colours of classes.
    public var palette = ClassPalette.standard
    /// The position of legends; nil for below the panels in a narrow figure and beside them in others.
    public var legendPlacement: LegendPlacement?
    /// The size of the text in legends, in points; headings and captions scale with it. Traps outside `fontSizes`.
    public var fontSize = Self.defaultFontSize {
        didSet { precondition(Self.fontSizes.contains(fontSize), "text has 4 to 24 points") }
    }
    /// The allowed text sizes, in points.
    public static let fontSizes = 4.0...24
    private static let defaultFontSize = 7.0
    /// The kind of vision to simulate; nil for vision with all three kinds of cones.
    public var vision: ColourVision?
    /// The size of points relative to the size that follows from their number; above 0, otherwise it traps.
    public var pointScale = 1.0 {
        didSet { precondition(pointScale > 0 && pointScale.isFinite, "points have a size") }
    }
    /// The resolution of a PNG. Traps outside 36…2400.
    public var dotsPerInch = 300.0 {
        didSet { Self.check(dotsPerInch) }
    }
    /// In SVG and PDF, a panel with more points than this shows them as one layer of pixels beneath the text.
    public var vectorPointLimit = 5_000
    /// How an SVG represents text.
    public var svgText = SVGText.text
    /// The resolution of the layer of pixels. Traps outside 36…2400.
    public var rasterDotsPerInch = 300.0 {
        didSet { Self.check(rasterDotsPerInch) }
    }

    /// The default style at a width.
    public init(width: Width = .page, fontFamily: String? = nil) {
        self.width = width
        self.fontFamily = fontFamily
    }

    /// Whether legends are below the panels, if there are any.
    var placesLegendsBelow: Bool { legendPlacement.map { $0 == .below } ?? isNarrow }

    /// The position of legends.
    public enum LegendPlacement: String, Sendable, CaseIterable {
        /// To the right of the panels.
        case right
        /// Below the panels.
        case below
        /// There are no legends.
        case hidden = "none"
    }

    /// The printed width of a figure.
    public struct Width: Sendable, Hashable, CaseIterable {
        /// The width in inches.
        public let inches: Double

        /// The width of one of two columns: 3.25 inches.
        public static let column = Width(inches: 3.25)
        /// The text width of a single-column page: 5.5 inches.
        public static let text = Width(inches: 5.5)
        /// The width of two columns: 6.75 inches.
        public static let page = Width(inches: 6.75)

        /// The usual print widths of journals and conferences.
        public static let allCases = [column, text, page]

        /// The allowed widths in inches: narrower figures have no room for panels.
        public static let range = 2.0...24

        /// A width in inches; traps outside `range`.
        public init(inches: Double) {
            precondition(Self.range.contains(inches), "a figure is 2 to 24 inches wide")
            self.inches = inches
        }

        /// Parses `column`, `text`, `page`, or a length in millimetres or inches such as `90mm` or `3.5in`; nil for other texts
        /// and for lengths outside `range`.
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

    /// The family used for text: `fontFamily` if it is installed, otherwise its substitute. Throws `FigureError.noFont`.
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
    /// The size of text, and of what scales with it, relative to the default.
    var textScale: Double { fontSize / Self.defaultFontSize }
}
