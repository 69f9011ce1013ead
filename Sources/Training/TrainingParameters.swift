import Backbones
import ImageDatasets
import LabelDistributions
import NeuralNetwork
import Parameters
import RasterImages

/// Everything that decides what a training computes, apart from the data and the number of threads.
public struct TrainingParameters: ParameterSet {
    /// The network.
    public var architecture = Architecture.densenet121
    /// The layers between features and classes.
    public var head = HeadKind.plain
    /// What the network is trained on.
    public var labels: LabelKind
    /// Whether quantized labels are redrawn in each epoch.
    public var resamples = false
    /// How many annotations of each training image are known; nil for all.
    public var annotations: Int?
    /// How many of the split's training images there are; nil for all.
    public var trainingImages: Int?
    /// What is minimised.
    public var loss = LossKind.crossEntropy
    /// π₁ and π₂ of `LossKind.cpu` (`ClasswiseRisk`); nil for `defaultPriors`.
    public var cpuPriors: [Double]?
    /// Which samples train, validate and test.
    public var split = Split.slice(1)
    /// The side in pixels to which images are scaled.
    public var imageSize = 224
    /// How images of another size are resized.
    public var resize = ResizeFilter.antialiased
    /// The factor by which images are enlarged before that; 1 leaves them as they are.
    public var upsample = 1
    /// Passes over the training images.
    public var epochs = 60
    /// Samples in a step; the last step of an epoch takes what is left.
    public var batchSize = 128
    /// In how many parts a batch is processed, each with its own statistics, and their gradients added up; nil for as
    /// few as the memory holds.
    public var accumulation: Int?
    /// Into how many fixed pieces each batch is cut, whose sums are added in their order, so that the bytes do not depend
    /// on the number of threads; nil for one piece per thread.
    public var shards: Int?
    /// Over which images batch normalisation takes its statistics where several processes share a batch.
    public var batchNorm = BatchNormScope.global
    /// How weights follow their gradients.
    public var optimizer = Optimizer.sgdw
    /// The learning rate at the first step.
    public var learningRate = 0.02
    /// How the learning rate goes from there.
    public var schedule = LearningRateSchedule.cosine
    /// After which epochs the rate is a tenth of what it was, with the schedule `steps`.
    public var milestones: Milestones?
    /// The share of the velocity that each step keeps.
    public var momentum = 0.9
    /// The share of each weight that the first step takes away, which then goes as the learning rate; for optimisers whose
    /// decay is a part of the gradient, what each weight's gradient gets of the weight.
    public var weightDecay = 5e-4
    /// Whether each class is weighted by n / (K · nₖ), with n samples, K classes and nₖ samples (or mass) of the class.
    public var weighsClasses = false
    /// The share of each target that goes to all classes alike.
    public var labelSmoothing = 0.0
    /// The probability with which a feature is dropped before the classifier.
    public var dropout = 0.0
    /// Whether images are flipped, turned, zoomed and cropped as the next three say (never recoloured).
    public var augments = true
    /// In which orientations images are shown.
    public var orientation = Orientation.any
    /// The least side of the square that is cut out and brought back to full size, as a share of the image's; 1 for none.
    public var zoom = 0.8
    /// By how many pixels training images are padded with black on each side before a square of the former size is cut out
    /// of them at random.
    public var cropPadding = 0
    /// α of mixup (Zhang et al., 2018): each batch is mixed with itself in another order, images and targets, with a weight
    /// of Beta(α, α); 0 for none.
    public var mixup = 0.0
    /// How far running statistics move with each batch; nil for what the network's published weights are used with.
    public var batchNormMomentum: Double?
    /// By how much slower than the classifier all other weights learn: their learning rate is this share of it.
    public var backboneRate = 1.0
    /// For how many epochs, from the first, the classifier learns alone.
    public var frozenEpochs = 0
    /// Which epoch's weights are the checkpoint's.
    public var keep = KeptEpoch.last
    /// What the network's convolutions multiply, in training and in validation.
    public var precision = Precision.float32
    /// Decides the first weights, the order of samples, augmentation and dropout.
    public var seed: UInt64 = 0
    /// The SHA-256 digest of the checkpoint that the weights came from, or nil where training starts from scratch.
    public var pretrained: String?

