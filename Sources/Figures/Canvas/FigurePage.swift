import Foundation
import Numerics
import RasterImages

/// The page of a figure or a chart: its size, its paper, and its file.
struct FigurePage {
    /// In points.
    let size: CGSize
    let style: FigureStyle
    /// The title of the document, shown by viewers; not drawn.
    let title: String

    /// The colour of the paper, as the figure shows it.
    private var paper: Colour { style.vision?.seen(style.theme.paper) ?? style.theme.paper }

    /// The bytes of an SVG or a PDF. Throws `drawing` if Cairo cannot hold the picture, and what `draw` throws.
    func vectorData(
        as format: FigureFormat, draw: (any Canvas) throws(FigureError) -> Void
    ) throws(FigureError) -> Data {
        if format == .svg {
            let canvas = try SVGCanvas(size: size, paper: paper, text: style.svgText)
            try draw(canvas)
            return canvas.document(title: title)
        }
        let surface: CairoSurface
        do throws(CairoError) {
            surface = try CairoSurface(pdfWidth: size.width, pdfHeight: size.height)
        } catch {
            throw FigureError(error)
        }
        surface.setTitle(title)
        let canvas = CairoCanvas(surface, scale: 1)
        if paper != .white { canvas.fill(CGRect(origin: .zero, size: size), paper) }
        try draw(canvas)
        do throws(CairoError) { return try surface.finishedPDF() } catch { throw FigureError(error) }
    }

    /// The page in pixels, at the style's resolution. Throws likewise.
    func raster(
        threads: ThreadCount, draw: (any Canvas) throws(FigureError) -> Void
    ) throws(FigureError) -> RasterImage {
        let (width, height) = (size.width, size.height)
        let scale = style.dotsPerInch / 72
        let image = try RasterImage(
            pixelWidth: Int((width * scale).rounded()), pixelHeight: Int((height * scale).rounded(.up)), isOpaque: true)
        let canvas = CairoCanvas(image.surface, scale: scale, threads: threads)
        // An opaque image starts white.
        if paper != .white { canvas.fill(CGRect(x: 0, y: 0, width: width, height: height + 1), paper) }
        try draw(canvas)
        return image
    }
}
