import Figures
import ImageDatasets
import RasterImages
import TensorFiles

extension LayoutFigure {
    /// The longer side of a printed thumbnail, in pixels.
    private static let longestSide = 160

    /// Reads the images of the points that have room to be shown as such. Does nothing if none are requested.
    ///
    /// Throws `InputError.unusable` if there are no images or none for a point's id, and what reading them throws.
    func showThumbnails(in figure: inout Figure, _ ids: SampleIDs) throws {
        if content.thumbnails == 0 { return }
        guard let images else {
            throw InputError.unusable(
                path: ids.path, problem: "--thumbnails needs images; name their folder with --data")
        }
        for row in figure.rows.indices {
            for column in figure.rows[row].panels.indices {
                figure.rows[row].panels[column].thumbnailLimit = content.thumbnails
            }
        }
        let samples = Dictionary(
            try images.dataset.samples.map { (ExactText($0.id), $0) }, uniquingKeysWith: { first, _ in first })
        var choices = try figure.thumbnailChoices()[...]
        var read: [Int: Thumbnail] = [:]
        for row in figure.rows.indices {
            for column in figure.rows[row].panels.indices {
                for point in choices.popFirst() ?? [] {
                    let thumbnail = try read[point] ?? thumbnail(of: ids.ids[point], samples, images)
                    read[point] = thumbnail
                    figure.rows[row].panels[column].thumbnails[point] = thumbnail
                }
            }
        }
    }

    private func thumbnail(
        of id: String, _ samples: [ExactText: Sample], _ images: DatasetSource
    ) throws -> Thumbnail {
        guard let sample = samples[ExactText(id)] else {
            throw InputError.unusable(
                path: images.url.path, problem: "found no image of '\(id.displayed)', which --thumbnails needs")
        }
        var image = try sample.image()
        let longest = max(image.width, image.height)
        if longest > Self.longestSide {
            func shortened(_ side: Int) -> Int { max(1, side * Self.longestSide / longest) }
            image = image.resized(
                width: shortened(image.width), height: shortened(image.height), filter: .antialiased)
        }
        return Thumbnail(pixelWidth: image.width, pixelHeight: image.height, pixels: image.pixels)
    }
}
