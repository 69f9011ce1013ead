import Foundation
import Testing

@testable import Figures

@Suite struct ColourTests {
    /// Ottosson's page gives only XYZ pairs. These are the sRGB primaries in OKLab as CSS Color 4 and colour libraries print
    /// them, to the printed digits.
    static let primaries: [(UInt32, Double, Double, Double)] = [
        (0xFFFFFF, 1, 0, 0), (0x000000, 0, 0, 0),
        (0xFF0000, 0.62796, 0.22486, 0.12585), (0x00FF00, 0.86644, -0.23389, 0.17950),
        (0x0000FF, 0.45201, -0.03246, -0.31153), (0xFFFF00, 0.96798, -0.07137, 0.19857),
        (0x00FFFF, 0.90540, -0.14944, -0.03940), (0xFF00FF, 0.70167, 0.27457, -0.16916),
    ]

    @Test(arguments: primaries)
    func oklabOfPrimaries(hex: UInt32, lightness: Double, a: Double, b: Double) {
        let colour = OKLab(Colour(hex: hex))
        #expect(abs(colour.lightness - lightness) < 1e-5)
        #expect(abs(colour.a - a) < 1e-5)
        #expect(abs(colour.b - b) < 1e-5)
    }

    @Test func oklabRoundTripKeepsAllBytes() {
        for red in stride(from: 0, through: 255, by: 15) {
            for green in stride(from: 0, through: 255, by: 15) {
                for blue in stride(from: 0, through: 255, by: 15) {
                    let hex = UInt32(red << 16 | green << 8 | blue)
                    #expect(OKLab(Colour(hex: hex)).colour.hex == hex)
                    #expect(Colour(linear: Colour(hex: hex).linear).hex == hex)
                }
            }
        }
    }

    /// From IEC 61966-2-1: half the code value is 21.4 % of the light; half the light is code 188.
    @Test func transferFunction() {
        #expect(abs(Colour(grey: 0.5).linear.x - 0.214041140482) < 1e-11)
        #expect(Colour(linear: SIMD3(repeating: 0.5)).hex == 0xBCBCBC)
        #expect(abs(Colour(grey: 0.04).linear.x - 0.04 / 12.92) < 1e-15)
    }

    static let pureHues: [(Double, UInt32)] = [
        (0, 0xFF0000), (60, 0xFFFF00), (120, 0x00FF00), (180, 0x00FFFF), (240, 0x0000FF), (300, 0xFF00FF),
        (360, 0xFF0000), (-120, 0x0000FF), (116, 0x11FF00), (284, 0xBB00FF), (360_000_060, 0xFFFF00),
    ]

    @Test(arguments: pureHues)
    func hues(degrees: Double, hex: UInt32) {
        #expect(Colour(hue: degrees).hex == hex)
    }

    @Test func coloursOutsideTheGamutKeepLightnessAndHue() {
        for step in 0..<36 {
            let wanted = OKLab(lightness: 0.6, chroma: 0.4, hueAngle: Double(step) * .pi / 18)
            #expect(!wanted.isInGamut)
            let found = OKLab(wanted.colour)
            #expect(abs(found.lightness - 0.6) < 1e-3)
            #expect(cos(found.hueAngle - wanted.hueAngle) > 0.9999)
            #expect(found.chroma > 0.09)
        }
    }

    @Test func mixtures() {
        let redAndGreen = [Colour(hex: 0xFF0000), Colour(hex: 0x00FF00)]
        #expect(ColourMixing.srgb.mix(redAndGreen, by: [0.5, 0.5]).hex == 0x808000)
        let mixed = OKLab(ColourMixing.oklab.mix(redAndGreen, by: [0.25, 0.75]))
        #expect(abs(mixed.lightness - (0.25 * 0.62796 + 0.75 * 0.86644)) < 1e-4)
        for mixing in ColourMixing.allCases {
            #expect(mixing.mix(redAndGreen, by: [1, 0]).hex == 0xFF0000)
            #expect(mixing.mix(redAndGreen, by: [0, 1]).hex == 0x00FF00)
        }
    }

