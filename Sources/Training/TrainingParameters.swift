import Backbones
import ImageDatasets
import LabelDistributions
import NeuralNetwork
import RasterImages

/// Everything that decides what a training run computes, beside the data and the number of threads.
public struct TrainingParameters: Sendable, Equatable, Codable {
    /// The network.
    public var architecture: Architecture
    /// What stands between features and classes.
    public var head: HeadKind
    /// What the network is trained on.
    public var labels: LabelKind
    /// Whether quantized labels are drawn anew in each epoch.
    public var resamples: Bool
    /// How many annotations of each training image are known; nil for all.
    public var annotations: Int?
    /// How many of the split's training images there are; nil for all.
    public var trainingImages: Int?
    /// What is minimised.
    public var loss: LossKind
    /// Of each class, the share of images labelled otherwise that truly belong to it (ρₖ of `LossKind.cpu`); nil estimates
    /// them from the annotations that are known.
    public var hiddenShares: [Double]?
    /// Which folds train, validate and test: a slice from 1 to 5.
    public var split: Int
    /// The side in pixels to which images are scaled.
    public var imageSize: Int
    /// How images of another size are resized.
    public var resize: ResizeFilter
    /// The factor by which images are enlarged before that; 1 leaves them as they are.
    public var upsample: Int
    /// Passes over the training images.
    public var epochs: Int
    /// Samples in a step; the last step of an epoch takes what is left.
    public var batchSize: Int
    /// In how many parts a batch is worked off, each with its own statistics, and their gradients added up; nil for as
    /// few as the memory holds.
    public var accumulation: Int?
    /// How weights follow their gradients.
    public var optimizer: Optimizer
    /// The learning rate at the first step.
    public var learningRate: Double
    /// How the learning rate goes from there.
    public var schedule: LearningRateSchedule
    /// The share of the velocity that each step keeps.
    public var momentum: Double
    /// The share of each weight that the first step takes away, which then goes as the learning rate; for optimisers whose
    /// decay is a part of the gradient, what each weight's gradient gets of the weight.
    public var weightDecay: Double
    /// Whether each class is weighted by n / (K · nₖ), with n samples, K classes and nₖ samples (or mass) of the class.
    public var weighsClasses: Bool
    /// The share of each target that goes to all classes alike.
    public var labelSmoothing: Double
    /// The probability with which a feature is dropped before the classifier.
    public var dropout: Double
    /// Whether images are flipped, turned by quarters and zoomed (never recoloured).
    public var augments: Bool
    /// What the network's convolutions multiply, in training and in validation.
    public var precision: Precision
    /// Decides the first weights, the order of samples, augmentation and dropout.
    public var seed: UInt64
    /// The SHA-256 digest of the checkpoint that the weights came from, or nil where they start anew.
    public var pretrained: String?

    /// The defaults for training from scratch.
    public init(
        architecture: Architecture = .densenet121, head: HeadKind = .plain, labels: LabelKind,
        resamples: Bool = false, annotations: Int? = nil, trainingImages: Int? = nil, loss: LossKind = .crossEntropy,
        hiddenShares: [Double]? = nil, split: Int = 1,
        imageSize: Int = 224, resize: ResizeFilter = .antialiased, upsample: Int = 1, epochs: Int = 60,
        batchSize: Int = 128, accumulation: Int? = nil, optimizer: Optimizer = .sgdw, learningRate: Double = 0.02,
        schedule: LearningRateSchedule = .cosine, momentum: Double = 0.9, weightDecay: Double = 5e-4,
        weighsClasses: Bool = false, labelSmoothing: Double = 0, dropout: Double = 0, augments: Bool = true,
        precision: Precision = .float32, seed: UInt64 = 0, pretrained: String? = nil
    ) {
        self.architecture = architecture
        self.head = head
        self.labels = labels
        self.resamples = resamples
        self.annotations = annotations
        self.trainingImages = trainingImages
        self.loss = loss
        self.hiddenShares = hiddenShares
        self.split = split
        self.imageSize = imageSize
        self.resize = resize
        self.upsample = upsample
        self.epochs = epochs
        self.batchSize = batchSize
        self.accumulation = accumulation
        self.optimizer = optimizer
        self.learningRate = learningRate
        self.schedule = schedule
        self.momentum = momentum
        self.weightDecay = weightDecay
        self.weighsClasses = weighsClasses
        self.labelSmoothing = labelSmoothing
        self.dropout = dropout
        self.augments = augments
        self.precision = precision
        self.seed = seed
        self.pretrained = pretrained
    }

