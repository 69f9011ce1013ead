import LabelDistributions

/// All numbers of a reproduction. The table of presets is the one place where they stand.
struct ReproductionPreset: Sendable, Equatable {
    var name: String
    /// What it is for, in one line.
    var summary: String
    /// Images of the shapes set.
    var count: Int
    /// Side of the images in pixels, as they are made and as the network takes them.
    var imageSize: Int
    var epochs: Int
    var batchSize: Int
    /// From scratch.
    var learningRate: Double
    /// Where the weights are given: the paper's.
    var pretrainedLearningRate = 0.1
    var weightDecay: Double
    /// Before the classifier.
    var dropout: Double
    /// What is trained on each split.
    var kinds = [MemberKind(labels: .hard), MemberKind(labels: .soft)]
    /// Slices of the five folds: 1 to 3 are the paper's.
    var splits: [Int]
    var perplexity = 30.0
    /// Of t-SNE.
    var maxIter = 5_000

    /// From the shortest to the longest.
    static let all = [
        ReproductionPreset(
            name: "quick", summary: "5,000 images of 32 pixels, about five minutes on two cores", count: 5_000,
            imageSize: 32, epochs: 20, batchSize: 64, learningRate: 0.02, weightDecay: 5e-4, dropout: 0, splits: [1]),
        ReproductionPreset(
            name: "small", summary: "15,000 images of 64 pixels, some hours on two cores", count: 15_000, imageSize: 64,
            epochs: 60, batchSize: 128, learningRate: 0.02, weightDecay: 5e-4, dropout: 0, splits: [1]),
        ReproductionPreset(
            name: "paper", summary: "15,000 images of 224 pixels, three splits: the paper's protocol", count: 15_000,
            imageSize: 224, epochs: 60, batchSize: 128, learningRate: 0.02, weightDecay: 5e-4, dropout: 0.5,
            splits: [1, 2, 3]),
    ]

    /// The preset of that name. Throws `InputError.unknownPreset`.
    static func named(_ name: String) throws(InputError) -> ReproductionPreset {
        guard let preset = all.first(where: { $0.name == name }) else {
            throw .unknownPreset(name, known: all.map(\.name))
        }
        return preset
    }
}
