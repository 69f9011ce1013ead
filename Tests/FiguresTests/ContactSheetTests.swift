import Foundation
import Testing

@testable import Figures

struct ContactSheetTests {
    private func tile(_ name: String, _ colour: UInt32, _ shares: [Double], width: Int = 2, height: Int = 2)
        -> ContactSheet.Tile
    {
        let pixel = [16, 8, 0].map { UInt8(truncatingIfNeeded: colour >> $0) }
        return ContactSheet.Tile(
            name: name, detail: "x 1", pixelWidth: width, pixelHeight: height,
            pixels: (0..<width * height).flatMap { _ in pixel }, distribution: shares)
    }

    private func sheet(_ tiles: [ContactSheet.Tile], style: FigureStyle = FigureStyle()) -> ContactSheet {
        ContactSheet(title: "Title", subtitle: "Subtitle", classes: ["x", "y"], tiles: tiles, style: style)
    }

    @Test func imagesAndBarsStandInTheirPlaces() throws {
        let sheet = sheet([tile("a", 0x123456, [0.25, 0.75]), tile("b", 0x00FF00, [1, 0], width: 4, height: 2)])
        let layout = ContactSheetLayout(sheet, try Typeface(family: nil))
        let image = try DecodedPNG(sheet.png())
        #expect(image.width == 2025)
        let (first, second) = (layout.tiles[0], layout.tiles[1])
        #expect(image.at(x: first.frame.midX, y: first.frame.midY) == 0x123456)
        #expect(image.at(x: first.frame.minX + 1, y: first.frame.minY + 1) == 0x123456)
        // An image that is not square keeps its aspect ratio on a grey background.
        #expect(image.at(x: second.frame.midX, y: second.frame.midY) == 0x00FF00)
        #expect(image.at(x: second.frame.midX, y: second.frame.minY + 2) == Colour(grey: 0.94).hex)
        // A quarter of the bar has the first class's colour, the rest the second's.
        let colours = ClassPalette.standard.colours(2).map(\.hex)
        #expect(image.at(x: first.bar.minX + 0.2 * first.bar.width, y: first.bar.midY) == colours[0])
        #expect(image.at(x: first.bar.minX + 0.3 * first.bar.width, y: first.bar.midY) == colours[1])
        #expect(image.at(x: second.bar.maxX - 2, y: second.bar.midY) == colours[0])
    }

    @Test func nothingOverlapsOrLeavesTheSheet() throws {
        for (count, width) in [(1, FigureStyle.Width.page), (40, .page), (7, .column), (100, .text)] {
            let long = String(repeating: "long name ", count: 9)
            let tiles = (0..<count).map { tile("\(long)\($0)", 0, [0.5, 0.5]) }
            let sheet = ContactSheet(
                title: long, subtitle: long + long, classes: [long, "y"], tiles: tiles, style: FigureStyle(width: width)
            )
            let layout = ContactSheetLayout(sheet, try Typeface(family: nil))
            let page = CGRect(origin: .zero, size: layout.size)
            let texts = layout.texts.map { CGRect(origin: $0.origin, size: $0.block.size) }
            for rectangle in texts + layout.tiles.map(\.frame) { #expect(page.contains(rectangle)) }
            for (index, tile) in layout.tiles.enumerated() {
                #expect(!texts.contains { $0.intersects(tile.frame) || $0.intersects(tile.bar) })
                #expect(!layout.tiles[..<index].contains { $0.frame.intersects(tile.frame) })
            }
        }
    }

    @Test func aFullLastRowIsPreferred() {
        for (count, width, columns) in [
            (1, FigureStyle.Width.page, 3), (9, .page, 3), (10, .page, 5), (40, .page, 8), (41, .page, 7),
            (100, .column, 4),
        ] {
            #expect(ContactSheetLayout.columns(of: count, style: FigureStyle(width: width)) == columns)
        }
    }

    @Test func theSameSheetIsTheSameBytes() throws {
        let sheet = sheet([tile("a", 0x808080, [0.5, 0.5])], style: FigureStyle(width: .column))
        #expect(try sheet.png() == sheet.png())
    }
}
