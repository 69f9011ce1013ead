import Determinism

/// Puts a network's layers together in the order in which they run.
///
/// Maps are N, C, H, W. A layer that takes several maps takes their concatenation along the channels, which is never
/// stored. Channels are multiples of 16, as in all the networks this is for.
public struct NetworkBuilder {
    let plan: LayerPlan
    let images: ImageInput
    let kernels: BlockedKernels
    private(set) var layers: [any Layer] = []
    private(set) var maps: [FeatureMap] = []
    private(set) var features: FeatureOutput?
    private(set) var classifier: SoftmaxClassifier?

    /// What batch normalisation adds to variances, PyTorch's default.
    private let epsilon: Float = 1e-5
    /// How far running statistics move with each batch, PyTorch's default.
    private let momentum: Float = 0.1

    init(plan: LayerPlan, images: ImageInput) {
        self.plan = plan
        self.images = images
        kernels = BlockedKernels(lanes: plan.engine.lanes)
    }

    /// A convolution of the images, without bias.
    public mutating func convolveImages(
        _ name: String, outputs: Int, kernel: Int, stride: Int, padding: Int
    ) -> FeatureMap {
        precondition(layers.isEmpty, "the images are convolved first, and once")
        precondition(images.channels < plan.engine.lanes, "images have fewer channels than a block")
        let shape = ConvolutionShape(
            inputChannels: images.channels, outputChannels: outputs, inputHeight: images.height,
            inputWidth: images.width, kernel: kernel, stride: stride, padding: padding)
        let maker = makeMap(outputs, shape.outputHeight, shape.outputWidth)
        layers.append(StemConvolution(name: name, images, shape, maker))
        return maker.map
    }

    /// Batch normalisation, ReLU and a convolution without bias, `halving` the maps in between by 2 × 2 averages where
    /// that is asked for.
    public mutating func normalizeRectifyConvolve(
        _ inputs: [FeatureMap], normalization: String, convolution: String, outputs: Int, kernel: Int,
        padding: Int = 0, halving: Bool = false
    ) -> FeatureMap {
        let normalization = read(inputs, normalization)
        let shape = ConvolutionShape(
            inputChannels: normalization.channels, outputChannels: outputs,
            inputHeight: halving ? inputs[0].height / 2 : inputs[0].height,
            inputWidth: halving ? inputs[0].width / 2 : inputs[0].width, kernel: kernel, stride: 1, padding: padding)
        let maker = makeMap(outputs, shape.outputHeight, shape.outputWidth)
        layers.append(
            PreactivationConvolution(
                name: convolution, index: layers.count, normalization, pools: halving,
                Convolution(name: convolution, shape), maker, kernels))
        return maker.map
    }

    /// Batch normalisation, ReLU and the maxima of 3 × 3 squares at a stride of 2.
    public mutating func normalizeRectifyMaxPool(_ input: FeatureMap, normalization name: String) -> FeatureMap {
        let normalization = read([input], name)
        let maker = makeMap(input.channels, (input.height - 1) / 2 + 1, (input.width - 1) / 2 + 1)
        layers.append(PreactivationMaxPool(name: name, index: layers.count, normalization, maker, kernels))
        return maker.map
    }

    /// Batch normalisation, ReLU and the mean over all positions: the features.
    public mutating func normalizeRectifyAverage(_ inputs: [FeatureMap], normalization name: String) {
        let normalization = read(inputs, name)
        let features = FeatureOutput(
            channels: normalization.channels, batch: plan.batch, trains: plan.trains)
        self.features = features
        layers.append(PreactivationGlobalAverage(name: name, index: layers.count, normalization, features, kernels))
    }

    /// Dropout, a dense layer with bias and softmax over `classes` classes.
    public mutating func classify(_ name: String, classes: Int) {
        precondition(features != nil, "a classifier reads features: average the maps first")
        classifier = SoftmaxClassifier(
            name: name, features!, classes: classes, batch: plan.batch, trains: plan.trains)
    }

    private mutating func makeMap(_ channels: Int, _ height: Int, _ width: Int) -> MapMaker {
        precondition(channels % 16 == 0, "a map's channels come in blocks of 16")
        let map = FeatureMap(channels: channels, height: height, width: width)
        map.maker = layers.count
        maps.append(map)
        return MapMaker(map, epsilon: epsilon, threads: plan.threads, kernels)
    }

    private mutating func read(_ inputs: [FeatureMap], _ name: String) -> BatchNormalization {
        let (height, width) = (inputs[0].height, inputs[0].width)
        precondition(inputs.allSatisfy { $0.height == height && $0.width == width }, "maps of one size")
        for map in inputs {
            precondition(map.readers.last != layers.count, "a map appears once in a concatenation")
            map.readers.append(layers.count)
        }
        return BatchNormalization(
            name: name, inputs, epsilon: epsilon, momentum: momentum, threads: plan.threads, kernels)
    }
}
