import Parameters
import PenumbraRuns
import ArgumentParser
import Figures
import Foundation

extension ScatterPanel.Contours: ExpressibleByArgument {}

/// What the points of a figure show.
struct FigureContentOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            What colours show: mixture (of the classes' colours, by the label), entropy (of the label, in nats), agreement \
            (predicted classes, pale if right), or a column of numbers or names from the labels or --columns. Each layout \
            is then one panel (default: mixture; the class if each sample has one; or Figure 1 for the shapes set). Samples \
            without a value are grey.
            """, valueName: "mixture|entropy|agreement|column"))
    var color: String?

    @Option(
        help: ArgumentHelp(
            "A column of numbers that turns circles into ellipses, or entropy (of the label).", valueName: "column"))
    var glyph: String?

    @Option(
        help: "Another table (.csv) of columns; rows are matched by id.",
        transform: URL.init(fileURLWithPath:))
    var columns: URL?

    @Option(help: ArgumentHelp("Panels per row, and rows, such as 4x2 (default: up to 3 per row).", valueName: "CxR"))
    var panels: String?

    @Option(help: "Draw lines of equal density around 25, 50, 75 and 90 % of all points, or 50 and 80 % of each class.")
    var contours: ScatterPanel.Contours?

    @Flag(help: "Write the name of each class where it is densest.")
    var clusterLabels = false

    @Flag(help: "Draw classes that are numbers on a scale, not as categories (for labels with one class per sample).")
    var continuous = false

    @Option(
        help: ArgumentHelp(
            "Numbers at the ends of the colours, such as 0:1.5 (default: the smallest and the largest number).",
            valueName: "low:high"),
        transform: colorRange(_:))
    var colorRange: ClosedRange<Double>?

    @Option(
        in: ParameterRange("a positive number", contains: { $0 > 0 && $0.isFinite }),
        help: """
            The colours of a column of numbers form a circle and repeat after this number, such as 360 (default: 360 \
            for the hue of the shapes set; no circle for others).
            """)
    var colorPeriod: Double?

    @Option(
        help: ArgumentHelp(
            "Draw a panel for each value of this column, or of class, with all other points grey.", valueName: "column")
    )
    var facet: String?

    @Option(
        in: ParameterRange("a number above 0 and at most 100", contains: { $0 > 0 && $0 <= 100 }),
        help: """
            For two maps: add a panel with arrows from each point's position in the first map to its position in the second, rotated onto the first, for \
            this percentage of the points: those that moved most.
            """)
    var arrows: Double?

    @Option(
        in: .from(0, to: 2_000),
        help: "Show up to this many points of each panel as their images, where there is room; see --data.")
    var thumbnails = 0

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Draw all points grey except these: ids, or one column=value such as site=head.",
            valueName: "id|column=value")
    )
    var highlight: [String] = []

    /// The content to draw.
    var content: FigureContent {
        FigureContent(
            colouring: color.map(FigureContent.Colouring.init), glyph: glyph,
            grid: panels.flatMap(FigureContent.Grid.init), contours: contours, hasClusterLabels: clusterLabels,
            isContinuous: continuous,
            colourRange: colorRange, highlight: highlight, colourPeriod: colorPeriod, facet: facet,
            arrows: arrows.map { $0 / 100 }, thumbnails: thumbnails)
    }

    /// Parses `0:1.5`. Throws `ValidationError` unless it is two finite numbers, the lower first.
    private static func colorRange(_ text: String) throws -> ClosedRange<Double> {
        let numbers = text.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) }
        guard numbers.count == 2, let low = numbers[0], let high = numbers[1], low.isFinite, high.isFinite, low < high
        else { throw ValidationError("expected two finite numbers, the lower first, such as 0:1.5.") }
        return low...high
    }

    func validate() throws {
        if colorPeriod != nil && colorRange != nil {
            throw ValidationError("--color-range and --color-period cannot be combined; give one of them.")
        }
        if let color, ["mixture", "agreement"].contains(color) {
            for (option, isGiven) in [("--color-range", colorRange != nil), ("--color-period", colorPeriod != nil)]
            where isGiven {
                throw ValidationError(
                    "\(option) is for a column of numbers; --color is \(color), which has no such scale.")
            }
        }
        if color == "entropy" && colorPeriod != nil {
            throw ValidationError("--color-period is for a column of numbers; --color is entropy, which is no circle.")
        }
        if let panels, FigureContent.Grid(panels) == nil {
            throw ValidationError(
                "--panels is '\(panels)'; expected columns (1 to 12) x rows (1 to 1000), such as 3x2.")
        }
    }
}
