import CWebP
import Numerics
import Foundation
import RasterImages
import TensorFiles

/// Figures one after another in an animated WebP, which browsers and presentation programs play.
///
/// The same figures give the same bytes each time, as long as the same fonts and libraries are there.
public struct Film: Sendable {
    /// How many figures there are, at least 1.
    public var count: Int
    /// How long all figures but the last are shown together, in seconds.
    public var seconds = 8.0
    /// How long the last figure stays, in seconds; then the film begins again.
    public var secondsAtEnd = 2.0
    /// From 0 to 100, as libwebp's lossy compression counts it.
    public var quality: Float = 88

    /// A film of `count` figures. Traps unless there is one.
    public init(count: Int) {
        precondition(count > 0, "a film has a figure")
        self.count = count
    }

    /// When each figure appears, in milliseconds, and when the film ends.
    var timestamps: [Int32] {
        let last = (seconds * 1000).rounded()
        let starts = (0..<count).map { index in
            count == 1 ? 0 : Int32((Double(index) * last / Double(count - 1)).rounded())
        }
        return starts + [starts.last! + Int32((secondsAtEnd * 1000).rounded())]
    }

    /// Throws `unknownFilmExtension` unless `url` names a file of the one format there is.
    public static func checkExtension(of url: URL) throws(FigureError) {
        if url.pathExtension.lowercased() != "webp" {
            throw .unknownFilmExtension(file: url.path, found: url.pathExtension)
        }
    }

    /// Draws the figures, which `figure` gives by their numbers from 0, and writes the film whole or not at all.
    ///
    /// All have the size of the last one: what is lower is filled up with paper, what is higher is cut off. The last is
    /// therefore asked for twice. Throws `FigureError`, `FileWriteError`, or what `figure` throws.
    /// - Complexity: O(count · (points + pixels)); one figure's pixels are in memory at a time, and the file.
    public func write(to url: URL, figure: (Int) throws -> Figure) throws {
        try Self.checkExtension(of: url)
        let last = try figure(count - 1).raster(threads: .available)
        let encoder = try FilmEncoder(width: last.pixelWidth, height: last.pixelHeight, quality: quality)
        let times = timestamps
        for index in 0..<count {
            let image = index == count - 1 ? last : try figure(index).raster(threads: .available)
            try encoder.append(image, at: times[index])
        }
        try AtomicFile.write(encoder.finished(at: times[count]), to: url)
    }
}

/// The owner of libwebp's encoder of animations.
private final class FilmEncoder {
    private let encoder: OpaquePointer
    private var config = WebPConfig()
    private var picture = WebPPicture()
    private static let operation = "writing a film"

    /// For pictures of that size, in pixels.
    init(width: Int, height: Int, quality: Float) throws(FigureError) {
        var options = WebPAnimEncoderOptions()
        guard WebPAnimEncoderOptionsInit(&options) != 0, WebPConfigPreset(&config, WEBP_PRESET_DRAWING, quality) != 0,
            WebPPictureInit(&picture) != 0
        else { throw .drawing(operation: Self.operation, message: "libwebp is of another version") }
        // Letters and thin outlines keep their colours; whole frames now and then let players seek.
        config.use_sharp_yuv = 1
        config.thread_level = 1
        options.kmin = 9
        options.kmax = 17
        guard let encoder = WebPAnimEncoderNew(Int32(clamping: width), Int32(clamping: height), &options) else {
            throw .drawing(
                operation: Self.operation, message: "libwebp makes no film of \(width) x \(height) pixels")
        }
        self.encoder = encoder
        picture.use_argb = 1
        picture.width = Int32(clamping: width)
        picture.height = Int32(clamping: height)
        if WebPPictureAlloc(&picture) == 0 {
            WebPAnimEncoderDelete(encoder)
            throw .drawing(operation: Self.operation, message: "there is no memory for \(width) x \(height) pixels")
        }
    }

    deinit {
        WebPPictureFree(&picture)
        WebPAnimEncoderDelete(encoder)
    }

    /// Adds a picture that is shown from `milliseconds` on, which grow from one to the next.
    func append(_ image: RasterImage, at milliseconds: Int32) throws(FigureError) {
        let (width, height) = (Int(picture.width), Int(picture.height))
        image.surface.withPixels { pixels, stride, columns, rows in
            let paper = pixels[(rows.count - 1) * stride] | 0xFF00_0000
            for row in 0..<height {
                let line = picture.argb + row * Int(picture.argb_stride)
                for column in 0..<width {
                    let isThere = row < rows.count && column < columns.count
                    line[column] = isThere ? pixels[row * stride + column] | 0xFF00_0000 : paper
                }
            }
        }
        if WebPAnimEncoderAdd(encoder, &picture, milliseconds, &config) == 0 { throw failure }
    }

    /// The file, whose last picture ends at `milliseconds`. Nothing can be added afterwards.
    func finished(at milliseconds: Int32) throws(FigureError) -> Data {
        var data = WebPData()
        WebPDataInit(&data)
        defer { WebPDataClear(&data) }
        guard WebPAnimEncoderAdd(encoder, nil, milliseconds, nil) != 0,
            WebPAnimEncoderAssemble(encoder, &data) != 0, let bytes = data.bytes
        else { throw failure }
        return Data(bytes: bytes, count: data.size)
    }

    private var failure: FigureError {
        .drawing(operation: Self.operation, message: String(cString: WebPAnimEncoderGetError(encoder)))
    }
}
