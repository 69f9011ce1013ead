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
    /// One sentence above everything: what the maps say. Empty for none.
    public var verdict = ""
    /// Sentences behind the verdict, which the reader opens.
    public var answer: [String] = []
    /// Rows of a small table below them, the first its head; empty for none.
    public var answerTable: [[String]] = []
    /// Words of the page that are explained where the pointer or the focus is on them; the longest that fits a place counts.
    public var explanations: [Explanation] = []
    /// Sentences at the side of the page, say on how the data came to be.
    public var notes: [String] = []
    /// Shuffles the order in which points are drawn.
    public var seed: UInt64 = 0

    /// With more samples than this, places, shares and columns are kept in 65,534 steps of their range instead of in
    /// single precision, and films have fewer frames, so that the page stays small enough to be sent.
    public static let mostExactSamples = 20_000

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
        /// The name in full, such as "red circle" for "rc"; it stands beside the short one. Nil where that says enough.
        public var fullName: String?
        /// Whether this represents samples that have no label: they have no entropy and do not count in mean labels.
        public var isMissing = false
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
        /// The nearest samples of each in the space that this is a map of, the nearest first: N × `neighbors.count / N`.
        /// Without them the page takes the nearest on the map.
        public var neighbors: [Int32]?
        /// What the network of this map predicts, N × K by row, each number in 0…1.
        public var predictions: [Double]?
        /// Earlier states of the map in order of time, say t-SNE's snapshots or epochs. All maps' films run together.
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

    /// A number or a category for each sample.
    public struct Column: Sendable {
        /// Say "neighbours changed".
        public var name: String
        /// One a sample, kept in single precision; NaN where a sample has none. Of categories their places in `categories`.
        public var values: [Double]
        /// The names that values stand for; nil where they are numbers.
        public var categories: [String]?
        /// Whether it says how much a sample changed between the maps: then "What changed most" sorts by it.
        public var isChange: Bool

        /// A column.
        public init(name: String, values: [Double], isChange: Bool = false) {
            self.name = name
            self.values = values
            self.isChange = isChange
        }

        /// Names; nil where a sample has none.
        public init(name: String, categories: [String], indices: [Int?]) {
            self.init(name: name, values: indices.map { $0.map(Double.init) ?? .nan })
            self.categories = categories
        }
    }

    /// A word of the page and what it means, in one sentence.
    public struct Explanation: Sendable {
        /// As it stands on the page, in any case of letters.
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

    /// Softmaxes of float32 need not sum to exactly 1, and are not held to it.
    private func check(_ predictions: [Double], _ column: String) throws(FigureError) {
        try Self.check(column, predictions.count, ids.count * classes.count)
        for (index, share) in predictions.enumerated() where !(0...1.001).contains(share) {
            if !share.isFinite { throw .notFinite(column: column, row: index / classes.count) }
            throw .outOfRange(column: column, row: index / classes.count, found: share, lowest: 0, highest: 1)
        }
    }

    /// The same number for each sample, and each one of them.
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
