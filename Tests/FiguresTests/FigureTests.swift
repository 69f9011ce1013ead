import Foundation
import FoundationXML
import Testing

@testable import Figures
@testable import TensorFiles

@Suite struct FigureTests {
    private static func onePanel(_ coordinates: [Float], _ colours: [Colour]) throws -> Figure {
        Figure(rows: [
            Figure.Row([ScatterPanel(try ScatterPoints(coordinates: coordinates, colours: colours))])
        ])
    }

    /// The positions and colours of a figure's points, in page points.
    private static func places(_ figure: Figure) throws -> [[(x: Double, y: Double, fill: UInt32)]] {
        try FigureLayout(figure, try Typeface(family: nil)).panels.map { panel, rectangle in
            let order = ScatterPanel.order(of: panel.points.count, seed: figure.seed)
            return panel.glyphs(in: rectangle, order: order).glyphs.map { ($0.x, $0.y, $0.fill.hex) }
        }
    }

    @Test func pointsHaveTheirColourAtTheirPlace() throws {
        let colours = [0xFF0000, 0x00FF00, 0x0000FF, 0x000000].map { Colour(hex: $0) }
        let figure = try Self.onePanel([0, 0, 4, 0, 0, 2, 4, 2], colours)
        let pixels = try DecodedPNG(try figure.data(as: .png))
        // One panel of full width minus margins of 3 points. The points lie in its corners, y pointing up. The map is twice as
        // wide as high, so equal scales leave a quarter of the height empty above and below.
        let (left, right) = (3 + 2.6 * 1.5 + 3, 486 - 3 - 2.6 * 1.5 - 3)
        let (middle, half) = (243.0, (right - left) / 4)
        #expect(pixels.at(x: left, y: middle + half) == 0xFF0000)
        #expect(pixels.at(x: right, y: middle + half) == 0x00FF00)
        #expect(pixels.at(x: left, y: middle - half) == 0x0000FF)
        #expect(pixels.at(x: right, y: middle - half) == 0x000000)
        #expect(pixels.at(x: middle, y: middle) == 0xFFFFFF)
    }

    @Test func legendsShowTheirColours() throws {
        let figure = try ImaginedMaps.figure(0)
        let pixels = try DecodedPNG(try figure.data(as: .png))
        let layout = try FigureLayout(figure, try Typeface(family: nil))
        let ring = pixels.colours(in: layout.legends[0].1)
        // A wedge spans 3 degrees and has the colour of its middle.
        for hue in [1.5, 61.5, 121.5, 181.5, 241.5, 301.5] {
            #expect(ring[Colour(hue: hue).hex, default: 0] > 20)
        }
        let scale = pixels.colours(in: layout.legends[1].1)
        for hue in stride(from: 0.0, to: 360, by: 60) {
            for share in [0, 0.25, 0.5, 0.75, 1] {
                #expect(scale[EllipseShareTone.colour(hue: hue, ellipseShare: share).hex, default: 0] > 100)
            }
        }
        let outside = CGRect(x: layout.legends[0].1.minX, y: 3, width: 60, height: 60)
        #expect(pixels.colours(in: outside).keys.allSatisfy { $0 == 0xFFFFFF })
    }

