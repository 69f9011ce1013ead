import Foundation
import TensorFiles
import Testing

@testable import Figures

/// The page as text, and errors in the data.
@Suite struct ExplorerTests {
    private static func text(_ explorer: Explorer) throws -> String {
        String(decoding: try explorer.html(), as: UTF8.self)
    }

    @Test func thePageIsOneFileThatNamesNoOther() throws {
        let page = try Self.text(ExplorerSamples.withThumbnails())
        // The only address is the SVG namespace, which nobody fetches.
        let rest = page.replacingOccurrences(of: "http://www.w3.org/2000/svg", with: "")
        for address in ["http://", "https://", "src=\"", "href=\"", "url(", "import {", "\nexport "] {
            #expect(!rest.contains(address), "\(address)")
        }
    }

    @Test func thePolicyLetsInThePagesOwnProgramAlone() throws {
        let page = try Self.text(ExplorerSamples.explorer())
        func digest(after start: String, before end: String) throws -> String {
            let from = try #require(page.range(of: start)).upperBound
            let to = try #require(page.range(of: end, range: from..<page.endIndex)).lowerBound
            return Data(SHA256Digest.of(Data(page[from..<to].utf8)).bytes).base64EncodedString()
        }
        let script = try digest(after: "<script type=\"module\">", before: "</script>")
        let style = try digest(after: "<style>", before: "</style>")
        let policy =
            "default-src 'none'; script-src 'sha256-\(script)'; style-src 'sha256-\(style)'; img-src blob:; "
            + "base-uri 'none'; form-action 'none'"
        #expect(page.contains("<meta http-equiv=\"Content-Security-Policy\" content=\"\(policy)\">"))
    }

    @Test func theSameExplorerGivesTheSameBytes() throws {
        let explorer = ExplorerSamples.withThumbnails()
        let isSame = try explorer.html() == explorer.html()
        #expect(isSame)
    }

    @Test func noWordOfTheDataStandsInThePageAsHTML() throws {
        var explorer = ExplorerSamples.explorer()
        let hostile = "</script><script>alert(1)</script><!--"
        explorer.title = hostile
        explorer.ids[3] = hostile
        explorer.classes[0].name = hostile
        explorer.panels[0].name = hostile
        explorer.notes = [hostile]
        let page = try Self.text(explorer)
        #expect(!page.contains(hostile) && !page.contains("<script>alert") && !page.contains("<!--"))
        let clean = try Self.text(ExplorerSamples.explorer())
        #expect(page.components(separatedBy: "<").count == clean.components(separatedBy: "<").count)
    }

    @Test func columnsOfAnotherCount() throws {
        func expect(_ column: String, _ found: Int, _ expected: Int, _ change: (inout Explorer) -> Void) {
            var explorer = ExplorerSamples.explorer()
            change(&explorer)
            let error = FigureError.countMismatch(column: column, found: found, expected: expected)
            #expect(throws: error) { try explorer.html() }
        }
        expect("label distribution", 719, 720) { $0.distributions.removeLast() }
        expect("annotators", 1, 240) { $0.annotators = [3] }
        expect("ellipse share", 0, 240) { $0.ellipseShares = [] }
        expect("colouring own", 1, 240) { $0.colourings = [.init(name: "own", colours: [Colour(grey: 0)])] }
        expect("column neighbours changed", 241, 240) { $0.columns[0].values.append(0) }
        expect("coordinates of soft labels", 479, 480) { $0.panels[1].coordinates.removeLast() }
        expect("coordinates of hard labels, start", 2, 480) {
            $0.panels[0].frames = [.init(label: "start", coordinates: [0, 0])]
        }
        expect("predictions of hard labels", 719, 720) { $0.panels[0].predictions?.removeLast() }
        expect("thumbnails", 239, 240) { $0.thumbnails = ThumbnailSheet(count: 239) }
    }