    /// The defaults for training from scratch; change what should differ.
    public init(labels: LabelKind) { self.labels = labels }

    /// Those of training from scratch; the labels are to be said.
    public static let defaults = TrainingParameters(labels: .hard)

    /// The only place that gives each parameter's names and range.
    public static let parameters: [Parameter<TrainingParameters>] = [
        Parameter("labels", \.labels, "labels", isRequired: true),
        Parameter("architecture", \.architecture, "backbone"),
        Parameter("head", \.head, "head"),
        Parameter("split", \.split, "split", in: splitChoices),
        Parameter("imageSize", \.imageSize, "image-size", in: imageSizes),
        Parameter("resize", \.resize, "resize"),
        Parameter("upsample", \.upsample, "upsample", in: upsamplings),
        Parameter("epochs", \.epochs, "epochs", in: .from(1, to: 1_000_000)),
        Parameter("batchSize", \.batchSize, "batch-size", in: .from(1, to: 65_536)),
        Parameter("accumulation", \.accumulation, "accumulate", in: .from(1, to: 65_536)),
        Parameter("shards", \.shards, "shards", in: .from(1, to: 65_536)),
        Parameter("batchNorm", \.batchNorm, "batch-norm"),
        Parameter("optimizer", \.optimizer, "optimizer"),
        Parameter("learningRate", \.learningRate, "lr", "learning-rate", in: .positive),
        Parameter("schedule", \.schedule, "schedule"),
        Parameter("milestones", \.milestones, "milestones"),
        Parameter("momentum", \.momentum, "momentum", in: .belowOne),
        Parameter("weightDecay", \.weightDecay, "weight-decay", in: .belowOne),
        Parameter("weighsClasses", \.weighsClasses, "class-weights", form: .flag),
        Parameter("labelSmoothing", \.labelSmoothing, "label-smoothing", in: smoothings),
        Parameter("dropout", \.dropout, "dropout", in: .belowOne),
        Parameter("augments", \.augments, "augment", form: .invertedFlag),
        Parameter("orientation", \.orientation, "orientation"),
        Parameter("zoom", \.zoom, "zoom", in: .from(0.01, to: 1)),
        Parameter("cropPadding", \.cropPadding, "crop-padding", in: .from(0, to: 1024)),
        Parameter("mixup", \.mixup, "mixup", in: mixupRange),
        Parameter("batchNormMomentum", \.batchNormMomentum, "batch-norm-momentum", in: momentumRange),
        Parameter("backboneRate", \.backboneRate, "backbone-rate", in: .from(0, to: 1)),
        Parameter("frozenEpochs", \.frozenEpochs, "freeze-backbone", in: .from(0, to: 1_000_000)),
        Parameter("keep", \.keep, "keep"),
        Parameter("resamples", \.resamples, "resample", form: .flag),
        Parameter("annotations", \.annotations, "annotations", in: .from(1, to: 1000)),
        Parameter("trainingImages", \.trainingImages, "training-images", in: .atLeast(1)),
        Parameter("loss", \.loss, "loss"),
        Parameter("cpuPriors", \.cpuPriors, "cpu-priors", in: priors),
        Parameter("precision", \.precision, "precision"),
        Parameter("seed", \.seed, "seed"),
        Parameter("pretrained", \.pretrained, "pretrained", form: .none),
    ]

    /// The splits of five folds.
    public static let splits = ParameterRange<Int>.from(1, to: 5)
    /// The sides that networks take, in pixels.
    public static let imageSizes = ParameterRange<Int>.within(Architecture.imageSizes)
    /// The factors by which images are enlarged.
    public static let upsamplings = ParameterRange<Int>.from(1, to: 64)

