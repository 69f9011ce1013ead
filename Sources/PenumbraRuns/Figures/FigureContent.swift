import Figures

/// What the points of a figure show, and how its panels stand.
package struct FigureContent {
    /// What colours say.
    package enum Colouring: Equatable {
        /// The label distribution.
        case mixture
        /// How undecided the label is.
        case entropy
        /// Whether the prediction is right, and which it is.
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

    /// How many panels stand beside and below one another.
    package struct Grid: Equatable {
        var columns: Int
        var rows: Int

        /// So that columns times rows is a number, and the figure's height too.
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

    /// Nil for Figure 1 where hues and ellipse shares are known, and mixtures otherwise.
    var colouring: Colouring?
    /// The column whose numbers turn circles into ellipses.
    var glyph: String?
    /// Nil for up to three panels in a row.
    var grid: Grid?
    /// Lines of equal density.
    var contours: ScatterPanel.Contours?
    /// Whether the names of the classes stand at their clusters.
    var hasClusterLabels = false
    /// Whether classes that are numbers are drawn as numbers.
    var isContinuous = false
    /// Ids, or one `column=value`, of the samples that keep their colours; none for all.
    var highlight: [String] = []
    /// The numbers at the ends of the colours; nil for the least and the largest number.
    var colourRange: ClosedRange<Double>?
    /// After which numbers colours come again; nil for colours from the least to the largest number.
    var colourPeriod: Double?
    /// The column that has a panel for each value.
    var facet: String?
    /// The share of the points whose ways from the first map to the second are drawn; nil for none.
    var arrows: Double?
    /// How many points of a panel are shown as the images that they are.
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

    /// Whether classes are needed: for colours that mix them, and for what is drawn of each class.
    package var needsClasses: Bool {
        switch colouring {
        case .mixture, .entropy: true
        case .agreement: hasClusterLabels || contours == .classes
        case .column: hasClusterLabels && contours == .classes
        case nil: false
        }
    }

    /// Whether Figure 1 is drawn of synthetic objects: nothing else is asked for.
    var allowsObjects: Bool {
        colouring == nil && glyph == nil && grid == nil && facet == nil && arrows == nil
    }

    /// Whether colours say what the labels say.
    var showsLabels: Bool {
        switch colouring {
        case .mixture, .entropy, nil: true
        case .agreement, .column: false
        }
    }

    /// Whether a column of a table is asked for.
    package var namesColumn: Bool {
        if case .column = colouring { true } else { glyph != nil || facet != nil }
    }
}
