import Figures

/// What the points of a figure show, and how its panels are arranged.
package struct FigureContent {
    /// What the colours show.
    package enum Colouring: Equatable {
        /// The label distribution.
        case mixture
        /// The ambiguity of the label.
        case entropy
        /// The predicted class, and whether it is right.
        case agreement
        /// A column of a table.
        case column(String)

        package init(_ text: String) {
            switch text {
            case "mixture": self = .mixture
            case "entropy": self = .entropy
            case "agreement": self = .agreement
            default: self = .column(text)
            }
        }
    }

    /// The number of columns and rows of panels.
    package struct Grid: Equatable {
        var columns: Int
        var rows: Int

        /// Keeps columns times rows, and the figure's height, representable.
        private static let mostRows = 1_000

        /// Reads `3x2`; nil for other texts, and for more columns or rows than a figure can have.
        package init?(_ text: String) {
            let numbers = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
            guard numbers.count == 2, let columns = numbers[0], let rows = numbers[1],
                (1...Self.mostRows).contains(rows), (1...Figure.mostColumns).contains(columns)
            else { return nil }
            (self.columns, self.rows) = (columns, rows)
        }
    }

    /// Nil selects Figure 1 if hues and ellipse shares are known, otherwise mixtures.
    var colouring: Colouring?
    /// The column whose numbers turn circles into ellipses.
    var glyph: String?
    /// Nil for up to three panels per row.
    var grid: Grid?
    /// Lines of equal density.
    var contours: ScatterPanel.Contours?
    /// Whether the names of the classes are written at their clusters.
    var hasClusterLabels = false
    /// Whether classes that are numbers are coloured as numbers.
    var isContinuous = false
    /// Ids, or one `column=value`, of the samples that keep their colours; if empty, all do.
    var highlight: [String] = []
    /// The numbers at the ends of the colour scale; nil for the smallest and the largest number.
    var colourRange: ClosedRange<Double>?
    /// The period after which colours repeat; nil for colours from the smallest to the largest number.
    var colourPeriod: Double?
    /// The column whose values each get a panel.
    var facet: String?
    /// The share of the points whose displacement from the first map to the second is drawn; nil for none.
    var arrows: Double?
    /// How many points of a panel are shown as their images.
    package var thumbnails = 0

    package init(
        colouring: Colouring? = nil, glyph: String? = nil, grid: Grid? = nil, contours: ScatterPanel.Contours? = nil,
        hasClusterLabels: Bool = false, isContinuous: Bool = false, colourRange: ClosedRange<Double>? = nil,
        highlight: [String] = [], colourPeriod: Double? = nil, facet: String? = nil, arrows: Double? = nil,
        thumbnails: Int = 0
    ) {
        self.colouring = colouring
        self.glyph = glyph
        self.grid = grid
        self.contours = contours
        self.hasClusterLabels = hasClusterLabels
        self.isContinuous = isContinuous
        self.colourRange = colourRange
        self.highlight = highlight
        self.colourPeriod = colourPeriod
        self.facet = facet
        self.arrows = arrows
        self.thumbnails = thumbnails
    }

    /// Whether classes are needed: for colours that mix them, and for anything drawn per class.
    package var needsClasses: Bool {
        switch colouring {
        case .mixture, .entropy: true
        case .agreement: hasClusterLabels || contours == .classes
        case .column: hasClusterLabels && contours == .classes
        case nil: false
        }
    }

    /// Whether synthetic objects may be drawn as Figure 1: nothing else is requested.
    var allowsObjects: Bool {
        colouring == nil && glyph == nil && grid == nil && facet == nil && arrows == nil
    }

    /// Whether the colours show the labels.
    var showsLabels: Bool {
        switch colouring {
        case .mixture, .entropy, nil: true
        case .agreement, .column: false
        }
    }

    /// The columns that are requested by name. The text of `--highlight` names one unless it is one of `ids`.
    func columnNames(apartFrom ids: SampleIDs) -> [String] {
        var names = [glyph, facet].compactMap(\.self)
        if case .column(let name) = colouring { names.append(name) }
        if highlight.count == 1, let end = highlight[0].firstIndex(of: "="), !ids.ids.contains(highlight[0]) {
            names.append(String(highlight[0][..<end]))
        }
        return names
    }

    /// Whether a column of a table is requested.
    package var namesColumn: Bool {
        if case .column = colouring { true } else { glyph != nil || facet != nil }
    }
}
