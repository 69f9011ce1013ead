import Foundation
import TensorFiles

/// One HTML page with maps of the same samples side by side, for exploration in a browser: linked hover, lasso, zoom, a slider
/// that turns the first map into another, filters, films, search, tables.
///
/// The page contains everything it shows, so it opens from disk and fetches nothing; a content security policy keeps the
/// browser from running or loading anything else. The same explorer gives the same bytes each time.
public struct Explorer: Sendable {
    /// The heading and title of the page.
    public var title = "Penumbra explorer"
    /// The K classes, in the order of the label distributions' columns; at least one, otherwise it traps.
    public var classes: [SampleClass] {
        didSet { precondition(!classes.isEmpty, "an explorer has at least one class") }
    }
    /// One per sample; any text. Two samples may have the same id.
    public var ids: [String]
    /// N × K, row by row; each row finite, not negative, with a sum of 1 to within 1e-3.
    public var distributions: [Double]
    /// The number of annotators behind each label distribution, at most 2³² − 1; nil if unknown.
    public var annotators: [Int?]?
    /// How far each glyph is from a circle (0) towards an ellipse (1), as drawn by `EllipseShape`; discs if omitted.
    public var ellipseShares: [Double]?
    /// The possible meanings of colours, the first selected initially; if empty, the mixture of the classes' colours according
    /// to the label.
    public var colourings: [Colouring] = []
    /// How the colours of classes are mixed.
    public var mixing = ColourMixing.oklab
    /// From left to right, at most `mostPanels`, otherwise it traps.
    public var panels: [Panel] = [] {
        didSet { precondition(panels.count <= Self.mostPanels, "at most \(Self.mostPanels) maps fit a page") }
    }
    /// Values that are shown with a sample and by which samples can be filtered.
    public var columns: [Column] = []
    /// Images of the samples; glyphs replace missing ones.
    public var thumbnails: ThumbnailSheet?
    /// One sentence above everything, which sums up the maps. Empty for none.
    public var verdict = ""
    /// Sentences behind the verdict, which the reader can open.
    public var answer: [String] = []
    /// Rows of a small table below them, the first of which is the header; empty for none.
    public var answerTable: [[String]] = []
    /// Terms on the page that are explained on hover or focus; if several match at a position, the longest is used.
    public var explanations: [Explanation] = []
    /// Sentences at the side of the page, for example on how the data were made.
    public var notes: [String] = []
    /// The seed for the order in which points are drawn.
    public var seed: UInt64 = 0

    /// With more samples than this, positions, shares and columns are stored in 65,534 steps of their range instead of in
    /// single precision, and films have fewer frames, so that the page stays small enough to send.
    public static let mostExactSamples = 20_000

    /// With more maps, each would be too small for comparison.
    public static let mostPanels = 6

    /// An explorer of N samples without maps. Traps without a class.
    public init(classes: [SampleClass], ids: [String], distributions: [Double]) {
        precondition(!classes.isEmpty, "an explorer has at least one class")
        self.classes = classes
        self.ids = ids
        self.distributions = distributions
    }

    /// Writes the page, whole or not at all. Throws `FigureError`, or `FileWriteError` if it cannot be written.
    public func write(to url: URL) throws {
        try AtomicFile.write(html(), to: url)
    }

    /// The bytes of the page.
    ///
    /// - Throws: `countMismatch`, `notFinite`, `outOfRange`, `notADistribution`; or `drawing` if the sheet of thumbnails cannot
    ///   be encoded.
    /// - Complexity: O(N (K + panels + frames) + pixels of the thumbnails).
    public func html() throws(FigureError) -> Data {
        try check()
        return ExplorerPage.html(try ExplorerContent(self))
    }
}

// MARK: - Parts

extension Explorer {
    /// A class and its appearance.
    public struct SampleClass: Sendable {
        /// Any text.
        public var name: String
        /// The full name, such as "red circle" for "rc", shown beside the short one. Nil if the short name is enough.
        public var fullName: String?
        /// Whether this represents samples that have no label: they have no entropy and do not count in mean labels.
        public var isMissing = false
        /// The colour of pure samples, of bars and in the legend.
        public var colour: Colour
        /// The shape of its glyph in the legend, 0…1; a disc if omitted.
        public var ellipseShare: Double?

        /// A class.
        public init(name: String, colour: Colour, ellipseShare: Double? = nil) {
            self.name = name
            self.colour = colour
            self.ellipseShare = ellipseShare
        }

        /// Classes in the colours of `ClassPalette.standard`.
        public static func palette(_ names: [String]) -> [SampleClass] {
            zip(names, ClassPalette.standard.colours(of: names)).map { SampleClass(name: $0, colour: $1) }
        }
    }

    /// A colour for each sample, and what it means.
    public struct Colouring: Sendable {
        /// For example "object" or "shape".
        public var name: String
        /// One per sample.
        public var colours: [Colour]

        /// A colouring.
        public init(name: String, colours: [Colour]) {
            self.name = name
            self.colours = colours
        }
    }

    /// A map of all samples.
    public struct Panel: Sendable {
        /// For example "hard labels".
        public var name: String
        /// The text beside the name, for example "ACC .9530  KL .0185".
        public var caption: String
        /// N × 2, row by row, y upwards. A sample with a NaN or an infinity has no position, and the page states how many there
        /// are.
        public var coordinates: [Float]
        /// The nearest samples of each sample in the space of this map, nearest first: N × `neighbors.count / N`. Without them
        /// the page uses the nearest on the map.
        public var neighbors: [Int32]?
        /// The predictions of this map's network, N × K, row by row, each number in 0…1.
        public var predictions: [Double]?
        /// Earlier states of the map in chronological order, for example t-SNE snapshots or epochs. The films of all maps run
        /// together.
        public var frames: [Frame]

