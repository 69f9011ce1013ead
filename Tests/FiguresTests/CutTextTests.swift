import Foundation
import Testing

@testable import Figures

/// What is kept where there is no room: numbers are never cut, and rows keep their height.
@Suite struct CutTextTests {
    private func swatches(_ names: [String], _ placement: FigureStyle.LegendPlacement, fontSize: Double = 7) throws
        -> SwatchesDrawing
    {
        var style = FigureStyle(width: .column)
        (style.legendPlacement, style.fontSize) = (placement, fontSize)
        return SwatchesDrawing(nil, names, names.map { _ in .black }, style, try Typeface(family: nil))
    }

    /// In two columns of 14 points, "and 61 more" used to be cut to "and 6…".
    @Test(arguments: [7.0, 24]) func theNumberOfFurtherClassesIsWhole(fontSize: Double) throws {
        let legend = try swatches((0..<100).map { "c\($0)" }, .right, fontSize: fontSize)
        let rest = try #require(legend.rest)
        #expect(rest.text.lines.map(\.text).joined().filter { $0 != " " } == "and61more" && !rest.text.isCut)
        #expect(legend.places.count == 39 && rest.place.y > legend.places.map(\.y).max()!)
        let end = CGPoint(x: rest.text.size.width, y: rest.place.y + rest.text.size.height)
        #expect(end.x <= legend.size.width && end.y <= legend.size.height)
    }

    @Test func whereThereIsRoomItIsTheLastName() throws {
        let legend = try swatches((0..<100).map { "c\($0)" }, .below)
        #expect(legend.rest == nil && legend.places.count == 40)
        #expect(try swatches((0..<40).map { "c\($0)" }, .right).rest == nil)
    }

    /// The box that is drawn for a missing character used to be lower than a line, so that swatches touched.
    @Test func rowsKeepTheHeightOfALine() throws {
        let (plain, boxes) = (try swatches(["a", "b"], .right), try swatches(["\u{F8FE2}", "b"], .right))
        #expect(boxes.places[1].y >= plain.places[1].y && boxes.size.height >= plain.size.height)
    }

    /// A heading such as "airplane (60)" used to be cut to "airpla-ne (6…".
    @Test(arguments: [6.0, 13, 16, 20, 25, 30, 45, 60, 200]) func namesAreCutBeforeTheirNumber(limit: Double) throws {
        let typeface = try Typeface(family: nil)
        let style = TextStyle(size: 8, isBold: true, alignment: .centre)
        for (name, number) in [("airplane", "(60)"), ("a very long name of a class", "(12,345)"), ("b", "(1)")] {
            let block = TextBlock.keeping(number, after: name, limit: limit, lines: 2, style, typeface)
            let lines = block.lines.map(\.text)
            #expect((1...2).contains(lines.count) && lines.last?.hasSuffix(number) == true, "\(limit): \(lines)")
            #expect(block.size.width <= limit + 0.01 && block.text == "\(name) \(number)")
            let isWhole = lines.joined().filter { $0 != " " && $0 != "-" } == block.text.filter { $0 != " " }
            #expect(block.isCut == !isWhole, "\(limit): \(lines)")
            // Where there is room, nothing changes.
            let before = TextBlock("\(name) \(number)", limit: limit, lines: 2, style, typeface)
            if !before.isCut { #expect(block.lines == before.lines && block.style == before.style) }
        }
    }

    @Test func headingsOfPanelsKeepTheirNumber() throws {
        let points = try ScatterPoints(coordinates: [0, 0], colours: [.black])
        var panel = ScatterPanel(points, title: "automobile or airplane")
        panel.titleEnd = "(60)"
        let figure = Figure(
            Array(repeating: panel, count: Figure.mostColumns), columns: Figure.mostColumns,
            style: FigureStyle(width: .column))
        let layout = try FigureLayout(figure, try Typeface(family: nil))
        #expect(layout.texts.count == Figure.mostColumns)
        for text in layout.texts { #expect(text.block.lines.last?.text.hasSuffix("(60)") == true) }
        let svg = String(decoding: try figure.data(as: .svg), as: UTF8.self)
        #expect(svg.contains("<title>automobile or airplane (60)</title>") && svg.contains("(60)</tspan>"))
    }
}
