import Figures
import ImageDatasets
import TerminalProgress

/// Pictures of samples in one sheet.
package enum SampleThumbnails {
    /// A cell for each sample, with a picture unless it is nil; without any pictures if there are too many samples for the
    /// sheet. Nil if no sample has one.
    ///
    /// Throws `Interruption`, which states what is `kept`, and what reading the images throws.
    package static func sheet(
        of samples: [Sample?], for use: ThumbnailSheet.Use, progress: ProgressOutput, kept: String
    ) throws -> ThumbnailSheet? {
        let found = samples.enumerated().compactMap { index, sample in sample.map { (index, $0) } }
        if found.isEmpty { return nil }
        let size = try found[0].1.imageSize()
        var sheet = ThumbnailSheet(count: samples.count, imageSide: max(size.width, size.height), for: use)
        if sheet.side == 0 { return sheet }
        let display = ProgressDisplay("thumbnails", total: found.count, unit: "images", to: progress)
        for (done, (index, sample)) in found.enumerated() {
            let image = try sample.image()
            sheet.set(index, pixelWidth: image.width, pixelHeight: image.height, rgb: image.pixels)
            display.update(done + 1)
            try Interruption.check(kept: kept)
        }
        display.end()
        return sheet
    }
}
