import PenumbraRuns
import ArgumentParser
import Figures
import Foundation
import Parameters

extension FigureStyle.LegendPlacement: ExpressibleByArgument {}
extension SVGText: ExpressibleByArgument {}
extension SampleUnit: ExpressibleByArgument {}
extension FigureTheme: ExpressibleByArgument {}
extension ColourMixing: ExpressibleByArgument {}
extension ColourVision: ExpressibleByArgument {}

/// The appearance of figures: options, with a file of defaults for those that are omitted.
struct FigureOptions: ParsableArguments {
    @Option(
        help: """
            Printed width: column (3.25 in), text (5.5 in), page (6.75 in), or a length such as 90mm or 3.5in (default: page).
            """,
        transform: width(_:))
    var width: FigureStyle.Width?

    @Option(help: "Dark on light or light on dark (default: light).")
    var theme: FigureTheme?

    @Option(in: .within(StyleFile.resolutions), help: "Pixels per inch of a PNG, 36 to 2400 (default: 300).")
    var dpi: Double?

    @Option(help: "Font family (default: the first installed of Helvetica, Arial and similar).")
    var font: String?

    @Option(
        in: ParameterRange("a number above 0 and at most 20", contains: StyleFile.isPointSize),
        help: "Size of points relative to the size that fits their number, above 0 and at most 20 (default: 1).")
    var pointSize: Double?

    @Option(
        in: .within(FigureStyle.fontSizes),
        help: "Size of the text in legends, 4 to 24 points; other text keeps its proportion to it (default: 7).")
    var fontSize: Double?

    @Option(help: "Title above the panels (default: none).")
    var title: String?

    @Option(help: ArgumentHelp("Caption below the panels (default: what is known about the maps).", valueName: "text"))
    var caption: String?

    @Flag(help: "Draw no caption.")
    var noCaption = false

    @Option(help: "What the caption calls the points (default: images where that is known, otherwise samples).")
    var units: SampleUnit?

    @Option(help: "Where to put legends (default: right, or below in figures narrower than 4.5 in).")
    var legend: FigureStyle.LegendPlacement?

    @Option(
        help: ArgumentHelp(
            """
            Colours of classes: okabe-ito, tab10, tab20, glasbey, or a file (.json) with a list of colours such as \
            "#D55E00", or with one for each class by name. Further classes get colours as different as possible from these (default: \
            okabe-ito; the colours of the objects for the shapes set).
            """, valueName: "palette"))
    var palette: String?

    @Option(help: "Text in an SVG: text, or paths, which look the same where the font is missing (default: text).")
    var svgText: SVGText?

    @Flag(help: "In SVG and PDF, draw points as one layer of pixels (default: above 5,000 points per panel).")
    var rasterPoints = false

    @Option(help: "How the colours of classes mix (default: oklab).")
    var mix: ColourMixing?

    @Option(help: "Simulate colour blindness.")
    var simulate: ColourVision?

    @Option(
        help: ArgumentHelp(
            """
            Defaults of these options (.json): any of theme, width, font, mix, point_size, dpi, font_size, legend, \
            svg_text and palette.
            """, valueName: "file"),
        transform: URL.init(fileURLWithPath:))
    var style: URL?

    /// The files named by these options.
    var inputs: [URL] {
        let isFile = palette.map { name in !ClassPalette.known.contains { $0.name == name } } ?? false
        return [style, isFile ? palette.map(URL.init(fileURLWithPath:)) : nil].compactMap(\.self)
    }

    /// Title, caption and unit for maps that were given `names`; the unit is `standard` if the option is omitted.
    func words(unit standard: SampleUnit? = nil, names: [String] = []) -> FigureWords {
        FigureWords(
            title: title, name: names.count == 1 ? names[0] : nil,
            caption: noCaption ? .hidden : caption.map { .text($0) } ?? .automatic,
            unit: units ?? standard)
    }