        /// A map.
        public init(
            name: String, caption: String = "", coordinates: [Float], neighbors: [Int32]? = nil,
            predictions: [Double]? = nil, frames: [Frame] = []
        ) {
            self.neighbors = neighbors
            self.name = name
            self.caption = caption
            self.coordinates = coordinates
            self.predictions = predictions
            self.frames = frames
        }
    }

    /// A map at one moment. Each frame is scaled to fill the panel, since t-SNE begins with a tiny layout.
    public struct Frame: Sendable {
        /// For example "iteration 250".
        public var label: String
        /// As in a panel. Stored to 1/65,534 of the frame's longer side.
        public var coordinates: [Float]

        /// A frame.
        public init(label: String, coordinates: [Float]) {
            self.label = label
            self.coordinates = coordinates
        }
    }

    /// A number or a category for each sample.
    public struct Column: Sendable {
        /// For example "neighbours changed".
        public var name: String
        /// One per sample, stored in single precision; NaN if a sample has none. For categories, indices into `categories`.
        public var values: [Double]
        /// The names that the values index; nil if they are numbers.
        public var categories: [String]?
        /// Whether it measures how much a sample changed between the maps: "What changed most" then sorts by it.
        public var isChange: Bool

        /// A column.
        public init(name: String, values: [Double], isChange: Bool = false) {
            self.name = name
            self.values = values
            self.isChange = isChange
        }

        /// A column of names; nil if a sample has none.
        public init(name: String, categories: [String], indices: [Int?]) {
            self.init(name: name, values: indices.map { $0.map(Double.init) ?? .nan })
            self.categories = categories
        }
    }

    /// A term on the page and its meaning, in one sentence.
    public struct Explanation: Sendable {
        /// As written on the page; case is ignored.
        public var term: String
        /// Any text.
        public var meaning: String

        /// An explanation.
        public init(_ term: String, _ meaning: String) {
            self.term = term
            self.meaning = meaning
        }
    }
}

// MARK: - Checks

extension Explorer {
    private func check() throws(FigureError) {
        try LabelDistributionCheck.check(distributions, count: ids.count, classes: classes.count)
        try Self.check("annotators", annotators?.count, ids.count)
        try Self.check("ellipse share", ellipseShares?.count, ids.count)
        if let ellipseShares { try ScatterPoints.checkShares(ellipseShares) }
        for one in classes { if let share = one.ellipseShare { try ScatterPoints.checkShares([share]) } }
        for (row, number) in (annotators ?? []).enumerated() {
            if let number, !(0...Int(UInt32.max)).contains(number) {
                throw .outOfRange(
                    column: "annotators", row: row, found: Double(number), lowest: 0, highest: Double(UInt32.max))
            }
        }
        for colouring in colourings {
            try Self.check("colouring \(colouring.name)", colouring.colours.count, ids.count)
        }
        for column in columns {
            try Self.check("column \(column.name)", column.values.count, ids.count)
            guard let names = column.categories else { continue }
            for (row, value) in column.values.enumerated()
            where !value.isNaN
                && !(0..<Double(names.count)).contains(value)
            {
                throw .outOfRange(
                    column: "column \(column.name)", row: row, found: value, lowest: 0,
                    highest: Double(max(0, names.count - 1)))
            }
        }
        for panel in panels {
            try Self.check("coordinates of \(panel.name)", panel.coordinates.count, 2 * ids.count)
            for frame in panel.frames {
                let column = "coordinates of \(panel.name), \(frame.label)"
                try Self.check(column, frame.coordinates.count, 2 * ids.count)
            }
            if let neighbors = panel.neighbors { try check(neighbors, "neighbours in \(panel.name)") }
            if let predictions = panel.predictions { try check(predictions, "predictions of \(panel.name)") }
        }
        try Self.check("thumbnails", thumbnails?.count, ids.count)
    }

    /// Softmax outputs in float32 need not sum to exactly 1, so their sums are not checked.
    private func check(_ predictions: [Double], _ column: String) throws(FigureError) {
        try Self.check(column, predictions.count, ids.count * classes.count)
        for (index, share) in predictions.enumerated() where !(0...1.001).contains(share) {
            if !share.isFinite { throw .notFinite(column: column, row: index / classes.count) }
            throw .outOfRange(column: column, row: index / classes.count, found: share, lowest: 0, highest: 1)
        }
    }

    /// Checks that each sample has the same number of neighbours, and that each of them is a sample.
    private func check(_ neighbors: [Int32], _ column: String) throws(FigureError) {
        let each = ids.isEmpty ? 0 : neighbors.count / ids.count
        try Self.check(column, neighbors.count, each * ids.count)
        for (place, neighbor) in neighbors.enumerated() where !ids.indices.contains(Int(neighbor)) {
            throw .outOfRange(
                column: column, row: place / each, found: Double(neighbor), lowest: 0, highest: Double(ids.count - 1))
        }
    }

    private static func check(_ column: String, _ found: Int?, _ expected: Int) throws(FigureError) {
        if let found, found != expected { throw .countMismatch(column: column, found: found, expected: expected) }
    }
}
