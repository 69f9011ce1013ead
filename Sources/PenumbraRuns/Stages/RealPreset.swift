import Backbones
import ImageDatasets
import LabelDistributions
import Training

extension ReproductionPreset {
    /// Real annotators and quantized labels, on images that the user provides.
    static let real = ReproductionPreset(
        name: "real",
        summary:
            "CIFAR-10H after pre-training on CIFAR-10, FER+, CIFAR-10Q, fibres and shapes, five kinds of labels, about fourteen hours",
        runs: [
            ReproducedRun(
                folder: "pretraining", set: .given("cifar10"), splits: [1], isStart: true,
                kinds: [MemberKind(labels: .hard)]
            ) {
                photographs(&$0, side: 32, .resnet32_cifar)
                ($0.epochs, $0.learningRate) = (30, 0.1)
            },
            ReproducedRun(
                folder: "cifar10h", set: .given("cifar10h"), splits: [1, 2, 3], start: "pretraining", kinds: fiveKinds
            ) {
                photographs(&$0, side: 32, .resnet32_cifar)
                ($0.epochs, $0.learningRate) = (10, 0.01)
            },
            ReproducedRun(
                folder: "ferplus", set: .given("ferplus"), splits: [1], seeds: 3,
                kinds: fiveKinds + [MemberKind(labels: .quantized, resamples: true)]
            ) {
                photographs(&$0, side: 48, .resnet20_cifar)
                ($0.epochs, $0.learningRate) = (15, 0.05)
            },
            ReproducedRun(
                folder: "cifar10q", set: .mixtures(of: "cifar10"), splits: [1], seeds: 3,
                kinds: [
                    MemberKind(labels: .soft), MemberKind(labels: .quantized),
                    MemberKind(labels: .quantized, loss: .cpu),
                ]
            ) {
                photographs(&$0, side: 32, .resnet20_cifar)
                ($0.epochs, $0.learningRate) = (12, 0.05)
            },
            ReproducedRun(folder: "fibres", set: .fibres, count: 7_240, splits: [1, 2, 3], kinds: fiveKinds) {
                ($0.architecture, $0.imageSize) = (.resnet20_cifar, 32)
                ($0.epochs, $0.batchSize, $0.learningRate) = (40, 64, 0.1)
            },
            .shapes(kinds: fiveKinds + [MemberKind(labels: .hard, mixup: 0.2)]),
        ])

    /// Hard labels and their control, soft labels, one vote per image and the loss made for it.
    private static let fiveKinds = [
        MemberKind(labels: .hard), MemberKind(labels: .hard, labelSmoothing: 0.1), MemberKind(labels: .soft),
        MemberKind(labels: .quantized), MemberKind(labels: .quantized, loss: .cpu),
    ]

    /// As small photographs are usually trained on: a network that keeps their full size in its first layers, PyTorch's SGD,
    /// images upright, cropped after padding by an eighth.
    private static func photographs(_ training: inout TrainingParameters, side: Int, _ network: Architecture) {
        (training.architecture, training.imageSize, training.cropPadding) = (network, side, side / 8)
        (training.optimizer, training.weightDecay) = (.sgd, 5e-4)
        (training.orientation, training.zoom) = (.upright, 1)
    }
}