    /// Throws the first parameter that is out of its range.
    public func validate() throws(TrainingError) {
        func check(_ holds: Bool, _ name: String, _ found: Any, _ expected: String) throws(TrainingError) {
            if !holds { throw .badParameter(name: name, found: "\(found)", expected: expected) }
        }
        try check((1...5).contains(split), "split", split, "a slice from 1 to 5")
        try check((1...64).contains(upsample), "upsampling", upsample, "a factor from 1 to 64")
        let sizes = Architecture.imageSizes
        try check(
            sizes.contains(imageSize), "image size", imageSize, "\(sizes.lowerBound) to \(sizes.upperBound) pixels")
        try check((1...1_000_000).contains(epochs), "epochs", epochs, "at least 1")
        try check((1...65_536).contains(batchSize), "batch size", batchSize, "at least 1")
        if let accumulation {
            try check(
                (1...batchSize).contains(accumulation), "accumulation", accumulation,
                "1 to \(batchSize), the batch size")
        }
        try check((0..<1).contains(labelSmoothing), "label smoothing", labelSmoothing, "a number in 0..<1")
        try check(learningRate > 0 && learningRate.isFinite, "learning rate", learningRate, "a number above 0")
        try check((0..<1).contains(momentum), "momentum", momentum, "a number in 0..<1")
        try check((0..<1).contains(weightDecay), "weight decay", weightDecay, "a number in 0..<1")
        try check((0..<1).contains(dropout), "dropout", dropout, "a probability below 1")
        try validateLabels(check)
    }

    private func validateLabels(
        _ check: (_ holds: Bool, _ name: String, _ found: Any, _ expected: String) throws(TrainingError) -> Void
    ) throws(TrainingError) {
        try check(!resamples || labels == .quantized, "kind of labels", labels.rawValue, "quantized, to be drawn anew")
        if let annotations {
            try check((1...1000).contains(annotations), "number of annotations", annotations, "1 to 1000")
        }
        if let trainingImages {
            try check(trainingImages >= 1, "number of training images", trainingImages, "at least 1")
        }
        switch loss {
        case .crossEntropy:
            try check(hiddenShares == nil, "loss", loss.rawValue, "cpu, where priors are given")
        case .cpu:
            try check(labels.namesOneClass, "kind of labels", labels.rawValue, "hard or quantized, with the loss cpu")
            try check(labelSmoothing == 0, "label smoothing", labelSmoothing, "0, with the loss cpu")
            try check(!weighsClasses, "class weighting", "on", "off, with the loss cpu")
            for share in hiddenShares ?? [] {
                try check((0..<1).contains(share), "prior", share, "a share in 0..<1")
            }
        }
    }
}

extension TrainingParameters {
    /// What the program of today takes from a record that an older one wrote: a parameter that there was not yet has the
    /// value that then held for all.
    public init(from decoder: any Decoder) throws {
        let record = try decoder.container(keyedBy: CodingKeys.self)
        func value<Value: Decodable>(_ key: CodingKeys) throws -> Value { try record.decode(Value.self, forKey: key) }
        func optional<Value: Decodable>(_ key: CodingKeys) throws -> Value? {
            try record.decodeIfPresent(Value.self, forKey: key)
        }
        self.init(
            architecture: try value(.architecture), head: try value(.head), labels: try value(.labels),
            resamples: try optional(.resamples) ?? false, annotations: try optional(.annotations),
            trainingImages: try optional(.trainingImages), loss: try optional(.loss) ?? .crossEntropy,
            hiddenShares: try optional(.hiddenShares), split: try value(.split), imageSize: try value(.imageSize),
            resize: try value(.resize), upsample: try value(.upsample), epochs: try value(.epochs),
            batchSize: try value(.batchSize), accumulation: try optional(.accumulation),
            optimizer: try value(.optimizer), learningRate: try value(.learningRate), schedule: try value(.schedule),
            momentum: try value(.momentum), weightDecay: try value(.weightDecay),
            weighsClasses: try value(.weighsClasses), labelSmoothing: try value(.labelSmoothing),
            dropout: try value(.dropout), augments: try value(.augments),
            precision: try optional(.precision) ?? .float32, seed: try value(.seed),
            pretrained: try optional(.pretrained))
    }
}

extension LabelKind: Codable {}
