import ArgumentParser
import ImageDatasets
import PenumbraRuns
import RasterImages
import Training

extension ResizeFilter: ExpressibleByArgument {}

/// The images for which a checkpoint's features are computed, and their size.
struct ExtractionOptions: ParsableArguments {
    /// Which samples are used.
    enum Choice: String, ExpressibleByArgument, CaseIterable {
        case test, val, train, all

        var subset: Subset? { Subset(rawValue: rawValue) }
    }

    @Option(help: "Samples to extract.")
    var subset = Choice.test

    @Option(in: TrainingParameters.splits, help: "Split of the folds into training, validation and test, 1 to 5.")
    var split = 1

    @Option(
        in: TrainingParameters.imageSizes,
        help: "Side in pixels to scale images to (default: as in training, otherwise 224, or 32 with a CIFAR stem).")
    var imageSize: Int?

    @Option(help: "How to resize images: antialias or bilinear (default: as in training).")
    var resize: ResizeFilter?

    @Option(
        in: TrainingParameters.upsamplings,
        help: "Enlarge images by this factor first, bilinearly (default: as in training).")
    var upsample: Int?

    /// The options that were given.
    var given: [String] {
        [
            ("--subset", subset != .test), ("--split", split != 1), ("--image-size", imageSize != nil),
            ("--resize", resize != nil), ("--upsample", upsample != nil),
        ].filter(\.1).map(\.0)
    }

    /// The extraction given by all these options. Throws `ValidationError` and `PrecisionError`.
    func choice(_ pixels: PixelOptions, _ precision: PrecisionOptions, layers: [String]) throws -> ExtractionChoice {
        ExtractionChoice(
            split: try Split(slice: split), subset: subset.subset, imageSize: imageSize, resize: resize,
            upsample: upsample, normalization: try pixels.normalization(), exif: pixels.exif,
            precision: try precision.checked(), layers: layers)
    }
}
