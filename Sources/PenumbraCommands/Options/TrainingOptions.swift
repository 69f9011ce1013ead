import PenumbraRuns
import ArgumentParser
import Parameters
import Training

/// The network, and how it is trained.
struct TrainingOptions: ParsableArguments {
    typealias Setting = ParameterSetting<TrainingParameters>

    @Option(\.architecture, help: "The network.")
    var backbone: Setting?

    @Option(
        \.head, help: "plain (dropout, dense layer) or large (two further dense layers, with batch normalisation).")
    var head: Setting?

    @Option(
        \.imageSize, help: "Side in pixels to which images are scaled, at least 32.",
        default: "224; with --upsample, that many times the longer side of the first image")
    var imageSize: Setting?

    @Option(
        \.resize,
        help: """
            How images are resized: antialias (as torchvision and Pillow do) or bilinear (without a wider filter when \
            shrinking, as torch's interpolate and tf.image.resize do).
            """)
    var resize: Setting?

    @Option(\.upsample, help: "Enlarge images by this factor first, bilinearly (8 for CIFAR-10's 32 pixels).")
    var upsample: Setting?

    @Option(\.epochs, help: "Passes over the training images.")
    var epochs: Setting?

    @Option(\.batchSize, help: "Images per step.")
    var batchSize: Setting?

    @Option(
        \.accumulation, help: "Number of parts in which each batch is processed.", default: "as few as fit in memory")
    var accumulate: Setting?

    @Option(
        \.shards,
        help: """
            Cut each batch into this many fixed pieces and add their sums in order: the same bytes for any number of threads.
            """, default: "one piece per thread, and bytes that depend on --threads")
    var shards: Setting?

    @Option(
        \.batchNorm,
        help: """
            If several processes share a batch: normalise over all of it (global, the same result as one process) or \
            each over its own images (local, as in PyTorch's DDP).
            """)
    var batchNorm: Setting?

    @Option(\.optimizer, help: "sgdw (momentum, decoupled weight decay), sgd or adam, both as in PyTorch.")
    var optimizer: Setting?

    @Option(
        \.learningRate, help: "Learning rate of the first step.",
        default: "0.02; 0.1 with --pretrained; 0.001 for adam")
    var lr: Setting?

    @Option(
        \.schedule,
        help: """
            cosine (half a cosine to 0), restarts (over a fifth of the steps, then again, each twice as long) or steps \
            (divided by 10 after each of --milestones).
            """)
    var schedule: Setting?

    @Option(\.milestones, help: "For --schedule steps: epochs after which the rate is divided by 10, such as 100,150.")
    var milestones: Setting?

    @Option(\.momentum, help: "Share of the velocity that each step keeps (adam's first beta).")
    var momentum: Setting?

    @Option(\.weightDecay, help: "Weight decay; with sgdw it is proportional to the learning rate.")
    var weightDecay: Setting?

    @Flag(help: "Weight each class by its rarity among the training labels.")
    var classWeights = false

    @Option(\.labelSmoothing, help: "Share of each target that is spread evenly over all classes.")
    var labelSmoothing: Setting?

    @Option(
        \.dropout, help: "Share of features dropped before the classifier.", default: "0; 0.5 with --pretrained")
    var dropout: Setting?

    @Flag(inversion: .prefixedNo, help: "Flip, rotate, zoom and crop the training images at random.")
    var augment = true

    @Option(
        \.orientation,
        help: "any (flips and quarter turns, as for microscopy) or upright (left-right flips only, for photographs).")
    var orientation: Setting?

    @Option(
        \.zoom,
        help:
            "Smallest side of the random square crop, as a share of the image; crops are enlarged to full size; 1 for none."
    )
    var zoom: Setting?

    @Option(
        \.cropPadding,
        help: "Pad training images by this many black pixels on each side and crop at random (4 for CIFAR-10).")
    var cropPadding: Setting?

    @Option(
        \.mixup,
        help: "Mix each batch with itself in a different order, with a weight from Beta(ALPHA, ALPHA); 0 for none.")
    var mixup: Setting?

    @Option(
        \.batchNormMomentum, help: "How far running statistics move with each batch.",
        default: "0.1; with --pretrained, as in the program that made the weights (0.01 for Keras)")
    var batchNormMomentum: Setting?

    @Option(\.backboneRate, help: "Learning rate of all weights but the classifier's, as a share of --lr.")
    var backboneRate: Setting?

    @Option(
        \.frozenEpochs,
        help: "Number of epochs at the start in which only the classifier learns; running statistics still move.")
    var freezeBackbone: Setting?

    @Option(\.keep, help: "Epoch whose checkpoint is kept: last, or best (lowest KL on the validation images).")
    var keep: Setting?

    @Option(
        \.split,
        help:
            "Folds for training, validation and test: a split from 1 to 5, or all to train on every image without validation."
    )
    var split: Setting?
}