    @Test func figureOneHasTwoRowsAndTwoColumns() throws {
        var hard = ShapesMap(
            heading: "hard labels", coordinates: [0, 0, 1, 1], hues: [0, 240], ellipseShares: [0, 1])
        hard.accuracy = 0.9546
        hard.labelDivergence = 0.9424
        hard.mapCost = 0.87312
        var soft = hard
        soft.heading = "soft labels"
        (soft.accuracy, soft.labelDivergence, soft.mapCost) = (1, 0.0232, 1.1)
        let figure = try Figure.shapes([hard, soft], perplexity: 30, iterations: 5000)
        #expect(figure.rows.map(\.heading) == ["hard labels", "soft labels"])
        #expect(figure.rows.map(\.detail) == ["ACC .9546   KL .9424", "ACC 1.0000   KL .0232"])
        #expect(figure.columnHeadings == ["colour interpolation", "shape interpolation"])
        #expect(
            figure.caption
                == "N = 2 images. t-SNE, perplexity 30, 5,000 iterations, "
                + "final cost .873 (hard labels), 1.100 (soft labels).")
        hard.mapCost = nil
        #expect(try Figure.shapes([hard]).caption == "N = 2 images. t-SNE.")
        #expect(figure.rows[0].panels[0].points.colours.map(\.hex) == [0xFF0000, 0x0000FF])
        #expect(figure.rows[1].panels[1].points.ellipseShares == [0, 1])
        let tones = figure.rows[0].panels[1].points.colours.map { OKLab($0).lightness }
        #expect(tones[0] > 0.85 && tones[1] < 0.4)
    }

    @Test(arguments: FigureStyle.Width.allCases)
    func nothingOverlapsOrLeavesThePage(width: FigureStyle.Width) throws {
        var figures = [try ImaginedMaps.figure(10, width: width)]
        for classes in [1, 3, 9, 40, 300] {
            figures.append(try ImaginedMaps.mixtures(10, classes: classes, width: width))
        }
        var crowded = figures[0]
        let panel = crowded.rows[0].panels[0]
        crowded.rows = [
            Figure.Row(Array(repeating: panel, count: Figure.mostColumns), heading: "a", detail: "b")
        ]
        crowded.legends.append(figures.last!.legends[0])
        figures.append(crowded)
        for figure in figures {
            for glyph in try Self.places(figure).joined() {
                #expect((0...486).contains(glyph.x) && (0...486).contains(glyph.y))
            }
            let layout = try FigureLayout(figure, try Typeface(family: nil))
            var boxes = layout.panels.map(\.1) + layout.legends.map(\.1)
            boxes += layout.texts.map { text in
                let size = text.block.size
                return text.isUpwards
                    ? CGRect(
                        x: text.origin.x, y: text.origin.y - size.width, width: size.height, height: size.width)
                    : CGRect(origin: text.origin, size: size)
            }
            let page = CGRect(origin: .zero, size: layout.size)
            #expect(Double(layout.size.width) == width.inches * 72)
            for (index, box) in boxes.enumerated() {
                #expect(page.insetBy(dx: -0.01, dy: -0.01).contains(box), "box \(index)")
                for other in boxes[..<index] {
                    #expect(!box.insetBy(dx: 0.01, dy: 0.01).intersects(other), "box \(index)")
                }
            }
        }
    }

    @Test(arguments: [4.0, 7, 24], FigureStyle.LegendPlacement.allCases)
    func textAndLegendsKeepApart(fontSize: Double, placement: FigureStyle.LegendPlacement) throws {
        for figure in [try ImaginedMaps.figure(10), try ImaginedMaps.mixtures(10, classes: 9)] {
            var figure = figure
            (figure.style.fontSize, figure.style.legendPlacement) = (fontSize, placement)
            figure.heading = String(repeating: "A title of several lines ", count: 12)
            let layout = try FigureLayout(figure, try Typeface(family: nil))
            let panels = layout.panels.map(\.1)
            #expect(layout.legends.isEmpty == (placement == .hidden))
            for (_, box) in layout.legends {
                #expect(
                    CGRect(origin: .zero, size: layout.size).insetBy(dx: -0.01, dy: -0.01).contains(box))
                for panel in panels {
                    #expect(placement == .right ? box.minX > panel.maxX : box.minY > panel.maxY)
                }
            }
            let title = try #require(layout.texts.first)
            for panel in panels { #expect(title.origin.y + title.block.size.height < panel.minY) }
        }
    }

    @Test(arguments: [FigureStyle.Width.text, .page])
    func legendsOfFigure1TakeLessThanAQuarter(width: FigureStyle.Width) throws {
        let figure = try ImaginedMaps.figure(10, width: width)
        let layout = try FigureLayout(figure, try Typeface(family: nil))
        let panels = layout.panels.map(\.1.maxX).max()!
        #expect(layout.size.width - panels < 0.25 * layout.size.width)
    }

    @Test func namesAreInFullOrInTwoLinesOrCut() throws {
        let typeface = try Typeface(family: nil)
        let style = TextStyle(size: 7)
        let name = "Basal cell carcinoma"
        let whole = TextBlock(name, limit: 100, lines: 2, style, typeface)
        #expect(whole.lines.map(\.text) == [name] && !whole.isCut)
        let two = TextBlock(name, limit: 45, lines: 2, style, typeface)
        #expect(two.lines.map(\.text) == ["Basal cell", "carcinoma"] && !two.isCut)
        #expect(two.lines[1].baseline > two.lines[0].baseline + 6)
        let cut = TextBlock(name + " of the \u{5d0}\u{5d1} skin", limit: 45, lines: 2, style, typeface)
        #expect(cut.isCut && cut.text.hasSuffix("skin"))
        #expect(cut.lines.count == 2 && cut.lines[1].text.hasSuffix("…"))
        #expect(cut.lines[1].text.count < 14)
    }

    @Test func longNamesAreInTheDocument() throws {
        let name = String(repeating: "name & ", count: 30) + "end"
        var figure = try Self.onePanel([], [])
        figure.legends = [.classes(names: [name], colours: [.black])]
        let svg = String(decoding: try figure.data(as: .svg), as: UTF8.self)
        #expect(svg.contains("<title>\(name.replacing("&", with: "&amp;"))</title>"))
    }

    @Test(
        arguments: [
            ("column", 3.25), ("text", 5.5), ("page", 6.75), ("3.5in", 3.5), ("89mm", 89 / 25.4),
            ("2in", 2), ("24in", 24),
        ] as [(String, Double)])
    func widthsAreRead(text: String, inches: Double) {
        #expect(FigureStyle.Width(text)?.inches == inches)
    }

    @Test(arguments: ["", "mm", "90", "90 cm", "1.9in", "24.1in", "nanmm", "infin", "-90mm", "wide"])
    func otherWidthsAreNone(text: String) {
        #expect(FigureStyle.Width(text) == nil)
    }

    @Test func pngHasItsSizeAndSaysItsResolution() throws {
        let data = try Self.onePanel([], []).data(as: .png)
        let pixels = try DecodedPNG(data)
        #expect(pixels.width == 2025)
        let chunk = try #require(data.range(of: Data("pHYs".utf8)))
        // 300 dots per inch are 11,811 per metre. Python's zlib.crc32 gave the checksum.
        #expect(
            Array(data[chunk.upperBound..<chunk.upperBound + 13])
                == [0, 0, 0x2E, 0x23, 0, 0, 0x2E, 0x23, 1, 0x78, 0xA5, 0x3F, 0x76])
        var style = FigureStyle(width: .column)
        style.dotsPerInch = 72
        var small = try Self.onePanel([], [])
        small.style = style
        #expect(try DecodedPNG(try small.data(as: .png)).width == 234)
    }

    @Test(arguments: FigureFormat.allCases)
    func sameFigureSameBytes(format: FigureFormat) throws {
        let first = try ImaginedMaps.figure(200).data(as: format)
        let second = try ImaginedMaps.figure(200).data(as: format)
        // Compare to a Boolean first; otherwise a failure would print every byte.
        let isSame = first == second
        #expect(isSame)
        var shuffled = try ImaginedMaps.figure(200)
        shuffled.seed = 1
        let isSameShuffled = try shuffled.data(as: format) == first
        #expect(!isSameShuffled)
    }

    @Test func drawingOrderIsAPermutation() throws {
        let figure = try ImaginedMaps.figure(500)
        var other = figure
        other.seed = 7
        let (first, second) = (try Self.places(figure)[0], try Self.places(other)[0])
        func key(_ glyph: (x: Double, y: Double, fill: UInt32)) -> String {
            "\(glyph.x) \(glyph.y) \(glyph.fill)"
        }
        #expect(first.map(key) != second.map(key))
        #expect(first.map(key).sorted() == second.map(key).sorted())
    }

    /// Figure 1 with 3,000 points takes 12,000 ellipses.
    @Test func vectorsOfThreeThousandPointsAreSmall() throws {
        let svg = try ImaginedMaps.figure(3000).data(as: .svg)
        #expect(svg.count < 1_300_000)
        let text = String(decoding: svg, as: UTF8.self)
        #expect(text.matches(of: /<(?:ellipse|circle)\s/).count == 4 * 3000 + 30)
        #expect(!text.contains("<image"))
        #expect(XMLParser(data: svg).parse())
    }

    @Test func manyPointsBecomePixelsUnderVectorText() throws {
        var figure = try ImaginedMaps.figure(300)
        figure.style.vectorPointLimit = 299
        let svg = String(decoding: try figure.data(as: .svg), as: UTF8.self)
        #expect(svg.components(separatedBy: "data:image/png;base64,").count - 1 == 4)
        #expect(svg.matches(of: /<(?:ellipse|circle)\s/).count == 30)
        #expect(svg.contains("aria-label=\"soft labels\""))
        let pdf = try figure.data(as: .pdf)
        #expect(pdf.range(of: Data("/Subtype /Image".utf8)) != nil)
        #expect(pdf.range(of: Data("/FontFile".utf8)) != nil)
    }

    @Test func pdfEmbedsItsFontsAndNoTime() throws {
        let pdf = try ImaginedMaps.figure(20).data(as: .pdf)
        #expect(pdf.starts(with: Data("%PDF-".utf8)))
        #expect(pdf.range(of: Data("/FontFile".utf8)) != nil)
        #expect(pdf.range(of: Data("/Subtype /Image".utf8)) == nil)
        // Cairo 1.18 compresses the objects without data.
        let date = Data("/CreationDate (19700101000000Z)".utf8)
        #expect(([pdf] + Self.inflatedStreams(pdf)).contains { $0.range(of: date) != nil })
    }

    /// Inflates all zlib streams of a PDF file.
    private static func inflatedStreams(_ pdf: Data) -> [Data] {
        var streams: [Data] = []
        var rest = pdf[...]
        while let start = rest.range(of: Data("stream\n".utf8)),
            let end = rest[start.upperBound...].range(of: Data("\nendstream".utf8))
        {
            let bytes = [UInt8](rest[start.upperBound..<end.lowerBound])
            if let inflated = Inflate.inflated(bytes, limit: 1 << 24).bytes { streams.append(Data(inflated)) }
            rest = rest[end.upperBound...]
        }
        return streams
    }

    static let unusual: [[Float]] = [
        [], [3, 4], [3, 4, 3, 4], [-3e38, 3e38, 3e38, -3e38, 0, 0], [0, .leastNonzeroMagnitude, 0, 0],
    ]

    @Test(arguments: FigureFormat.allCases, unusual)
    func unusualMapsDraw(format: FigureFormat, coordinates: [Float]) throws {
        let figure = try Self.onePanel(
            coordinates, Array(repeating: Colour(hex: 0xFF0000), count: coordinates.count / 2))
        #expect(try figure.data(as: format).count > 400)
        for glyph in try Self.places(figure)[0] {
            #expect((0...486).contains(glyph.x) && (0...486).contains(glyph.y))
        }
        if format == .png && (2...4).contains(coordinates.count) && coordinates[0] == 3 {
            #expect(try DecodedPNG(try figure.data(as: .png)).at(x: 243, y: 243) == 0xFF0000)
        }
    }

    @Test func hostileTextIsOnlyText() throws {
        var figure = try Self.onePanel([], [])
        let text = "<script>\"&'\u{0}\u{1B}\u{202E}שלום 😀\n]]>"
        figure.columnHeadings = [text]
        figure.rows[0].heading = String(repeating: text, count: 200)
        figure.caption = text
        figure.title = text
        figure.legends = [.classes(names: [text], colours: [.black])]
        let svg = try figure.data(as: .svg)
        #expect(XMLParser(data: svg).parse())
        #expect(!String(decoding: svg, as: UTF8.self).contains("<script"))
        _ = try figure.data(as: .pdf)
        _ = try figure.data(as: .png)
    }

    @Test func unknownFontFallsBack() throws {
        let installed: Set = ["sans", "comic neue", "arial", "dejavu sans"]
        #expect(try Typeface.choice(nil, installed: installed) == "Arial")
        #expect(try Typeface.choice("Comic Neue", installed: installed) == "Comic Neue")
        #expect(try Typeface.choice("No Such Family", installed: ["some serif"]) == "sans-serif")
        var figure = try Self.onePanel([], [])
        figure.caption = "text"
        let plain = try figure.data(as: .svg)
        figure.style.fontFamily = "No Such Family"
        let isSame = try figure.data(as: .svg) == plain
        #expect(isSame)
    }

    static let numbers: [(Double, String)] = [
        (0, "0"), (0.004, "0"), (-0.004, "0"), (0.05, ".05"), (-0.5, "-.5"), (12.3456, "12.35"),
        (7, "7"),
    ]

    @Test(arguments: numbers)
    func shortNumbers(value: Double, text: String) {
        #expect(SVGCanvas.number(value) == text)
    }

    @Test func groupedNumbers() {
        for (range, marks) in [
            (-0.2...4.1, ["0", "2", "4"]), (0.29...1.04, ["0.4", "0.6", "0.8", "1.0"]),
            (-0.003...0.0031, ["-0.002", "0.000", "0.002"]),
            (1234...1310, ["1240", "1260", "1280", "1300"]),
        ] {
            #expect(NumberText.roundMarks(range).map(\.text) == marks)
            #expect(NumberText.roundMarks(range).allSatisfy { range.contains($0.value) })
        }
        let texts = [0, 12, 999, 1000, 15_000, 1_234_567, -4321].map(NumberText.grouped)
        #expect(texts == ["0", "12", "999", "1,000", "15,000", "1,234,567", "-4,321"])
    }
}