    @Test func palettesGrowWithoutChange() {
        let forty = ClassPalette.standard.colours(40)
        #expect(Set(forty.map(\.hex)).count == 40)
        #expect(
            Set(forty.prefix(7).map(\.hex)) == [
                0xE69F00, 0x56B4E9, 0x009E73, 0xF0E442, 0x0072B2, 0xD55E00, 0xCC79A7,
            ])
        #expect(Array(forty.prefix(13)) == ClassPalette.standard.colours(13))
        #expect(ClassPalette.standard.colours(0).isEmpty)
        for (index, colour) in forty.prefix(16).enumerated() {
            for other in forty.prefix(index) { #expect(OKLab(colour).distance(to: OKLab(other)) > 0.1) }
        }
        // The generated colours are no darker than the fixed ones.
        let darkest = forty.prefix(7).map { OKLab($0).lightness }.min()!
        for colour in forty.dropFirst(7) { #expect(OKLab(colour).lightness > darkest - 0.05) }
    }

    @Test func tenClassesAreAsDistinctAsTab10() {
        func least(_ colours: [Colour]) -> Double {
            colours.indices.flatMap { one in
                colours[..<one].map { OKLab($0).distance(to: OKLab(colours[one])) }
            }.min()!
        }
        let classes = (0..<10).map { "class \($0)" }
        let tab10 = least(ClassPalette.tab10.colours(of: classes))
        #expect(abs(tab10 - 0.11331) < 1e-4)
        for palette in [ClassPalette.standard, .okabeIto, .glasbey] {
            #expect(least(palette.colours(of: classes)) >= tab10)
        }
    }

    @Test func namedClassesHaveTheirColours() {
        let palette = ClassPalette(named: ["b": Colour(hex: 0x123456), "absent": .black])
        let colours = palette.colours(of: ["a", "b", "c"])
        #expect(colours[1].hex == 0x123456)
        #expect(Set(colours.map(\.hex)).count == 3)
        let short = ClassPalette(leading: [.black]).colours(of: ["a", "b"])
        #expect(short[0] == .black && short[1] != .black)
    }

    /// Red circles look red in every figure; ellipses are darker.
    @Test func classesOfTheShapesSetLookAsTheirObjects() {
        let colours = ClassPalette.standard.colours(of: ["bc", "be", "gc", "ge", "rc", "re"])
        for (index, strongest) in [\Colour.blue, \.blue, \.green, \.green, \.red, \.red].enumerated() {
            let colour = colours[index]
            let others = [\Colour.red, \.green, \.blue].filter { $0 != strongest }
            for other in others { #expect(colour[keyPath: strongest] > colour[keyPath: other] + 0.15, "\(index)") }
        }
        for circle in [0, 2, 4] {
            #expect(OKLab(colours[circle]).lightness > OKLab(colours[circle + 1]).lightness + 0.1)
        }
        #expect(ClassPalette.standard.colours(of: ["rc", "x"]) == ClassPalette.standard.colours(2))
        #expect(ClassPalette.tab10.colours(of: ["rc"]).map(\.hex) == [0x1F77B4])
    }

    @Test func coloursAreReadAsTheWebWritesThem() {
        #expect(Colour("#E69f00")?.hex == 0xE69F00)
        for text in ["", "#", "E69F00", "#E69F0", "#E69F000", "#E69F0G", "#+69F00", "orange", "#E69F0٠"] {
            #expect(Colour(text) == nil)
        }
    }

    /// Equal steps in share are equal steps in lightness for every hue, up to 8-bit rounding.
    @Test(arguments: [0.0, 45, 60, 120, 200, 240, 300])
    func tonesOfEllipseSharesAreEven(hue: Double) {
        let lightness = stride(from: 0.0, through: 1, by: 0.25).map {
            OKLab(EllipseShareTone.colour(hue: hue, ellipseShare: $0)).lightness
        }
        for (darker, lighter) in zip(lightness.dropFirst(), lightness) {
            #expect(abs(lighter - darker - 0.145) < 2e-3)
        }
    }
}
