import Foundation
import TensorFiles

/// One page of HTML with maps of the same samples side by side, to be explored in a browser: linked hover, lasso, zoom, a
/// slider that turns the first map into another, filters, films, search, tables.
///
/// The page holds everything it shows, so that it opens from disk and fetches nothing; a content security policy keeps
/// the browser from running or loading anything else. The same explorer gives the same bytes each time.
public struct Explorer: Sendable {
    /// Heading and title of the page.
    public var title = "Penumbra explorer"
    /// The K classes, in the order of the label distributions' columns; at least one, else it traps.
    public var classes: [SampleClass] {
        didSet { precondition(!classes.isEmpty, "an explorer has at least one class") }
    }
    /// One a sample; any text. Two samples may share one.
    public var ids: [String]
    /// N × K by row: each row finite, not negative, with the sum 1 within 1e-3.
    public var distributions: [Double]
    /// How many annotations each label distribution is made of, at most 2³² − 1; nil where unknown.
    public var annotators: [Int?]?
    /// How far each glyph is from a circle (0) towards an ellipse (1), as `EllipseShape` draws it; discs if left out.
    public var ellipseShares: [Double]?
    /// What colours may mean, the first shown at first; if empty, the mixture of the classes' colours by the label.
    public var colourings: [Colouring] = []
    /// How the colours of classes are mixed.
    public var mixing = ColourMixing.oklab
    /// From left to right, at most `mostPanels`, else it traps.
    public var panels: [Panel] = [] {
        didSet { precondition(panels.count <= Self.mostPanels, "at most \(Self.mostPanels) maps fit a page") }
    }
    /// Numbers that are shown with a sample and that samples can be filtered by.
    public var columns: [Column] = []
    /// Images of the samples; glyphs stand in for those that are missing.
    public var thumbnails: ThumbnailSheet?
    /// Sentences above the maps: what the page shows.
    public var answer: [String] = []
    /// Rows of a small table below them, the first its head; empty for none.
    public var answerTable: [[String]] = []
    /// Sentences at the side of the page, say on how the data came to be.
    public var notes: [String] = []
    /// Shuffles the order in which points are drawn.
    public var seed: UInt64 = 0

    /// More maps would be too small to compare.
    public static let mostPanels = 6

    /// An explorer of N samples without maps. Traps without a class.
    public init(classes: [SampleClass], ids: [String], distributions: [Double]) {
        precondition(!classes.isEmpty, "an explorer has at least one class")
        self.classes = classes
        self.ids = ids
        self.distributions = distributions
    }

    /// Writes the page, whole or not at all. Throws `FigureError`, or `FileWriteError` where it cannot be written.
    public func write(to url: URL) throws {
        try AtomicFile.write(html(), to: url)
    }

    /// The bytes of the page.
    ///
    /// - Throws: `countMismatch`, `notFinite`, `outOfRange`, `notADistribution`; or `drawing` where the sheet of thumbnails
    ///   cannot be encoded.
    /// - Complexity: O(N (K + panels + frames) + pixels of the thumbnails).
    public func html() throws(FigureError) -> Data {
        try check()
        return ExplorerPage.html(try ExplorerContent(self))
    }
}

// MARK: - Parts

extension Explorer {
    /// A class and its look.
    public struct SampleClass: Sendable {
        /// Any text.
        public var name: String
        /// Of pure samples, in bars and in the legend.
        public var colour: Colour
        /// Of its glyph in the legend, 0…1; a disc if left out.
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
        /// Say "object" or "shape".
        public var name: String
        /// One a sample.
        public var colours: [Colour]

        /// A colouring.
        public init(name: String, colours: [Colour]) {
            self.name = name
            self.colours = colours
        }
    }

    /// A map of all samples.
    public struct Panel: Sendable {
        /// Say "hard labels".
        public var name: String
        /// Beside the name, say "ACC .9530  KL .0185".
        public var caption: String
        /// N × 2 by row, y upwards. A sample with a NaN or an infinity has no place, and the page counts these.
        public var coordinates: [Float]
        /// What the network of this map predicts, N × K by row, each number in 0…1.
        public var predictions: [Double]?
        /// Earlier states of the map in order of time, say t-SNE's snapshots or epochs. All maps' films run together.
        public var frames: [Frame]

        /// A map.
        public init(
            name: String, caption: String = "", coordinates: [Float], predictions: [Double]? = nil, frames: [Frame] = []
        ) {
            self.name = name
            self.caption = caption
            self.coordinates = coordinates
            self.predictions = predictions
            self.frames = frames
        }
    }

    /// A map at one moment. Each frame is scaled to fill the panel, since t-SNE begins in a tiny place.
    public struct Frame: Sendable {
        /// Say "iteration 250".
        public var label: String
        /// As a panel's. Kept to 1/65,534 of the frame's longer side.
        public var coordinates: [Float]

        /// A frame.
        public init(label: String, coordinates: [Float]) {
            self.label = label
            self.coordinates = coordinates
        }
    }

    /// A number for each sample.
    public struct Column: Sendable {
        /// Say "neighbours changed".
        public var name: String
        /// One a sample, kept in single precision; NaN where a sample has none.
        public var values: [Double]
        /// Whether it says how much a sample changed between the maps: then "What changed most" sorts by it.
        public var isChange: Bool

        /// A column.
        public init(name: String, values: [Double], isChange: Bool = false) {
            self.name = name
            self.values = values
            self.isChange = isChange
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
        for column in columns { try Self.check("column \(column.name)", column.values.count, ids.count) }
        for panel in panels {
            try Self.check("coordinates of \(panel.name)", panel.coordinates.count, 2 * ids.count)
            for frame in panel.frames {
                let column = "coordinates of \(panel.name), \(frame.label)"
                try Self.check(column, frame.coordinates.count, 2 * ids.count)
            }
            if let predictions = panel.predictions { try check(predictions, "predictions of \(panel.name)") }
        }
        try Self.check("thumbnails", thumbnails?.count, ids.count)
    }

    /// Softmaxes of float32 need not sum to exactly 1, and are not held to it.
    private func check(_ predictions: [Double], _ column: String) throws(FigureError) {
        try Self.check(column, predictions.count, ids.count * classes.count)
        for (index, share) in predictions.enumerated() where !(0...1.001).contains(share) {
            if !share.isFinite { throw .notFinite(column: column, row: index / classes.count) }
            throw .outOfRange(column: column, row: index / classes.count, found: share, lowest: 0, highest: 1)
        }
    }

    private static func check(_ column: String, _ found: Int?, _ expected: Int) throws(FigureError) {
        if let found, found != expected { throw .countMismatch(column: column, found: found, expected: expected) }
    }
}
