import Numerics
import Foundation
import Testing

@testable import Figures

/// The C loops and multithreading against plain Swift.
@Suite struct GlyphPathTests {
    private static let scale = 1.7

    /// Ellipses of many sizes and shapes, some across the edges, in an area that starts at an offset.
    private func pixels(
        width: Int, opacities: ClosedRange<Double>, outline: Double, path: KernelPath, threads: Int = 1
    ) -> [UInt32] {
        var random = CounterRandom(seed: 9)
        func number(_ range: ClosedRange<Double>) -> Double {
            range.lowerBound + (range.upperBound - range.lowerBound) * random.uniform()
        }
        func colour() -> Colour { Colour(red: number(0...1), green: number(0...1), blue: number(0...1)) }
        let glyphs = (0..<400).map { _ in
            GlyphLayer.Glyph(
                x: number(-3...Double(width) / Self.scale), y: number(-3...150),
                shape: EllipseShape(radius: number(0.1...6), ellipseShare: number(0...1)), fill: colour(),
                outline: colour(), opacity: number(opacities))
        }
        var pixels = (0..<width * 240).map { UInt32($0 % 3) * 0x5F00_2000 + 0x3010_0020 }
        pixels.withUnsafeMutableBufferPointer { pixels in
            GlyphRasteriser(pixels: pixels, stride: width, columns: 2..<width - 1, rows: 3..<230).draw(
                GlyphLayer(glyphs: glyphs, outlineWidth: outline, opacity: 1), scale: Self.scale, path: path,
                threads: ThreadCount(threads))
        }
        return pixels
    }

    /// A 3-column area is narrower than any vector; 18 columns are no multiple of a vector width.
    @Test(arguments: [6, 21, 131], [0, 0.4])
    func everyVersionGivesTheBytesOfPlainSwift(width: Int, outline: Double) {
        for opacities in [1...1, 0.2...1] {
            let plain = pixels(width: width, opacities: opacities, outline: outline, path: .swift)
            #expect(Set(plain).count > 100)
            for path in KernelPath.available where path != .swift {
                for threads in [1, 2, 7] {
                    let drawn = pixels(
                        width: width, opacities: opacities, outline: outline, path: path, threads: threads)
                    #expect(drawn == plain)
                }
            }
        }
    }

    @Test func nothingIsDrawnOutsideTheArea() {
        let drawn = pixels(width: 21, opacities: 1...1, outline: 0.4, path: .preferred(), threads: 2)
        for (index, pixel) in drawn.enumerated() {
            let (row, column) = index.quotientAndRemainder(dividingBy: 21)
            if (2..<20).contains(column) && (3..<230).contains(row) { continue }
            #expect(pixel == UInt32(index % 3) * 0x5F00_2000 + 0x3010_0020)
        }
    }

    /// An area without glyphs or pixels stays unchanged.
    @Test func emptyAreasAndLayersAreLeftAlone() {
        var pixels: [UInt32] = [1, 2, 3, 4]
        pixels.withUnsafeMutableBufferPointer { pixels in
            let rasteriser = GlyphRasteriser(pixels: pixels, stride: 2, columns: 1..<1, rows: 0..<2)
            rasteriser.draw(GlyphLayer(glyphs: [], outlineWidth: 1, opacity: 1), scale: 1)
        }
        #expect(pixels == [1, 2, 3, 4])
    }
}
