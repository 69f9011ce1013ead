import CCairo
import Foundation

/// A Cairo surface and the context that draws on it, freed with the object. The bytes of a PDF are collected in memory.
package final class CairoSurface {
    /// The content of an image before anything is drawn.
    package enum Background {
        case transparent, white, black
    }

    private let surface: OpaquePointer
    /// Draws on the surface; valid as long as this object lives.
    package let context: OpaquePointer
    private let sink: ByteSink
    /// Whether the surface is an image in memory.
    package let hasPixels: Bool

    /// A surface of pixels, with alpha only if its background is transparent.
    package init(pixelWidth: Int, pixelHeight: Int, background: Background) throws(CairoError) {
        sink = ByteSink()
        hasPixels = true
        surface = cairo_image_surface_create(
            background == .transparent ? CAIRO_FORMAT_ARGB32 : CAIRO_FORMAT_RGB24, Int32(clamping: pixelWidth),
            Int32(clamping: pixelHeight))
        context = cairo_create(surface)
        try check("making an image of \(pixelWidth) x \(pixelHeight) pixels")
        // Cairo clears the memory, which without alpha is black.
        if background == .white {
            cairo_set_source_rgb(context, 1, 1, 1)
            cairo_paint(context)
        }
    }

    /// A surface of one PDF page; sizes in points.
    package init(pdfWidth: Double, pdfHeight: Double) throws(CairoError) {
        sink = ByteSink()
        hasPixels = false
        surface = cairo_pdf_surface_create_for_stream(
            ByteSink.append, Unmanaged.passUnretained(sink).toOpaque(), pdfWidth, pdfHeight)
        // Cairo would write the current time, so the same figure would not give the same bytes.
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "1970-01-01T00:00:00Z")
        context = cairo_create(surface)
        try check("making a PDF page")
    }

    /// An unbounded surface that is never shown, for the outlines of letters: Cairo omits letters outside a bounded surface,
    /// even from a path.
    package init() throws(CairoError) {
        sink = ByteSink()
        hasPixels = false
        surface = cairo_recording_surface_create(CAIRO_CONTENT_ALPHA, nil)
        context = cairo_create(surface)
        try check("making a surface for outlines")
    }

    deinit {
        cairo_destroy(context)
        // The sink must live until the surface has written its last byte.
        cairo_surface_finish(surface)
        cairo_surface_destroy(surface)
        withExtendedLifetime(sink) {}
    }

    /// Sets the title in the document's information. For PDF only.
    package func setTitle(_ title: String) {
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title)
    }

    /// Draws the pixels of `image` over `rectangle`, smoothed if their sizes differ.
    package func paint(_ image: CairoSurface, pixelWidth: Int, in rectangle: CGRect) {
        cairo_save(context)
        cairo_translate(context, rectangle.minX, rectangle.minY)
        let scale = rectangle.width / Double(pixelWidth)
        cairo_scale(context, scale, scale)
        cairo_set_source_surface(context, image.surface, 0, 0)
        cairo_paint(context)
        cairo_restore(context)
    }

    /// Passes on the pixels (native-endian 0xAARRGGBB, premultiplied by alpha), the number of pixels from one row to the next,
    /// and the available columns and rows. Cairo must not draw in the meantime. Traps without pixels.
    package func withPixels(
        _ body: (
            _ pixels: UnsafeMutableBufferPointer<UInt32>, _ stride: Int, _ columns: Range<Int>, _ rows: Range<Int>
        ) -> Void
    ) {
        precondition(hasPixels, "this surface has no pixels")
        cairo_surface_flush(surface)
        let stride = Int(cairo_image_surface_get_stride(surface))
        let (width, height) = (cairo_image_surface_get_width(surface), cairo_image_surface_get_height(surface))
        guard let bytes = cairo_image_surface_get_data(surface) else { return }
        bytes.withMemoryRebound(to: UInt32.self, capacity: stride / 4 * Int(height)) { start in
            let pixels = UnsafeMutableBufferPointer(start: start, count: stride / 4 * Int(height))
            body(pixels, stride / 4, 0..<Int(width), 0..<Int(height))
        }
        cairo_surface_mark_dirty(surface)
    }

    /// Ends the page and returns the bytes of the PDF. Nothing can be drawn afterwards.
    package func finishedPDF() throws(CairoError) -> Data {
        cairo_show_page(context)
        try check("drawing a PDF")
        cairo_surface_finish(surface)
        try check("writing a PDF")
        return sink.bytes
    }

    /// Throws Cairo's error status for anything drawn so far, as an error of `operation`.
    package func check(_ operation: String) throws(CairoError) {
        for status in [cairo_surface_status(surface), cairo_status(context)] where status != CAIRO_STATUS_SUCCESS {
            let message = String(cString: cairo_status_to_string(status))
            throw CairoError(operation: operation, status: status.rawValue, message: message)
        }
    }
}

/// Collects the bytes that Cairo writes.
private final class ByteSink {
    var bytes = Data()

    static let append: cairo_write_func_t = { closure, bytes, count in
        let sink = Unmanaged<ByteSink>.fromOpaque(closure!).takeUnretainedValue()
        if let bytes { sink.bytes.append(bytes, count: Int(count)) }
        return CAIRO_STATUS_SUCCESS
    }
}

/// An error status from Cairo, with its own description: out of memory, or a size that it cannot handle.
public struct CairoError: Error, Equatable, CustomStringConvertible {
    /// What was being done.
    public let operation: String
    /// Cairo's `cairo_status_t`.
    public let status: UInt32
    /// Cairo's text for it.
    public let message: String

    /// A sentence for the user.
    public var description: String { "\(operation) failed (Cairo: \(message), status \(status))" }
}
