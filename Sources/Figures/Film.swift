import Numerics
import Foundation
import RasterImages
import TensorFiles

/// A sequence of figures in an animated WebP, which browsers and presentation programs play.
///
/// The same figures give the same bytes each time, provided that the fonts and libraries are the same.
public struct Film: Sendable {
    /// The number of figures, at least 1.
    public var count: Int
    /// The total time for which all figures except the last are shown, in seconds.
    public var seconds = 8.0
    /// The time for which the last figure is shown, in seconds; then the film starts again.
    public var secondsAtEnd = 2.0
    /// From 0 to 100, on the scale of libwebp's lossy compression.
    public var quality: Float = 88

    /// A film of `count` figures. Traps unless there is at least one.
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

    /// Throws `unknownFilmExtension` unless `url` has the extension of the only film format.
    public static func checkExtension(of url: URL) throws(FigureError) {
        if url.pathExtension.lowercased() != "webp" {
            throw .unknownFilmExtension(file: url.path, found: url.pathExtension)
        }
    }

    /// Draws the figures, which `figure` returns by number from 0, and writes the film whole or not at all.
    ///
    /// All get the size of the last one: shorter figures are padded with paper, and taller ones are cropped. The last is
    /// therefore requested twice. Throws `FigureError`, `FileWriteError`, or what `figure` throws.
    /// - Complexity: O(count · (points + pixels)); the pixels of one figure are in memory at a time, and the file.
    public func write(to url: URL, figure: (Int) throws -> Figure) throws {
        try Self.checkExtension(of: url)
        let last = try figure(count - 1).raster(threads: .available)
        let times = timestamps
        let encoder: WebPFilmEncoder
        do {
            encoder = try WebPFilmEncoder(width: last.pixelWidth, height: last.pixelHeight, quality: quality)
        } catch { throw Self.failure(error) }
        for index in 0..<count {
            let image = index == count - 1 ? last : try figure(index).raster(threads: .available)
            do { try encoder.append(image.surface, at: times[index]) } catch { throw Self.failure(error) }
        }
        let film: Data
        do { film = try encoder.finished(at: times[count]) } catch { throw Self.failure(error) }
        try AtomicFile.write(film, to: url)
    }

    private static func failure(_ error: WebPEncoderError) -> FigureError {
        .drawing(operation: "writing a film", message: error.description)
    }
}
