import CCairo
import Foundation
import RasterImages

/// A canvas that writes SVG 1.1.
///
/// Cairo can write SVG too, but it draws every ellipse as four Bézier curves with six decimals (about 6 MB for a figure of 4 ×
/// 3,000 points) and numbers its elements with a per-process counter, so drawing a figure twice does not give the same bytes.
/// Here a glyph is one `<ellipse>` or `<circle>` of about 70 bytes. Texts are either text, which editors can change and readers
/// can search, or outlines from Pango, which look the same without the font and are labelled for screen readers.
final class SVGCanvas: Canvas {
    private var body = ""
    private let size: CGSize
    private let outlines: CairoSurface
    private let paper: Colour
    private let text: SVGText
    private var clips = 0

    /// A canvas of `size` points that is filled with `paper`.
    init(size: CGSize, paper: Colour = .white, text: SVGText = .text) throws(FigureError) {
        self.text = text
        self.paper = paper
        self.size = size
        do throws(CairoError) { outlines = try CairoSurface() } catch { throw FigureError(error) }
    }

    /// The whole file. `title` is what viewers show as the document's name.
    func document(title: String) -> Data {
        let (width, height) = (Self.number(size.width), Self.number(size.height))
        return Data(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" \
            width="\(width)pt" height="\(height)pt" viewBox="0 0 \(width) \(height)">
            <title>\(Self.escaped(title))</title>
            <rect width="\(width)" height="\(height)" fill="\(Self.name(paper))"/>
            \(body)</svg>

            """.utf8)
    }

    func fill(_ corners: [CGPoint], _ colour: Colour) {
        body += "<path d=\"\(Self.path(corners, closed: true))\" fill=\"\(Self.name(colour))\"/>\n"
    }

    func stroke(_ corners: [CGPoint], closed: Bool, _ colour: Colour, width: Double) {
        body += "<path d=\"\(Self.path(corners, closed: closed))\" fill=\"none\" stroke=\"\(Self.name(colour))\" "
        body += "stroke-width=\"\(Self.number(width))\"/>\n"
    }

    func draw(_ layer: GlyphLayer, clip: CGRect) {
        clips += 1
        body += "<clipPath id=\"c\(clips)\"><rect x=\"\(Self.number(clip.minX))\" y=\"\(Self.number(clip.minY))\" "
        body += "width=\"\(Self.number(clip.width))\" height=\"\(Self.number(clip.height))\"/></clipPath>\n"
        body += "<g clip-path=\"url(#c\(clips))\""
        if layer.outlineWidth > 0 { body += " stroke-width=\"\(Self.number(layer.outlineWidth))\"" }
        if layer.opacity < 1 {
            body += " fill-opacity=\"\(Self.number(layer.opacity))\" stroke-opacity=\"\(Self.number(layer.opacity))\""
        }
        body += ">\n"
        for glyph in layer.glyphs {
            let (major, minor) = (Self.number(glyph.shape.semiMajor), Self.number(glyph.shape.semiMinor))
            body += major == minor ? "<circle" : "<ellipse"
            body += " cx=\"\(Self.number(glyph.x))\" cy=\"\(Self.number(glyph.y))\" "
            body += major == minor ? "r=\"\(major)\" " : "rx=\"\(major)\" ry=\"\(minor)\" "
            body += "fill=\"\(Self.name(glyph.fill))\""
            if layer.outlineWidth > 0 { body += " stroke=\"\(Self.name(glyph.outline))\"" }
            if glyph.opacity < 0.995 { body += " opacity=\"\(Self.number(glyph.opacity))\"" }
            body += "/>\n"
        }
        body += "</g>\n"
    }

    func write(_ text: TextBlock, at origin: CGPoint, _ colour: Colour) {
        write(text, transform: Self.translation(origin), colour)
    }

    func outline(_ text: TextBlock, at origin: CGPoint, _ colour: Colour, width: Double) {
        let paint =
            "aria-hidden=\"true\" fill=\"none\" stroke=\"\(Self.name(colour))\" stroke-width=\"\(Self.number(width))\" "
            + "stroke-linejoin=\"round\""
        add(text, Self.translation(origin), paint)
    }

    func writeUpwards(_ text: TextBlock, at origin: CGPoint, _ colour: Colour) {
        write(text, transform: Self.translation(origin) + " rotate(-90)", colour)
    }

    func draw(_ image: RasterImage, in rectangle: CGRect) throws(FigureError) {
        let pixels = try image.png(dotsPerInch: nil).base64EncodedString()
        body += "<image x=\"\(Self.number(rectangle.minX))\" y=\"\(Self.number(rectangle.minY))\" "
        body += "width=\"\(Self.number(rectangle.width))\" height=\"\(Self.number(rectangle.height))\" "
        body += "xlink:href=\"data:image/png;base64,\(pixels)\"/>\n"
    }

    private func write(_ text: TextBlock, transform: String, _ colour: Colour) {
        let label = "role=\"img\" aria-label=\"\(Self.escaped(text.text))\" fill=\"\(Self.name(colour))\""
        add(text, transform, label, title: text.isCut ? text.text : nil)
    }

    /// Adds a text with its attributes. Browsers show `title` as a tooltip.
    private func add(_ text: TextBlock, _ transform: String, _ attributes: String, title: String? = nil) {
        let title = title.map { "<title>\(Self.escaped($0))</title>" } ?? ""
        switch self.text {
        case .paths:
            body += "<path \(attributes) transform=\"\(transform)\" d=\"\(outline(of: text))\""
            body += title.isEmpty ? "/>\n" : ">\(title)</path>\n"
        case .text:
            body += "<text \(attributes) transform=\"\(transform)\" font-size=\"\(Self.number(text.style.size))\" "
            body += "font-family=\"'\(Self.escaped(text.family))', Helvetica, Arial, sans-serif\""
            if text.style.isBold { body += " font-weight=\"bold\"" }
            // Keeps runs of spaces.
            body += " xml:space=\"preserve\">\(title)"
            for line in text.lines {
                body += "<tspan x=\"\(Self.number(line.x))\" y=\"\(Self.number(line.baseline))\">"
                body += Self.escaped(line.text) + "</tspan>"
            }
            body += "</text>\n"
        }
    }

    private func outline(of text: TextBlock) -> String {
        let context = outlines.context
        cairo_new_path(context)
        cairo_move_to(context, 0, 0)
        text.trace(in: context)
        let path = cairo_copy_path(context)!
        defer { cairo_path_destroy(path) }
        var result = ""
        var index = 0
        while index < Int(path.pointee.num_data) {
            let element = path.pointee.data + index
            let header = element.pointee.header
            let letter =
                switch header.type {
                case CAIRO_PATH_MOVE_TO: "M"
                case CAIRO_PATH_LINE_TO: "L"
                case CAIRO_PATH_CURVE_TO: "C"
                default: "Z"
                }
            // Pango's path ends with the point where the next text would begin.
            let isLast = index + Int(header.length) >= Int(path.pointee.num_data)
            if !(isLast && letter == "M") {
                result += letter
                for point in 1..<max(1, Int(header.length)) {
                    let place = element[point].point
                    if point > 1 { result += " " }
                    result += "\(Self.number(place.x)) \(Self.number(place.y))"
                }
            }
            index += Int(header.length)
        }
        return result
    }

    // MARK: - Words of SVG

    private static func translation(_ place: CGPoint) -> String {
        "translate(\(number(place.x)) \(number(place.y)))"
    }

    /// `value` with at most two decimals (1/7200 inch), as short as possible.
    static func number(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let magnitude = hundredths.magnitude
        let sign = hundredths < 0 ? "-" : ""
        let (whole, rest) = magnitude.quotientAndRemainder(dividingBy: 100)
        if rest == 0 { return "\(sign)\(whole)" }
        let decimals = rest % 10 == 0 ? "\(rest / 10)" : rest < 10 ? "0\(rest)" : "\(rest)"
        return whole == 0 ? "\(sign).\(decimals)" : "\(sign)\(whole).\(decimals)"
    }

    private static func name(_ colour: Colour) -> String {
        let digits = String(colour.hex, radix: 16)
        return "#" + String(repeating: "0", count: 6 - digits.count) + digits
    }

    private static func path(_ corners: [CGPoint], closed: Bool) -> String {
        "M" + corners.map { "\(number($0.x)) \(number($0.y))" }.joined(separator: "L") + (closed ? "Z" : "")
    }

    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            // XML cannot represent these at all.
            case "\u{0}"..."\u{8}", "\u{B}", "\u{C}", "\u{E}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
