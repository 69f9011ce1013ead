import Backbones
import ImageDatasets
import NeuralNetwork
import RasterImages

/// Which images a checkpoint's features are computed for, how the images are scaled, and which layers' outputs are the
/// features.
package struct ExtractionChoice: Sendable {
    /// Determines which images are for training, validation and testing.
    var split: Split
    /// Nil takes all samples.
    var subset: Subset?
    /// Nil for the network's training value; likewise for the three below.
    var imageSize: Int?
    var resize: ResizeFilter?
    var upsample: Int?
    var normalization: ChannelNormalization?
    /// Whether photographs are rotated upright.
    var exif: EXIFUse
    /// The precision of the network's convolutions.
    var precision: Precision
    /// The layers by `Embedding.Output.name`, in the order of the outputs.
    package var layers: [String]

    package init(
        split: Split, subset: Subset?, imageSize: Int? = nil, resize: ResizeFilter? = nil, upsample: Int? = nil,
        normalization: ChannelNormalization? = nil, exif: EXIFUse = .apply, precision: Precision = .float32,
        layers: [String] = [Embedding.Output.features]
    ) {
        self.split = split
        self.subset = subset
        self.imageSize = imageSize
        self.resize = resize
        self.upsample = upsample
        self.normalization = normalization
        self.exif = exif
        self.precision = precision
        self.layers = layers
    }

    /// The equivalent options of `embed`.
    var words: [String] {
        var words = ["--subset", subset?.rawValue ?? "all", "--split", "\(split)"]
        if let imageSize { words += ["--image-size", "\(imageSize)"] }
        if let resize { words += ["--resize", resize.rawValue] }
        if let upsample { words += ["--upsample", "\(upsample)"] }
        if let normalization {
            func list(_ numbers: [Float]) -> String { numbers.map { "\($0)" }.joined(separator: ",") }
            words += ["--mean=" + list(normalization.mean), "--std", list(normalization.deviation)]
        }
        if exif != .apply { words += ["--exif", exif.rawValue] }
        if precision != .float32 { words += ["--precision", precision.rawValue] }
        if layers != [Embedding.Output.features] { words += layers.flatMap { ["--layer", $0] } }
        return words
    }
}
