import Figures
import Foundation

/// Defaults for the appearance of figures, as a user writes them: `{"theme": "dark", "width": "text", "font": "Arial", "mix":
/// "srgb", "point_size": 1.2, "dpi": 600, "font_size": 8, "palette": {"melanoma": "#D55E00"}, "legend": "below", "svg_text":
/// "paths"}`. Every key is optional. Read by `JSONText`, which names the file and the key of a fault.
package struct StyleFile: Decodable, Equatable {
    package var theme: FigureTheme?
    package var width: FigureStyle.Width?
    package var font: String?
    package var mix: ColourMixing?
    package var pointSize: Double?
    package var dpi: Double?
    package var fontSize: Double?
    package var legend: FigureStyle.LegendPlacement?
    package var svgText: SVGText?
    /// A name, a list of colours, or an object with a colour for each class.
    private var palette: JSONValue?

    package static let widths = "column, text, page, or a length such as 90mm or 3.5in, from 2in to 24in"
    package static let resolutions = 36.0...2400
    package static func isPointSize(_ value: Double) -> Bool { value > 0 && value <= 20 }

    package init() {}

    private enum Key: String, CodingKey, CaseIterable {
        case theme, width, font, mix, pointSize, dpi, fontSize, legend, svgText, palette
    }

    /// Accepts any key, to find the unknown ones.
    private struct AnyKey: CodingKey {
        let stringValue: String
        let intValue: Int? = nil
        package init?(stringValue: String) { self.stringValue = stringValue }
        package init?(intValue: Int) { nil }
    }

    package init(from decoder: any Decoder) throws {
        for key in try decoder.container(keyedBy: AnyKey.self).allKeys where Key(rawValue: key.stringValue) == nil {
            throw Self.fault(
                [key],
                "unknown key; expected theme, width, font, mix, point_size, dpi, font_size, legend, svg_text or palette"
            )
        }
        let values = try decoder.container(keyedBy: Key.self)
        theme = try Self.choice(values, .theme)
        if let text = try values.decodeIfPresent(String.self, forKey: .width) {
            guard let found = FigureStyle.Width(text) else {
                throw Self.fault([Key.width], "found '\(text)'; expected \(Self.widths)")
            }
            width = found
        }
        mix = try Self.choice(values, .mix)
        font = try values.decodeIfPresent(String.self, forKey: .font)
        legend = try Self.choice(values, .legend)
        svgText = try Self.choice(values, .svgText)
        palette = try values.decodeIfPresent(JSONValue.self, forKey: .palette)
        fontSize = try values.decodeIfPresent(Double.self, forKey: .fontSize)
        if let fontSize, !FigureStyle.fontSizes.contains(fontSize) {
            throw Self.fault([AnyKey(stringValue: "font_size")!], "found \(fontSize); expected 4 to 24")
        }
        pointSize = try values.decodeIfPresent(Double.self, forKey: .pointSize)
        dpi = try values.decodeIfPresent(Double.self, forKey: .dpi)
        if let dpi, !Self.resolutions.contains(dpi) {
            throw Self.fault([Key.dpi], "found \(dpi); expected 36 to 2400")
        }
        if let pointSize, !Self.isPointSize(pointSize) {
            throw Self.fault(
                [AnyKey(stringValue: "point_size")!], "found \(pointSize); expected above 0 and at most 20")
        }
    }

    /// The class colours requested by the file at `url`, if any. Throws as `PaletteFile` does.
    package func classPalette(_ url: URL) throws -> ClassPalette? {
        switch palette {
        case nil: nil
        case .string(let name): try PaletteFile.palette(name)
        case .some(let colours): try PaletteFile.palette(of: colours, path: url.path)
        }
    }

    private static func choice<Value: RawRepresentable<String> & CaseIterable>(
        _ values: KeyedDecodingContainer<Key>, _ key: Key
    ) throws -> Value? {
        guard let text = try values.decodeIfPresent(String.self, forKey: key) else { return nil }
        if let value = Value(rawValue: text) { return value }
        let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
        throw fault([key], "found '\(text)'; expected one of \(known)")
    }

    private static func fault(_ path: [any CodingKey], _ problem: String) -> DecodingError {
        .dataCorrupted(DecodingError.Context(codingPath: path, debugDescription: problem))
    }
}
