import ArgumentParser
import Figures

extension FigureStyle.Width: ExpressibleByArgument {}
extension ColourMixing: ExpressibleByArgument {}

/// The outer form of figures.
struct FigureOptions: ParsableArguments {
    @Option(help: "Printed width: column (3.25 in), text (5.5 in) or page (6.75 in).")
    var width = FigureStyle.Width.page

    @Option(help: "Pixels to the inch of a PNG, from 36 to 2400.")
    var dpi = 300.0

    @Option(help: "How the colours of classes mix: oklab or srgb.")
    var mix = ColourMixing.oklab

    /// The style to draw with.
    var style: FigureStyle {
        var style = FigureStyle(width: width)
        style.dotsPerInch = dpi
        return style
    }

    mutating func validate() throws {
        if !(36...2400).contains(dpi) {
            throw ValidationError("--dpi is \(dpi), a number from 36 to 2400 was expected.")
        }
    }
}
