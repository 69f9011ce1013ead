/// Dark ink on white paper, or light ink on a dark page.
public enum FigureTheme: String, Sendable, CaseIterable {
    /// For print.
    case light
    /// For slides and screens.
    case dark

    /// The page.
    public var paper: Colour {
        switch self {
        case .light: .white
        case .dark: Colour(hex: 0x15171C)
        }
    }

    /// Text and the lines of legends.
    public var ink: Colour { Colour(grey: self == .light ? 0.1 : 0.93) }

    /// Captions and thin outlines.
    var fadedInk: Colour { Colour(grey: self == .light ? 0.35 : 0.7) }

    /// The colour around panels.
    var frame: Colour { Colour(grey: self == .light ? 0.78 : 0.35) }

    /// The colour behind images that do not fill their square.
    var shade: Colour { Colour(grey: self == .light ? 0.94 : 0.16) }

    /// Points without a value.
    public var missing: Colour { Colour(grey: self == .light ? 0.72 : 0.42) }
}
