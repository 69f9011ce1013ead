import ArgumentParser
import Figures
import Foundation

extension ScatterPanel.Contours: ExpressibleByArgument {}

/// What the points of a figure show.
struct ContentOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            What colours say: mixture (of the classes' colours, by the label), entropy (of the label, in nats), agreement \
            (predicted classes, pale where right) or a column of the labels or of --columns, of numbers or of names. With it, \
            each layout is one panel (default: mixture, or Figure 1 for the shapes set).
            """, valueName: "mixture|entropy|agreement|column"))
    var color: String?

    @Option(help: ArgumentHelp("A column of numbers that turns circles into ellipses.", valueName: "column"))
    var glyph: String?

    @Option(
        help: "A further table (.csv) of columns; its rows are found by their ids.",
        transform: URL.init(fileURLWithPath:))
    var columns: URL?

    @Option(help: ArgumentHelp("Panels in a row and rows, such as 4x2 (default: up to 3 in a row).", valueName: "CxR"))
    var panels: String?

    @Option(help: "Lines of equal density: of all points (25, 50, 75 and 90 % of them) or of classes (50 and 80 %).")
    var contours: ScatterPanel.Contours?

    @Flag(help: "Name each class where it is densest.")
    var clusterLabels = false

    /// What to draw.
    var content: FigureContent {
        FigureContent(
            colouring: color.map(FigureContent.Colouring.init), glyph: glyph,
            grid: panels.flatMap(FigureContent.Grid.init), contours: contours, hasClusterLabels: clusterLabels)
    }

    func validate() throws {
        if let panels, FigureContent.Grid(panels) == nil {
            throw ValidationError(
                "--panels is '\(panels)', columns (1 to 12) x rows (1 to 1000) was expected, such as 3x2.")
        }
    }
}
