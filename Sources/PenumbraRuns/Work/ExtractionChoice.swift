import Backbones
import ImageDatasets
import NeuralNetwork
import RasterImages

/// Which images a checkpoint's features are taken of, how they are scaled, and which layer's outputs they are.
package struct ExtractionChoice: Sendable {
    /// Decides what is training, validation and test.
    var split: Split
    /// Nil takes all samples.
    var subset: Subset?
    /// Nil takes what the network was trained with; so do the three below.
    var imageSize: Int?
    var resize: ResizeFilter?
    var upsample: Int?
    var normalization: ChannelNormalization?
    var exif: EXIFUse
    var precision: Precision
    /// The stage's name, or that of the head's input.
    var layer: String

    package init(
        split: Split, subset: Subset?, imageSize: Int? = nil, resize: ResizeFilter? = nil, upsample: Int? = nil,
        normalization: ChannelNormalization? = nil, exif: EXIFUse = .apply, precision: Precision = .float32,
        layer: String? = nil
    ) {
        self.split = split
        self.subset = subset
        self.imageSize = imageSize
        self.resize = resize
        self.upsample = upsample
        self.normalization = normalization
        self.exif = exif
        self.precision = precision
        self.layer = layer ?? Embedding.Output.features
    }

    /// The extraction of `weights`' features. `note` hears what was taken from the checkpoint.
    func embedding(_ weights: WeightSource, _ source: DatasetSource, note: @escaping (String) -> Void) -> Embedding {
        var embedding = Embedding(
            weights: weights, source: source, split: split, subset: subset, imageSize: imageSize, resize: resize,
            upsample: upsample, normalization: normalization, precision: precision, note: note)
        embedding.exif = exif
        embedding.layers = [layer]
        return embedding
    }

    /// The options of `embed` that say all of it.
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
        if layer != Embedding.Output.features { words += ["--layer", layer] }
        return words
    }
}
