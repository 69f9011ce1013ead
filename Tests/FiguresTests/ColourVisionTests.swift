import Foundation
import FoundationXML
import Testing

@testable import Figures

@Suite struct ColourVisionTests {
    /// Oracle: Tools/reference/colour_vision.py, which applies the published matrices to linear light in NumPy.
    static let seen: [(ColourVision, [UInt32])] = [
        (.deutan, [0xA39000, 0xEFD63A, 0x003DFB, 0x9E8C00, 0x8A8676, 0xFCE34E]),
        (.protan, [0x6D5F00, 0xFFE500, 0x0059FF, 0x817100, 0x9A9271, 0xF8DC23]),
        (.tritan, [0xFF000F, 0x00F7D9, 0x006B96, 0xEB4050, 0x009E92, 0xFFD4C5]),
    ]

    static let colours: [UInt32] = [0xFF0000, 0x00FF00, 0x0000FF, 0xD55E00, 0x009E73, 0xF0E442]

    @Test(arguments: seen) func knownColours(vision: ColourVision, expected: [UInt32]) {
        #expect(Self.colours.map { vision.seen(Colour(hex: $0)).hex } == expected)
    }

    @Test(arguments: ColourVision.allCases) func greysStay(vision: ColourVision) {
        for level in 0...255 as ClosedRange<UInt32> {
            let seen = vision.seen(Colour(hex: level << 16 | level << 8 | level)).hex
            for shift in [16, 8, 0] as [UInt32] { #expect(abs(Int(seen >> shift & 255) - Int(level)) <= 1) }
        }
    }

    /// Every colour of a vector file is transformed, and nothing else differs from the plain file.
    @Test func wholeFiguresAreSeen() throws {
        var figure = try ImaginedMaps.figure(60)
        let plain = String(decoding: try figure.data(as: .svg), as: UTF8.self)
        figure.style.vision = .deutan
        let seen = String(decoding: try figure.data(as: .svg), as: UTF8.self)
        let colour = /#[0-9a-f]{6}/
        #expect(plain.replacing(colour, with: "#") == seen.replacing(colour, with: "#"))
        let expected = plain.matches(of: colour).map { match in
            ColourVision.deutan.seen(Colour(hex: UInt32(match.output.dropFirst(), radix: 16)!)).hex
        }
        let found = seen.matches(of: colour).map { UInt32($0.output.dropFirst(), radix: 16)! }
        // Here the transform starts from colours already rounded to bytes, hence the tolerance.
        #expect(expected.count == found.count)
        for (one, other) in zip(expected, found) {
            for shift in [16, 8, 0] as [UInt32] {
                #expect(abs(Int(one >> shift & 255) - Int(other >> shift & 255)) <= 3)
            }
        }
    }

    @Test func pixelsAreSeenToo() throws {
        let points = try ScatterPoints(coordinates: [0, 0], colours: [Colour(hex: 0xFF0000)])
        var figure = Figure([ScatterPanel(points)])
        figure.style.vision = .protan
        figure.style.vectorPointLimit = 0
        let expected = ColourVision.protan.seen(Colour(hex: 0xFF0000)).hex
        #expect(try DecodedPNG(try figure.data(as: .png)).at(x: 243, y: 243) == expected)
        let svg = String(decoding: try figure.data(as: .svg), as: UTF8.self)
        let start = try #require(svg.range(of: "base64,")).upperBound
        let text = svg[start...].prefix { $0 != "\"" }
        let image = try DecodedPNG(try #require(Data(base64Encoded: String(text))))
        #expect(image[image.width / 2, image.height / 2] & 0xFFFFFF == expected)
    }

    @Test(arguments: FigureFormat.allCases) func darkFiguresAreDark(format: FigureFormat) throws {
        var figure = try ImaginedMaps.mixtures(20, classes: 9)
        figure.style.theme = .dark
        let data = try figure.data(as: format)
        switch format {
        case .png:
            let pixels = try DecodedPNG(data)
            for corner in [(0, 0), (pixels.width - 1, pixels.height - 1)] {
                #expect(pixels[corner.0, corner.1] & 0xFFFFFF == FigureTheme.dark.paper.hex)
            }
        case .svg:
            let text = String(decoding: data, as: UTF8.self)
            #expect(text.contains("fill=\"#15171c\"/>") && !text.contains("fill=\"#1a1a1a\""))
        case .pdf: #expect(data.count > 1000)
        }
    }
}
