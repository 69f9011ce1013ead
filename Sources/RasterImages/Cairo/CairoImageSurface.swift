import CCairo

/// An opaque black image in memory to draw shapes on.
package final class CairoImageSurface {
    private let surface: CairoSurface
    private var context: OpaquePointer { surface.context }

    /// Throws `CairoError` if there is not enough memory or the size exceeds Cairo's limit (32,767 per side).
    package init(width: Int, height: Int) throws(CairoError) {
        surface = try CairoSurface(pixelWidth: width, pixelHeight: height, background: .black)
        cairo_set_antialias(context, CAIRO_ANTIALIAS_BEST)
        cairo_set_tolerance(context, 0.02)
    }

    /// Fills an anti-aliased ellipse. Lengths are in pixels, y points down, and `rotation` is the angle of the first half-axis
    /// in radians, from the x axis towards the y axis; colours are 0…1.
    package func fillEllipse(
        centerX: Double, centerY: Double, halfAxes: (Double, Double), rotation: Double,
        color: (red: Double, green: Double, blue: Double)
    ) throws(CairoError) {
        cairo_save(context)
        cairo_translate(context, centerX, centerY)
        cairo_rotate(context, rotation)
        cairo_scale(context, halfAxes.0, halfAxes.1)
        cairo_new_path(context)
        cairo_arc(context, 0, 0, 1, 0, 2 * .pi)
        cairo_restore(context)
        cairo_set_source_rgb(context, color.red, color.green, color.blue)
        cairo_fill(context)
        try surface.check("drawing")
    }

    /// Draws an anti-aliased Bézier curve of grey `level`, 0…1, over the existing content. Lengths are in pixels.
    package func strokeCurve(
        _ start: (Double, Double), _ first: (Double, Double), _ second: (Double, Double), _ end: (Double, Double),
        width: Double, level: Double, opacity: Double
    ) throws(CairoError) {
        cairo_new_path(context)
        cairo_move_to(context, start.0, start.1)
        cairo_curve_to(context, first.0, first.1, second.0, second.1, end.0, end.1)
        cairo_set_line_width(context, width)
        cairo_set_source_rgba(context, level, level, level, opacity)
        cairo_stroke(context)
        try surface.check("drawing")
    }

    /// A copy of what has been drawn.
    package func image() throws(CairoError) -> RGBImage {
        try surface.check("drawing")
        var (width, height) = (0, 0)
        var bytes: [UInt8] = []
        surface.withPixels { pixels, stride, columns, rows in
            (width, height) = (columns.count, rows.count)
            bytes = [UInt8](unsafeUninitializedCapacity: width * height * 3) { bytes, initialized in
                for y in rows {
                    for x in columns {
                        let pixel = pixels[y * stride + x]
                        let offset = (y * width + x) * 3
                        bytes[offset] = UInt8(truncatingIfNeeded: pixel >> 16)
                        bytes[offset + 1] = UInt8(truncatingIfNeeded: pixel >> 8)
                        bytes[offset + 2] = UInt8(truncatingIfNeeded: pixel)
                    }
                }
                initialized = width * height * 3
            }
        }
        return RGBImage(width: width, height: height, pixels: bytes)
    }
}