    /// Those of these options that are given and concern only a figure.
    var given: [String] {
        [
            ("--width", width != nil), ("--theme", theme != nil), ("--dpi", dpi != nil), ("--font", font != nil),
            ("--point-size", pointSize != nil), ("--font-size", fontSize != nil), ("--title", title != nil),
            ("--caption", caption != nil), ("--no-caption", noCaption), ("--units", units != nil),
            ("--legend", legend != nil), ("--palette", palette != nil), ("--svg-text", svgText != nil),
            ("--raster-points", rasterPoints), ("--simulate", simulate != nil), ("--style", style != nil),
        ].filter(\.1).map(\.0)
    }

    /// Draws `drawing` and writes it to `files`. Returns remarks, which are reported, too: characters without a font, values
    /// outside `--color-range` if the caption cannot tell, names of a palette that are not classes, and those of the options
    /// `--palette`, `--mix`, `--svg-text`, `--raster-points`, `--units` and `--legend` that are given and change nothing.
    /// With `mixesElsewhere`, mixed colours are also for something else, and much has been computed before the figure: a
    /// palette without any of the classes is then only a remark. Throws what drawing and writing throw.
    func write(
        _ drawing: LayoutFigure, _ table: SampleTable, columns: SampleColumns? = nil, to files: [URL],
        mixesElsewhere: Bool = false, _ reporting: ReportingOptions
    ) throws -> [String] {
        let drawn = try drawing.figure(table, columns: columns)
        let formats = Set(try files.map { try FigureFormat(of: $0) })
        let isMixIdle = mix != nil && !mixesElsewhere && !drawing.mixesColours(table)
        let idle = [
            ("--palette", palette != nil && !drawing.usesPalette(drawn, table), "no colours of classes are drawn"),
            ("--mix", isMixIdle, "no colours of classes are mixed"),
            ("--svg-text", svgText != nil && !formats.contains(.svg), "no SVG is written"),
            ("--raster-points", rasterPoints && formats == [.png], "a PNG has nothing but pixels"),
            ("--units", units != nil && (noCaption || caption != nil), "the caption is not the program's own"),
            ("--legend", legend != nil && legend != .hidden && drawn.legends.isEmpty, "the figure has no legend"),
        ]
        // Defaults of many figures need not fit each of them.
        let ofPalette = try (palette ?? style?.path).flatMap { path in
            try drawing.remarkOnPalette(from: path, drawn, table, mustFit: palette != nil && !mixesElsewhere)
        }
        let ofRange =
            noCaption || caption != nil ? try drawing.remarkOnRange(table, columns).map { "--color-range: \($0)" } : nil
        let remarks =
            try [drawn.remarkOnFonts(), ofPalette, ofRange].compactMap(\.self)
            + idle.filter(\.1).map { "\($0.0) has no effect, because \($0.2)" }
        for line in remarks { reporting.note(line) }
        for file in files { try drawn.write(to: file) }
        return remarks
    }

    func validate() throws {
        if noCaption && caption != nil {
            throw ValidationError("--caption and --no-caption cannot be combined; give one of them.")
        }
    }

    private static func width(_ text: String) throws -> FigureStyle.Width {
        guard let width = FigureStyle.Width(text) else { throw ValidationError("expected \(StyleFile.widths).") }
        return width
    }

    /// The style to draw with, and how colours are mixed. A font that is not installed is reported to `note`. Throws
    /// `InputError`, `FileReadError`, or `FigureError` if there is no font at all.
    func resolved(note: (String) -> Void) throws -> (FigureStyle, ColourMixing) {
        let defaults = try style.map { try JSONText.read(StyleFile.self, from: $0) } ?? StyleFile()
        var result = FigureStyle(width: width ?? defaults.width ?? .page, fontFamily: font ?? defaults.font)
        result.theme = theme ?? defaults.theme ?? .light
        result.dotsPerInch = dpi ?? defaults.dpi ?? 300
        result.pointScale = pointSize ?? defaults.pointSize ?? 1
        result.vision = simulate
        result.legendPlacement = legend ?? defaults.legend
        if let svgText = svgText ?? defaults.svgText { result.svgText = svgText }
        if rasterPoints { result.vectorPointLimit = 0 }
        if let fontSize = fontSize ?? defaults.fontSize { result.fontSize = fontSize }
        if let palette {
            result.palette = try PaletteFile.palette(palette)
        } else if let style, let palette = try defaults.classPalette(style) {
            result.palette = palette
        }
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
}
