import PenumbraRuns
import ArgumentParser
import Figures
import Foundation

extension ScatterPanel.Contours: ExpressibleByArgument {}

/// What the points of a figure show.
struct ContentOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            What colours show: mixture (of the classes' colours, by the label), entropy (of the label, in nats), agreement \
            (predicted classes, pale if right), or a column of numbers or names from the labels or --columns. Each layout \
            is then one panel (default: mixture; the class if each sample has one; or Figure 1 for the shapes set). Samples \
            without a value are grey.
            """, valueName: "mixture|entropy|agreement|column"))
    var color: String?

    @Option(help: ArgumentHelp("A column of numbers that turns circles into ellipses.", valueName: "column"))
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

    /// What to draw.
    var content: FigureContent {
        FigureContent(
            colouring: color.map(FigureContent.Colouring.init), glyph: glyph,
            grid: panels.flatMap(FigureContent.Grid.init), contours: contours, hasClusterLabels: clusterLabels,
            isContinuous: continuous)
    }

    func validate() throws {
        if let panels, FigureContent.Grid(panels) == nil {
            throw ValidationError(
                "--panels is '\(panels)'; expected columns (1 to 12) x rows (1 to 1000), such as 3x2.")
        }
    }
}
