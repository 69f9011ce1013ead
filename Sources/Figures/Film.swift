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
