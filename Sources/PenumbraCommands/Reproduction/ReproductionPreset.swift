import Backbones
import ImageDatasets
import LabelDistributions
import NeuralNetwork
import Training

/// All numbers of a reproduction. The table of presets is the one place where they stand.
struct ReproductionPreset: Sendable, Equatable {
    var name: String
    /// What it is for, in one line.
    var summary: String
    /// One or more data sets with their trainings.
    var runs: [ReproducedRun]
    var perplexity = 30.0
    /// Of t-SNE.
    var maxIter = 5_000

    /// From the shortest to the longest.
    static let all = [
        ReproductionPreset(
            name: "quick", summary: "5,000 images of 32 pixels, about five minutes on two cores",
            runs: [ReproducedRun(count: 5_000, imageSize: 32, epochs: 20, batchSize: 64, splits: [1])]),
        ReproductionPreset(
            name: "small", summary: "15,000 images of 64 pixels, some hours on two cores",
            runs: [ReproducedRun(count: 15_000, imageSize: 64, splits: [1])]),
        ReproductionPreset(
            name: "table1",
            summary:
                "Table 1: shapes and fibres (simulated) or MiceBone, four kinds of labels, three splits, some hours",
            runs: [
                ReproducedRun(
                    folder: "shapes", count: 15_000, imageSize: 32, batchSize: 64, learningRate: 0.01,
                    splits: [1, 2, 3], kinds: ReproducedRun.fourKinds),
                ReproducedRun(
                    folder: "fibres", set: .fibres, count: 7_240, imageSize: 64, architecture: .resnet50v2,
                    head: .large, epochs: 20, batchSize: 64, learningRate: 0.01, weightDecay: 1e-3, dropout: 0.5,
                    splits: [1, 2, 3], kinds: ReproducedRun.fourKinds),
            ]),
        ReproductionPreset(
            name: "paper", summary: "15,000 images of 224 pixels, three splits: the paper's protocol",
            runs: [ReproducedRun(count: 15_000, imageSize: 224, dropout: 0.5, splits: [1, 2, 3])]),
    ]

    /// The preset of that name. Throws `InputError.unknownPreset`.
    static func named(_ name: String) throws(InputError) -> ReproductionPreset {
        guard let preset = all.first(where: { $0.name == name }) else {
            throw .unknownPreset(name, known: all.map(\.name))
        }
        return preset
    }
}

/// The trainings on one data set.
struct ReproducedRun: Sendable, Equatable {
    /// What is trained on.
    enum Images: Sendable, Equatable {
        case shapes, fibres
    }

    /// The run's folder within that of the reproduction; nil for that folder itself.
    var folder: String?
    var set = Images.shapes
    /// Images of the set.
    var count: Int
    /// Side of the images in pixels, as they are made and as the network takes them.
    var imageSize: Int
    var architecture = Architecture.densenet121
    var head = HeadKind.plain
    var schedule = LearningRateSchedule.cosine
    var epochs = 60
    var batchSize = 128
    /// From scratch.
    var learningRate = 0.02
    /// Where the weights are given: the paper's.
    var pretrainedLearningRate = 0.1
    var weightDecay = 5e-4
    /// Before the classifier.
    var dropout = 0.0
    /// Slices of the five folds: 1 to 3 are the paper's.
    var splits: [Int]
    /// What is trained on each split.
    var kinds = [MemberKind(labels: .hard), MemberKind(labels: .soft)]

    /// The kinds of Table 1.
    static let fourKinds = [
        MemberKind(labels: .hard), MemberKind(labels: .soft), MemberKind(labels: .quantized),
        MemberKind(labels: .quantized, loss: .cpu),
    ]

    /// The set that the program makes for it. Throws `ShapesError` or `FibresError`.
    func generatedSet(seed: UInt64) throws -> GeneratedSet {
        switch set {
        case .shapes: .shapes(try ShapesParameters(count: count, size: imageSize, seed: seed))
        case .fibres: .fibres(try FibresParameters(count: count, size: imageSize, seed: seed))
        }
    }

    /// The training of one kind on one split.
    func training(_ kind: MemberKind, split: Int) -> TrainingParameters {
        TrainingParameters(
            architecture: architecture, head: head, labels: kind.labels, resamples: kind.resamples,
            annotations: kind.annotations, trainingImages: kind.trainingImages, loss: kind.loss, split: split,
            imageSize: imageSize, epochs: epochs, batchSize: batchSize, learningRate: learningRate, schedule: schedule,
            weightDecay: weightDecay, dropout: dropout)
    }
}
