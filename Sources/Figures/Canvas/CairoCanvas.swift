import CCairo
import Numerics
import Foundation
import RasterImages

/// A canvas on a Cairo surface: pixels or PDF.
final class CairoCanvas: Canvas {
    private let surface: CairoSurface
    private let context: OpaquePointer
    /// Pixels (or points, in a PDF) per point.
    private let scale: Double
    /// The threads that draw glyphs into pixels.
    private let threads: ThreadCount

    /// Draws on `surface`, with `scale` of its units per point.
    init(_ surface: CairoSurface, scale: Double, threads: ThreadCount = ThreadCount(1)) {
        self.surface = surface
        self.scale = scale
        self.threads = threads
        context = surface.context
        cairo_scale(context, scale, scale)
    }

    func fill(_ corners: [CGPoint], _ colour: Colour) {
        trace(corners)
        cairo_close_path(context)
        setSource(colour)
        cairo_fill(context)
    }

    func stroke(_ corners: [CGPoint], closed: Bool, _ colour: Colour, width: Double) {
        trace(corners)
        if closed { cairo_close_path(context) }
        setSource(colour)
        cairo_set_line_width(context, width)
        cairo_stroke(context)
    }

    func draw(_ layer: GlyphLayer, clip: CGRect) {
        if surface.hasPixels {
            surface.withPixels { pixels, stride, columns, rows in
                let x = Int((clip.minX * scale).rounded(.down))..<Int((clip.maxX * scale).rounded(.up))
                let y = Int((clip.minY * scale).rounded(.down))..<Int((clip.maxY * scale).rounded(.up))
                GlyphRasteriser(
                    pixels: pixels, stride: stride, columns: x.clamped(to: columns), rows: y.clamped(to: rows)
                ).draw(layer, scale: scale, threads: threads)
            }
        } else {
            drawPaths(layer, clip: clip)
        }
    }

    /// Draws the glyphs as Cairo paths: for PDF, and as the reference for the rasteriser.
    func drawPaths(_ layer: GlyphLayer, clip: CGRect) {
        cairo_save(context)
        cairo_rectangle(context, clip.minX, clip.minY, clip.width, clip.height)
        cairo_clip(context)
        cairo_set_line_width(context, layer.outlineWidth)
        var matrix = cairo_matrix_t()
        cairo_get_matrix(context, &matrix)
        for glyph in layer.glyphs {
            cairo_translate(context, glyph.x, glyph.y)
            cairo_scale(context, glyph.shape.semiMajor, glyph.shape.semiMinor)
            cairo_new_path(context)
            cairo_arc(context, 0, 0, 1, 0, 2 * .pi)
            cairo_close_path(context)
            cairo_set_matrix(context, &matrix)
            setSource(glyph.fill, layer.opacity * glyph.opacity)
            if layer.outlineWidth > 0 {
                cairo_fill_preserve(context)
                setSource(glyph.outline, layer.opacity * glyph.opacity)
                cairo_stroke(context)
            } else {
                cairo_fill(context)
            }
        }
        cairo_restore(context)
    }

    func write(_ text: TextBlock, at origin: CGPoint, _ colour: Colour) {
        setSource(colour)
        cairo_move_to(context, origin.x, origin.y)
        text.show(in: context)
    }

    func outline(_ text: TextBlock, at origin: CGPoint, _ colour: Colour, width: Double) {
        cairo_save(context)
        setSource(colour)
        cairo_new_path(context)
        cairo_move_to(context, origin.x, origin.y)
        text.trace(in: context)
        cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
        cairo_set_line_width(context, width)
        cairo_stroke(context)
        cairo_restore(context)
    }

    func writeUpwards(_ text: TextBlock, at origin: CGPoint, _ colour: Colour) {
        cairo_save(context)
        cairo_translate(context, origin.x, origin.y)
        cairo_rotate(context, -.pi / 2)
        write(text, at: .zero, colour)
        cairo_restore(context)
    }

    func draw(_ image: RasterImage, in rectangle: CGRect) {
        surface.paint(image.surface, pixelWidth: image.pixelWidth, in: rectangle)
    }

    private func trace(_ corners: [CGPoint]) {
        cairo_new_path(context)
        for corner in corners { cairo_line_to(context, corner.x, corner.y) }
    }

    private func setSource(_ colour: Colour, _ opacity: Double = 1) {
        cairo_set_source_rgba(context, colour.red, colour.green, colour.blue, opacity)
    }
}
