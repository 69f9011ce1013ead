import PenumbraRuns
import ArgumentParser
import Figures
import Foundation

extension FigureStyle.Width: ExpressibleByArgument {}
extension FigureTheme: ExpressibleByArgument {}
extension ColourMixing: ExpressibleByArgument {}
extension ColourVision: ExpressibleByArgument {}

/// The outer form of figures: options, and what a file of defaults says where they are left away.
struct FigureOptions: ParsableArguments {
    @Option(help: "Printed width: column (3.25 in), text (5.5 in) or page (6.75 in) (default: page).")
    var width: FigureStyle.Width?

    @Option(help: "Dark on light or light on dark (default: light).")
    var theme: FigureTheme?

    @Option(help: "Pixels per inch of a PNG, 36 to 2400 (default: 300).")
    var dpi: Double?

    @Option(help: "Font family (default: the first installed of Helvetica, Arial and similar).")
    var font: String?

    @Option(help: "Size of points relative to the size that fits their number, above 0 and at most 20 (default: 1).")
    var pointSize: Double?

    @Option(help: "How the colours of classes mix (default: oklab).")
    var mix: ColourMixing?

    @Option(help: "Simulate colour blindness.")
    var simulate: ColourVision?

    @Option(
        help: ArgumentHelp(
            "Defaults of these options (.json): any of theme, width, font, mix, point_size and dpi.", valueName: "file"),
        transform: URL.init(fileURLWithPath:))
    var style: URL?

    /// The style to draw with, and how colours mix. A font that is not installed is told to `note`. Throws `InputError`,
    /// `FileReadError`, or `FigureError` where there is no font at all.
    func resolved(note: (String) -> Void) throws -> (FigureStyle, ColourMixing) {
        let defaults = try style.map { try JSONText.read(StyleFile.self, from: $0) } ?? StyleFile()
        var result = FigureStyle(width: width ?? defaults.width ?? .page, fontFamily: font ?? defaults.font)
        result.theme = theme ?? defaults.theme ?? .light
        result.dotsPerInch = dpi ?? defaults.dpi ?? 300
        result.pointScale = pointSize ?? defaults.pointSize ?? 1
        result.vision = simulate
        if BundledFonts.areUsed { note(BundledFonts.notice) }
        if let wanted = result.fontFamily {
            let found = try result.installedFontFamily()
            if found.lowercased() != wanted.lowercased() {
                note("the font '\(wanted)' is not installed; using '\(found)' instead")
                result.fontFamily = found
            }
        }
        return (result, mix ?? defaults.mix ?? .oklab)
    }

    func validate() throws {
        if let dpi, !StyleFile.resolutions.contains(dpi) {
            throw ValidationError("--dpi is \(dpi); expected 36 to 2400.")
        }
        if let pointSize, !StyleFile.isPointSize(pointSize) {
            throw ValidationError("--point-size is \(pointSize); expected a number above 0 and at most 20.")
        }
    }
}
