import CCairo
import Foundation
import RasterImages
import Testing

@testable import Figures

@Suite struct GlyphTests {
    @Test(arguments: Array(stride(from: 0.0, through: 1, by: 0.125)))
    func areaIsConstantAndRatioFollowsTheShare(share: Double) {
        let shape = EllipseShape(radius: 1.7, ellipseShare: share)
        #expect(abs(shape.semiMajor * shape.semiMinor - 1.7 * 1.7) < 1e-12)
        #expect(abs(shape.semiMajor / shape.semiMinor - (1 + share)) < 1e-12)
    }

    private func image(_ layer: GlyphLayer, byPaths: Bool) throws -> (RasterImage, DecodedPNG) {
        let image = try RasterImage(pixelWidth: 60, pixelHeight: 60, isOpaque: true)
        let clip = CGRect(x: 0, y: 0, width: 30, height: 30)
        let canvas = CairoCanvas(image.surface, scale: 2)
        if byPaths { canvas.drawPaths(layer, clip: clip) } else { canvas.draw(layer, clip: clip) }
        return (image, try DecodedPNG(try image.png(dotsPerInch: nil)))
    }

    /// The ink of a black ellipse, in pixels, equals its area. A coverage that falls linearly over one pixel across a curved
    /// edge adds π / 12 to a circle, 1 / (12 r²) of its area; ellipses add up to half as much again, and sampling at pixel
    /// centres a little more.
    @Test(arguments: [0.0, 0.3, 1.0], [1.0, 2.5, 6.0])
    func inkEqualsTheArea(share: Double, radius: Double) throws {
        let glyph = GlyphLayer.Glyph(
            x: 15.13, y: 14.71, shape: EllipseShape(radius: radius, ellipseShare: share), fill: .black, outline: .black)
        let (image, pixels) = try image(GlyphLayer(glyphs: [glyph], outlineWidth: 0, opacity: 1), byPaths: false)
        var ink = 0.0
        for row in 0..<60 { for column in 0..<60 { ink += 1 - Double(pixels[column, row] & 255) / 255 } }
        withExtendedLifetime(image) {}
        let area = Double.pi * 4 * radius * radius
        #expect(abs(ink / area - 1) < 0.15 / (4 * radius * radius))
    }

    /// Compares pixels with Cairo's antialiasing, opaque and outlined. Where fill and outline split a pixel in half, Cairo's
    /// two passes leave a quarter (64 of 255) of the paper; the rasteriser's single pass leaves none.
    @Test(arguments: [0.0, 0.5, 1.0])
    func rasterEqualsCairosPaths(share: Double) throws {
        let glyphs = [(9.3, 11.2, 0xFF0000 as UInt32), (12.1, 13.9, 0x00A0FF), (28, 3, 0x123456), (0.5, 29, 0x80FF00)]
            .map {
                GlyphLayer.Glyph(
                    x: $0.0, y: $0.1, shape: EllipseShape(radius: 4, ellipseShare: share), fill: Colour(hex: $0.2),
                    outline: .black)
            }
        let layer = GlyphLayer(glyphs: glyphs, outlineWidth: 0.5, opacity: 1)
        let (ours, a) = try image(layer, byPaths: false)
        let (cairos, b) = try image(layer, byPaths: true)
        withExtendedLifetime((ours, cairos)) {}
        var (sum, worst) = (0.0, 0.0)
        for row in 0..<60 {
            for column in 0..<60 {
                for shift: UInt32 in [0, 8, 16] {
                    let difference = abs(Double(a[column, row] >> shift & 255) - Double(b[column, row] >> shift & 255))
                    sum += difference
                    worst = max(worst, difference)
                }
            }
        }
        #expect(sum / (60 * 60 * 3) < 1)
        #expect(worst <= 64)
    }

    /// At half opacity, overlapping ellipses both show, and the outline does not show through the fill.
    @Test func transparentGlyphsBlendOnce() throws {
        let shape = EllipseShape(radius: 5, ellipseShare: 0)
        let glyphs = [
            GlyphLayer.Glyph(x: 12, y: 15, shape: shape, fill: Colour(hex: 0xFF0000), outline: .black),
            GlyphLayer.Glyph(x: 16, y: 15, shape: shape, fill: Colour(hex: 0x0000FF), outline: .black),
        ]
        let (image, pixels) = try image(GlyphLayer(glyphs: glyphs, outlineWidth: 0.5, opacity: 0.5), byPaths: false)
        withExtendedLifetime(image) {}
        #expect(pixels.at(x: 9, y: 15, dotsPerInch: 144) == 0xFF8080)
        #expect(pixels.at(x: 14, y: 15, dotsPerInch: 144) == 0x8040C0)
        #expect(pixels.at(x: 19, y: 15, dotsPerInch: 144) == 0x8080FF)
    }

    @Test func glyphsFarOutsideAreLeftOut() throws {
        let shape = EllipseShape(radius: 5, ellipseShare: 0.5)
        let glyphs = [-1e300, 1e300, -40, 4e18].map {
            GlyphLayer.Glyph(x: $0, y: -$0, shape: shape, fill: .black, outline: .black)
        }
        let (image, pixels) = try image(GlyphLayer(glyphs: glyphs, outlineWidth: 1, opacity: 1), byPaths: false)
        withExtendedLifetime(image) {}
        #expect(pixels.colours(in: CGRect(x: 0, y: 0, width: 14, height: 14)) == [0xFFFFFF: 58 * 58])
    }
}