    @Test func valuesOutsideTheirRange() throws {
        func expect(_ error: FigureError, _ change: (inout Explorer) -> Void) {
            var explorer = ExplorerSamples.explorer()
            change(&explorer)
            #expect(throws: error) { try explorer.html() }
        }
        expect(.notFinite(column: "label distribution", row: 2)) { $0.distributions[6] = .nan }
        expect(.notADistribution(row: 1, sum: 0)) { $0.distributions.replaceSubrange(3..<6, with: [0, 0, 0]) }
        expect(.notFinite(column: "predictions of hard labels", row: 1)) { $0.panels[0].predictions?[4] = .nan }
        expect(.outOfRange(column: "predictions of hard labels", row: 1, found: -1, lowest: 0, highest: 1)) {
            $0.panels[0].predictions?[4] = -1
        }
        expect(.outOfRange(column: "annotators", row: 5, found: -1, lowest: 0, highest: 4_294_967_295)) {
            $0.annotators?[5] = -1
        }
        expect(.outOfRange(column: "ellipse share", row: 0, found: 2, lowest: 0, highest: 1)) {
            $0.classes[1].ellipseShare = 2
        }
    }

    @Test func thePageIsWrittenWholeOrNotAtAll() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let url = folder.appendingPathComponent("explorer.html")
        let explorer = ExplorerSamples.explorer()
        try explorer.write(to: url)
        let isSame = try Data(contentsOf: url) == explorer.html()
        #expect(isSame)
        #expect(throws: FileWriteError.self) { try explorer.write(to: folder.appendingPathComponent("none/a.html")) }
    }

    // MARK: - Thumbnails

    @Test(arguments: [(1, 64), (4096, 64), (4097, 48), (15_000, 32), (16_384, 32), (16_385, 24), (65_536, 16)])
    func picturesAreAsLargeAsTheirNumberAllows(count: Int, side: Int) {
        #expect(ThumbnailSheet(count: count).side == side)
        #expect(ThumbnailSheet(count: count, imageSide: 20).side == min(side, 20))
    }

    @Test func tooManyThumbnailsAreSaidOnce() throws {
        var sheet = ThumbnailSheet(count: 65_537)
        sheet.set(65_536, pixelWidth: 1, pixelHeight: 1, rgb: [1, 2, 3])
        #expect(sheet.notes == ["Thumbnails are left out: they are made for at most 65,536 samples."])
        #expect(try sheet.webP() == nil)
        #expect(ThumbnailSheet(count: 65_536).notes.isEmpty)
    }

    @Test func imagesAreAveragedAndCentred() {
        var sheet = ThumbnailSheet(count: 2, imageSide: 2)
        // Three pixels scaled to two: each takes one and a half.
        sheet.set(1, pixelWidth: 3, pixelHeight: 1, rgb: [90, 0, 0, 30, 0, 3, 0, 60, 255])
        #expect(sheet.isThere == [false, true])
        #expect(sheet.pixel(2, 0) == [70, 0, 1, 255])
        #expect(sheet.pixel(3, 0) == [10, 40, 171, 255])
        #expect(sheet.pixel(2, 1) == [0, 0, 0, 0])
        #expect(sheet.pixel(0, 0) == [0, 0, 0, 0])
    }

    @Test(arguments: [(1, 1, 64), (10, 4, 64), (16_384, 128, 64), (16_385, 129, 48), (262_144, 512, 16)])
    func projectorsTakeSquares(count: Int, columns: Int, side: Int) {
        let sheet = ThumbnailSheet(count: count, for: .projector)
        #expect(sheet.columns == columns && sheet.side == side)
        #expect(sheet.pixels.count == 4 * columns * columns * side * side)
        #expect(ThumbnailSheet(count: 262_145, for: .projector).side == 0)
    }

    @Test func aSheetAsPNG() throws {
        var sheet = ThumbnailSheet(count: 3, imageSide: 1, for: .projector)
        #expect(try sheet.png() == nil)
        sheet.set(0, pixelWidth: 1, pixelHeight: 1, rgb: [10, 20, 30])
        sheet.set(2, pixelWidth: 1, pixelHeight: 1, rgb: [255, 0, 128])
        let png = try DecodedPNG(try #require(try sheet.png()))
        #expect(png.width == 2 && png.height == 2)
        #expect(png[0, 0] == 0x0A141E && png[0, 1] == 0xFF0080)
        #expect(png[1, 0] == 0)
    }
}

extension ThumbnailSheet {
    fileprivate func pixel(_ x: Int, _ y: Int) -> [UInt8] {
        let start = 4 * (y * columns * side + x)
        return Array(pixels[start..<start + 4])
    }
}
