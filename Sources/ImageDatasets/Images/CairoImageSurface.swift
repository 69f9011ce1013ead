import CCairo

/// An opaque black image in memory with a Cairo context to draw on it; both are freed with it.
final class CairoImageSurface {
    let width: Int
    let height: Int
    private let surface: OpaquePointer
    private let context: OpaquePointer

    /// Throws `CairoError` where memory does not suffice or the size is beyond Cairo's limit (32,767 a side).
    init(width: Int, height: Int) throws(CairoError) {
        self.width = width
        self.height = height
        surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
        context = cairo_create(surface)
        try check()
        cairo_set_antialias(context, CAIRO_ANTIALIAS_BEST)
        cairo_set_tolerance(context, 0.02)
    }

    deinit {
        cairo_destroy(context)
        cairo_surface_destroy(surface)
    }

    /// Fills an anti-aliased ellipse. Lengths are in pixels, y runs down, `rotation` is in radians from the x towards the y
    /// axis and turns the first half-axis; colours are 0…1.
    func fillEllipse(
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
        try check()
    }

    /// Draws an anti-aliased Bézier curve of grey `level`, 0…1, over what is there. Lengths are in pixels.
    func strokeCurve(
        _ start: (Double, Double), _ first: (Double, Double), _ second: (Double, Double), _ end: (Double, Double),
        width: Double, level: Double, opacity: Double
    ) throws(CairoError) {
        cairo_new_path(context)
        cairo_move_to(context, start.0, start.1)
        cairo_curve_to(context, first.0, first.1, second.0, second.1, end.0, end.1)
        cairo_set_line_width(context, width)
        cairo_set_source_rgba(context, level, level, level, opacity)
        cairo_stroke(context)
        try check()
    }

    /// A copy of what has been drawn.
    func image() throws(CairoError) -> RGBImage {
        cairo_surface_flush(surface)
        try check()
        guard let data = cairo_image_surface_get_data(surface) else { preconditionFailure("an image surface has data") }
        let stride = Int(cairo_image_surface_get_stride(surface))
        let pixels = [UInt8](unsafeUninitializedCapacity: width * height * 3) { pixels, initialized in
            // A pixel is a native 32-bit number: unused, red, green, blue from the highest byte down.
            for y in 0..<height {
                UnsafeRawPointer(data + y * stride).withMemoryRebound(to: UInt32.self, capacity: width) { row in
                    for x in 0..<width {
                        let pixel = row[x]
                        let offset = (y * width + x) * 3
                        pixels[offset] = UInt8(truncatingIfNeeded: pixel >> 16)
                        pixels[offset + 1] = UInt8(truncatingIfNeeded: pixel >> 8)
                        pixels[offset + 2] = UInt8(truncatingIfNeeded: pixel)
                    }
                }
            }
            initialized = width * height * 3
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }

    private func check() throws(CairoError) {
        for status in [cairo_surface_status(surface), cairo_status(context)] where status != CAIRO_STATUS_SUCCESS {
            throw CairoError(status: status.rawValue, message: String(cString: cairo_status_to_string(status)))
        }
    }
}
