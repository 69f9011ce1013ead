/// The outer form of a figure.
public struct FigureStyle: Sendable, Equatable {
    /// How wide the figure is printed.
    public var width: Width
    /// The font family, if it is installed; else, and by default, the first installed of a list of sans-serif families.
    public var fontFamily: String?
    /// Dark on light or light on dark.
    public var theme = FigureTheme.light
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
    /// Of that layer. Traps outside 36…2400.
    public var rasterDotsPerInch = 450.0 {
        didSet { Self.check(rasterDotsPerInch) }
    }

    /// The default style at a width.
    public init(width: Width = .page, fontFamily: String? = nil) {
        self.width = width
        self.fontFamily = fontFamily
    }

    /// The widths that journals and conferences print.
    public enum Width: String, Sendable, CaseIterable {
        /// One of two columns: 3.25 inches.
        case column
        /// The text of a page in one column: 5.5 inches.
        case text
        /// Both of two columns: 6.75 inches.
        case page

        /// The width in inches.
        public var inches: Double {
            switch self {
            case .column: 3.25
            case .text: 5.5
            case .page: 6.75
            }
        }
    }

    /// The family that text is set in: `fontFamily` where it is installed, else what stands for it. Throws
    /// `FigureError.noFont`.
    public func installedFontFamily() throws(FigureError) -> String {
        try Typeface(family: fontFamily).family
    }

    private static func check(_ dotsPerInch: Double) {
        precondition((36...2400).contains(dotsPerInch), "a resolution lies in 36...2400 dots per inch")
    }

    // MARK: - Sizes of text, in points

    var headingSize: Double { width == .column ? 8 : 9 }
    var detailSize: Double { width == .column ? 7 : 8 }
    var legendSize: Double { 7 }
    var captionSize: Double { width == .column ? 7 : 7.5 }
}