    private static let priors = ParameterRange<[Double]>("two numbers from 0 to 1") {
        $0.count == 2 && $0.allSatisfy { (0...1).contains($0) }
    }

    private static let smoothings = ParameterRange<Double>("0, or at least 0.001 and below 1") {
        $0 == 0 || (0.001..<1).contains($0)
    }

    private static let splitChoices = ParameterRange<Split>("1 to 5 or all") { Split($0.description) == $0 }

    private static let mixupRange = ParameterRange<Double>("0, or 0.01 to 1000") {
        $0 == 0 || (0.01...1000).contains($0)
    }

    private static let momentumRange = ParameterRange<Double>("a number above 0 and at most 1") { $0 > 0 && $0 <= 1 }

    /// Throws the first parameter that is out of its range, or that another one forbids.
    public func validate() throws(TrainingError) {
        do { try checkRanges() } catch { throw .badParameter(error) }
        func check(
            _ holds: Bool, _ path: PartialKeyPath<TrainingParameters>, _ expected: String
        ) throws(TrainingError) {
            if holds { return }
            let parameter = Self.parameter(path)
            throw .badParameter(
                ParameterError(
                    option: parameter.option, found: parameter.word(in: self) ?? "not given", expected: expected))
        }
        try check((accumulation ?? 1) <= batchSize, \.accumulation, "1 to \(batchSize), the batch size")
        try check((shards ?? 1) <= batchSize, \.shards, "1 to \(batchSize), the batch size")
        try check(!resamples || labels == .quantized, \.labels, "quantized with --resample")
        try check((schedule == .steps) == (milestones != nil), \.schedule, "steps with --milestones, and only with it")
        try check(
            (milestones?.epochs.last ?? 0) < epochs, \.milestones, "epochs below \(epochs), the number of all epochs")
        try check(augments || cropPadding == 0, \.cropPadding, "0 with --no-augment")
        try check(augments || zoom == Self.defaults.zoom, \.zoom, "no --zoom with --no-augment")
        try check(augments || orientation == .any, \.orientation, "no --orientation with --no-augment")
        try check(mixup == 0 || !loss.needsOneClass, \.mixup, "0 with --loss \(loss.rawValue)")
        try check(keep == .last || split != .all, \.keep, "last with --split all, which leaves no image for validation")
        try check(
            backboneRate > 0, \.backboneRate, "above 0; --freeze-backbone \(epochs) trains only the classifier")
        try check(frozenEpochs <= epochs, \.frozenEpochs, "0 to \(epochs), the number of all epochs")
        try check(loss == .cpu || cpuPriors == nil, \.loss, "cpu with --cpu-priors")
        if loss.needsOneClass {
            let option = "with --loss \(loss.rawValue)"
            try check(labels.namesOneClass, \.labels, "hard or quantized \(option)")
            try check(labelSmoothing == 0, \.labelSmoothing, "0 \(option)")
            try check(!weighsClasses, \.weighsClasses, "false \(option)")
        }
    }
}

extension TrainingParameters {
    /// How batches are cut where that is not left to the number of threads.
    var pieces: BatchPieces? { shards.map { .fixed($0) } }

    /// How training images are changed.
    var augmentation: Augmentation {
        if !augments { return .none }
        return Augmentation(orientation: orientation, zoom: zoom < 1 ? zoom...1 : nil, padding: cropPadding)
    }
}

extension LabelKind: ParameterValue {}
extension KeptEpoch: ParameterValue {}
extension Orientation: ParameterValue {}
extension Split: ParameterValue {
    /// All the words there are.
    public static var words: [String]? { (1...5).map(\.description) + ["all"] }
    /// What is expected of a word.
    public static var expectation: String { "1 to 5 or all" }
}
extension Architecture: ParameterValue {}
extension HeadKind: ParameterValue {}
extension LossKind: ParameterValue {}
extension Optimizer: ParameterValue {}
extension LearningRateSchedule: ParameterValue {}
extension ResizeFilter: ParameterValue {}
extension Precision: ParameterValue {}
