import Foundation

/// Draws ellipses into pixels, some twenty times as fast as Cairo fills and strokes paths.
///
/// Fill and outline are blended in one step, so that neither shows at the other's edge where they are transparent. A
/// pixel's coverage follows from its centre's distance to the ellipse's edge, to first order k(k − 1) / |∇k| with
/// k² = (x/a)² + (y/b)²; for the shapes drawn here it is within a few hundredths of the exact area.
struct GlyphRasteriser {
    /// Native-endian 0xAARRGGBB, colours multiplied by alpha, as Cairo keeps them.
    let pixels: UnsafeMutableBufferPointer<UInt32>
    /// From a row's start to the next's, in pixels.
    let stride: Int
    /// Columns and rows that may be drawn to.
    let columns: Range<Int>
    /// Columns and rows that may be drawn to.
    let rows: Range<Int>

    /// Draws the glyphs of `layer` in turn, with `scale` pixels to a point.
    /// - Complexity: O(pixels covered, each as often as it is).
    func draw(_ layer: GlyphLayer, scale: Double) {
        let half = Float(layer.outlineWidth * scale / 2)
        for glyph in layer.glyphs {
            draw(glyph, scale: scale, half: half, opacity: Float(layer.opacity * glyph.opacity))
        }
    }

    private func draw(_ glyph: GlyphLayer.Glyph, scale: Double, half: Float, opacity: Float) {
        let (x, y) = (glyph.x * scale, glyph.y * scale)
        let (a, b) = (glyph.shape.semiMajor * scale, glyph.shape.semiMinor * scale)
        let reach = Double(half) + 1
        let xs = Self.range(x - a - reach, x + a + reach, in: columns)
        let ys = Self.range(y - b - reach, y + b + reach, in: rows)
        let outer = Edge(a: Float(a) + half, b: Float(b) + half)
        let inner = Edge(a: max(Float(a) - half, 0.01), b: max(Float(b) - half, 0.01))
        let fill = Self.premultiplied(glyph.fill)
        let outline = Self.premultiplied(glyph.outline)
        let solid = Self.packed(fill)
        for row in ys {
            let dy = Float(Double(row) + 0.5 - y)
            for column in xs {
                let dx = Float(Double(column) + 0.5 - x)
                let index = row * stride + column
                let filled = inner.coverage(dx, dy)
                if filled == 1 && opacity == 1 {
                    pixels[index] = solid
                    continue
                }
                let whole = outer.coverage(dx, dy)
                if whole <= 0 { continue }
                let inside = half > 0 ? min(filled, whole) : whole
                let source = (fill * inside + outline * (whole - inside)) * opacity
                pixels[index] = Self.packed(source + Self.unpacked(pixels[index]) * (1 - source.w / 255))
            }
        }
    }

    /// The edge of an ellipse in pixels.
    private struct Edge {
        let smaller: Float
        let inverse: SIMD2<Float>

        init(a: Float, b: Float) {
            smaller = min(a, b)
            inverse = SIMD2(1 / a, 1 / b)
        }

        /// The share of a pixel inside, whose centre lies at (`dx`, `dy`) from the ellipse's.
        func coverage(_ dx: Float, _ dy: Float) -> Float {
            let u = SIMD2(dx, dy) * inverse
            let v = u * inverse
            let k = (u * u).sum().squareRoot()
            let slope = (v * v).sum().squareRoot()
            let distance = slope > 0 ? k * (k - 1) / slope : -smaller
            return min(max(0.5 - distance, 0), 1)
        }
    }

    /// The whole numbers of `allowed` from `low` to `high`, which may lie anywhere.
    private static func range(_ low: Double, _ high: Double, in allowed: Range<Int>) -> Range<Int> {
        let (least, most) = (Double(allowed.lowerBound), Double(allowed.upperBound))
        let start = Int(min(max(low.rounded(.down), least), most))
        return start..<max(start, Int(min(max(high.rounded(.up), least), most)))
    }

    private static func premultiplied(_ colour: Colour) -> SIMD4<Float> {
        SIMD4(Float(colour.red), Float(colour.green), Float(colour.blue), 1) * 255
    }

    private static func unpacked(_ pixel: UInt32) -> SIMD4<Float> {
        SIMD4(Float(pixel >> 16 & 255), Float(pixel >> 8 & 255), Float(pixel & 255), Float(pixel >> 24))
    }

    private static func packed(_ colour: SIMD4<Float>) -> UInt32 {
        // One by one: the conversion of whole vectors is not one of the machine's, and takes ten times as long.
        func byte(_ value: Float) -> UInt32 { UInt32(min(max(value + 0.5, 0), 255)) }
        return byte(colour.w) << 24 | byte(colour.x) << 16 | byte(colour.y) << 8 | byte(colour.z)
    }
}
