import Foundation
import TensorFiles
import Testing
import TestSupport

@testable import Figures

@Suite struct FigureErrorTests {
    private static let colours = [Colour(grey: 0), Colour(grey: 0.5)]

    private static func expect<Value>(
        _ error: FigureError, _ text: String, _ body: () throws -> Value, at location: SourceLocation = #_sourceLocation
    ) {
        #expect(throws: error, sourceLocation: location) { _ = try body() }
        #expect(error.description == text, sourceLocation: location)
    }

    @Test func coordinatesOfAnotherCount() {
        Self.expect(
            .countMismatch(column: "coordinates", found: 3, expected: 4), "coordinates: found 3 values; expected 4"
        ) { try ScatterPoints(coordinates: [1, 2, 3], colours: Self.colours) }
    }

    @Test func sharesOfAnotherCount() {
        Self.expect(
            .countMismatch(column: "ellipse share", found: 1, expected: 2), "ellipse share: found 1 value; expected 2"
        ) { try ScatterPoints(coordinates: [1, 2, 3, 4], colours: Self.colours, ellipseShares: [0]) }
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func coordinatesThatAreNotNumbers(value: Float) {
        Self.expect(
            .notFinite(column: "coordinates", row: 1),
            "coordinates, row 1: found a NaN or an infinity; expected a finite number"
        ) { try ScatterPoints(coordinates: [1, 2, 3, value], colours: Self.colours) }
    }

    @Test func sharesOutsideTheirRange() {
        Self.expect(
            .outOfRange(column: "ellipse share", row: 1, found: 1.5, lowest: 0, highest: 1),
            "ellipse share, row 1: found 1.5; expected 0.0 to 1.0"
        ) { try ScatterPoints(coordinates: [1, 2, 3, 4], colours: Self.colours, ellipseShares: [0, 1.5]) }
        #expect(throws: FigureError.notFinite(column: "ellipse share", row: 0)) {
            try ScatterPoints(coordinates: [1, 2, 3, 4], colours: Self.colours, ellipseShares: [.nan, 0])
        }
    }

    @Test func shapesMapsWithBadColumns() throws {
        let good = ShapesMap(heading: "a", coordinates: [0, 0], hues: [0], ellipseShares: [0])
        func draw(_ bad: ShapesMap) throws {
            _ = try Figure.shapes([good, bad])
        }
        try draw(good)
        var bad = good
        bad.hues = [.nan]
        #expect(throws: FigureError.notFinite(column: "hue", row: 0)) { try draw(bad) }
        bad = good
        bad.ellipseShares = [-0.1]
        let negative = FigureError.outOfRange(column: "ellipse share", row: 0, found: -0.1, lowest: 0, highest: 1)
        #expect(throws: negative) { try draw(bad) }
        bad = good
        bad.ellipseShares = []
        #expect(throws: FigureError.countMismatch(column: "ellipse share", found: 0, expected: 1)) { try draw(bad) }
        bad = good
        bad.coordinates = [0]
        #expect(throws: FigureError.countMismatch(column: "coordinates", found: 1, expected: 2)) { try draw(bad) }
    }

    @Test func badLabelDistributions() {
        func draw(_ distributions: [Double]) throws {
            _ = try Figure.labelDistributions(
                [LabelledMap(coordinates: [0, 0, 1, 1], distributions: distributions)], classes: ["a", "b"])
        }
        Self.expect(
            .notADistribution(row: 1, sum: 0.75),
            "label distribution, row 1: found entries that sum to 0.75; expected 1"
        ) { try draw([1, 0, 0.5, 0.25]) }
        #expect(throws: FigureError.notFinite(column: "label distribution", row: 0)) { try draw([.nan, 0, 1, 0]) }
        let negative = FigureError.outOfRange(
            column: "label distribution", row: 1, found: -0.5, lowest: 0, highest: 1)
        #expect(throws: negative) { try draw([1, 0, -0.5, 1.5]) }
        #expect(throws: FigureError.countMismatch(column: "label distribution", found: 3, expected: 4)) {
            try draw([1, 0, 1])
        }
    }

    @Test(arguments: [("a.png", FigureFormat.png), ("a.b.SVG", .svg), ("dir.png/x.Pdf", .pdf)])
    func extensions(name: String, format: FigureFormat) throws {
        #expect(try FigureFormat(of: URL(fileURLWithPath: "/tmp/\(name)")) == format)
    }

    @Test func unknownExtensions() {
        Self.expect(
            .unknownExtension(file: "/tmp/a.jpeg", found: "jpeg"),
            "/tmp/a.jpeg: a figure's format follows from its extension; found the extension .jpeg; "
                + "expected one of .png, .svg, .pdf"
        ) { try FigureFormat(of: URL(fileURLWithPath: "/tmp/a.jpeg")) }
        Self.expect(
            .unknownExtension(file: "/tmp/figure", found: ""),
            "/tmp/figure: a figure's format follows from its extension; found no extension; expected one of .png, .svg, .pdf"
        ) { try FigureFormat(of: URL(fileURLWithPath: "/tmp/figure")) }
    }

    @Test func filesAreWrittenWholeOrNotAtAll() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let figure = try ImaginedMaps.figure(3)
        for format in FigureFormat.allCases {
            let url = folder.appendingPathComponent("figure.\(format.rawValue)")
            try figure.write(to: url)
            let isSame = try Data(contentsOf: url) == figure.data(as: format)
            #expect(isSame)
        }
        #expect(throws: FigureError.self) { try figure.write(to: folder.appendingPathComponent("figure.gif")) }
        #expect(throws: FileWriteError.self) { try figure.write(to: folder.appendingPathComponent("none/figure.png")) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 3)
    }

    @Test func panelsWithoutRoom() throws {
        let panel = ScatterPanel(try ScatterPoints(coordinates: [], colours: []))
        var figure = Figure(rows: [Figure.Row(Array(repeating: panel, count: 12), heading: "a")])
        figure.style.width = FigureStyle.Width(inches: 2)
        figure.style.fontSize = 24
        let text = try #require(thrown(FigureError.self) { try figure.data(as: .svg) }).description
        #expect(text.hasPrefix("the panels would be ") && text.hasSuffix("or --legend below"), "\(text)")
    }

    @Test func noFontInstalled() {
        Self.expect(
            .noFont, "no font is installed: text cannot be set (on Debian: apt install fonts-dejavu-core)"
        ) { try Typeface.choice(nil, installed: ["sans", "serif", "monospace", "system-ui"]) }
    }

    /// Cairo limits image sides to 32,767 pixels.
    @Test func pagesTooLongForCairo() throws {
        let points = try ScatterPoints(coordinates: [], colours: [])
        var figure = Figure(rows: Array(repeating: Figure.Row([ScatterPanel(points)]), count: 17))
        let tooLong = FigureError.drawing(
            operation: "making an image of 2025 x 34425 pixels",
            message: "invalid value (typically too big) for the size of the input (surface, pattern, etc.)")
        #expect(throws: tooLong) { try figure.data(as: .png) }
        figure.style.dotsPerInch = 100
        #expect(try DecodedPNG(try figure.data(as: .png)).width == 675)
    }
}
