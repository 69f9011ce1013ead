import Backbones
import Foundation
import ImageDatasets
import LabelDistributions
import Training

/// All numbers of a reproduction. They are defined only in the tables of presets, here and in `RealPreset.swift`.
package struct ReproductionPreset: Sendable, Equatable {
    package var name: String
    /// Its purpose, in one line.
    package var summary: String
    /// One or more data sets with their trainings.
    package var runs: [ReproducedRun]
    package var projection = ProjectionParameters()

    /// From the shortest to the longest.
    package static let all = [
        ReproductionPreset(
            name: "quick", summary: "5,000 images of 32 pixels, about five minutes on two cores",
            runs: [
                ReproducedRun(count: 5_000, splits: [1]) { ($0.imageSize, $0.epochs, $0.batchSize) = (32, 20, 64) }
            ]),
        ReproductionPreset(
            name: "small", summary: "15,000 images of 64 pixels, a few hours on two cores",
            runs: [ReproducedRun(count: 15_000, splits: [1]) { $0.imageSize = 64 }]),
        ReproductionPreset(
            name: "table1",
            summary:
                "Table 1: shapes and fibres (simulated) or MiceBone, four kinds of labels, three splits, a few hours",
            runs: [
                .shapes(kinds: ReproducedRun.fourKinds), .fibres(kinds: ReproducedRun.fourKinds),
            ]),
        ReproductionPreset(
            name: "paper", summary: "15,000 images of 224 pixels, three splits: the paper's protocol",
            runs: [
                ReproducedRun(count: 15_000, splits: [1, 2, 3]) { ($0.imageSize, $0.dropout) = (224, 0.5) }
            ]),
        real,
    ]

    /// The folders of images that the user must provide, by their names in the folder of `--data`.
    package var givenFolders: Set<String> { Set(runs.compactMap(\.set.givenFolder)) }

    /// The preset of that name. Throws `InputError.unknownPreset`.
    package static func named(_ name: String) throws(InputError) -> ReproductionPreset {
        guard let preset = all.first(where: { $0.name == name }) else {
            throw .unknownPreset(name, known: all.map(\.name))
        }
        return preset
    }
}

/// The trainings on one data set.
package struct ReproducedRun: Sendable, Equatable {
    /// The training images.
    package enum Images: Sendable, Equatable {
        case shapes, fibres
        /// The user's images, by the name of their folder.
        case given(String)
        /// Mixtures of the user's training images in that folder.
        case mixtures(of: String)

        /// The folder of the user's images.
        package var givenFolder: String? {
            switch self {
            case .shapes, .fibres: nil
            case .given(let name), .mixtures(of: let name): name
            }
        }
    }

    /// The run's folder within that of the reproduction; nil for that folder itself.
    package var folder: String?
    package var set: Images
    /// The number of images that the program generates; unused for the user's images.
    package var count: Int
    /// The parameters of each member, except its labels and its split. Images are generated at the network's input size.
    package var training: TrainingParameters
    /// The learning rate if pretrained weights are given: the paper's.
    package var pretrainedLearningRate = 0.1
    /// The slices of the five folds to use as splits: 1 to 3 are the paper's.
    package var splits: [Int]
    /// Whether the run only provides weights from which later runs start: it gets no maps and no measures.
    package var isStart: Bool
    /// The folder of the preset's earlier run whose weights the trainings start from.
    package var start: String?
    /// The number of trainings of each kind on each split; their seeds count up from that of `training`.
    package var seeds: Int
    /// What is trained on each split.
    var kinds: [MemberKind]

    /// A run whose trainings use the default parameters, modified by `change`.
    package init(
        folder: String? = nil, set: Images = .shapes, count: Int = 0, splits: [Int], seeds: Int = 1,
        isStart: Bool = false, start: String? = nil,
        kinds: [MemberKind] = [MemberKind(labels: .hard), MemberKind(labels: .soft)],
        change: (inout TrainingParameters) -> Void
    ) {
        (self.folder, self.set, self.count, self.splits, self.kinds) = (folder, set, count, splits, kinds)
        (self.seeds, self.isStart, self.start) = (seeds, isStart, start)
        training = .defaults
        change(&training)
    }

    /// Shapes of 32 pixels on three splits, with the best of a grid of four settings.
    static func shapes(kinds: [MemberKind]) -> ReproducedRun {
        ReproducedRun(folder: "shapes", count: 15_000, splits: [1, 2, 3], kinds: kinds) {
            ($0.imageSize, $0.batchSize, $0.learningRate) = (32, 64, 0.01)
        }
    }

    /// Fibres of 64 pixels on three splits.
    static func fibres(kinds: [MemberKind]) -> ReproducedRun {
        ReproducedRun(folder: "fibres", set: .fibres, count: 7_240, splits: [1, 2, 3], kinds: kinds) {
            ($0.architecture, $0.head) = (.resnet50v2, .large)
            ($0.imageSize, $0.epochs, $0.batchSize, $0.learningRate) = (64, 20, 64, 0.01)
            ($0.weightDecay, $0.dropout) = (1e-3, 0.5)
        }
    }

    /// The kinds of Table 1.
    static let fourKinds = [
        MemberKind(labels: .hard), MemberKind(labels: .soft), MemberKind(labels: .quantized),
        MemberKind(labels: .quantized, loss: .cpu),
    ]

    /// The set that the program generates for the run, from images in `data` if it is made from the user's; nil if these are
    /// used as they are. Throws `ShapesError`, `FibresError` or `MixturesError`.
    func generatedSet(seed: UInt64, data: URL?) throws -> GeneratedSet? {
        switch set {
        case .shapes: .shapes(try ShapesParameters(count: count, size: training.imageSize, seed: seed))
        case .fibres: .fibres(try FibresParameters(count: count, size: training.imageSize, seed: seed))
        case .given: nil
        case .mixtures(let name):
            .mixtures(
                try MixturesParameters(seed: seed),
                of: DatasetSource((data ?? URL(fileURLWithPath: ".")).appendingPathComponent(name)))
        }
    }

    /// Ordered by split, then by seed.
    package var repetitions: [Repetition] {
        splits.flatMap { slice in
            (0..<UInt64(seeds)).map {
                Repetition(split: .slice(slice), seed: seeds > 1 ? training.seed &+ $0 : nil)
            }
        }
    }

    /// The training of one kind for one repetition.
    func training(_ kind: MemberKind, _ repetition: Repetition) -> TrainingParameters {
        var training = training
        kind.apply(to: &training)
        training.split = repetition.split
        training.seed = repetition.seed ?? training.seed
        return training
    }
}
