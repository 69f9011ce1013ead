import PenumbraRuns
import ArgumentParser
import Parameters
import Training

/// The labels that a network is trained on, and the loss that is minimised.
struct LabelOptions: ParsableArguments {
    typealias Setting = ParameterSetting<TrainingParameters>

    @Option(
        required: \.labels,
        help: """
            hard (the majority class), soft (the whole distribution) or quantized (one vote per image, drawn by the seed).
            """)
    var labels: Setting

    @Flag(help: "Redraw quantized labels in each epoch.")
    var resample = false

    @Option(
        \.annotations,
        help: """
            Use only this many annotations of each training image, drawn by the seed: how many are enough? Validation \
            and test keep all.
            """, default: "all")
    var annotations: Setting?

    @Option(
        \.trainingImages, help: "Train on only this many of the split's training images, drawn by the seed.",
        default: "all")
    var trainingImages: Setting?

    @Option(
        \.loss, help: LossKind.allCases.map { "\($0.rawValue): \($0.explanation)" }.joined(separator: "; ") + ".")
    var loss: Setting?

    @Option(
        \.cpuPriors,
        help: """
            For the loss cpu: the weight of a class's images, and the assumed share of a class among images labelled \
            differently, both from 0 to 1.
            """, default: TrainingParameters.defaultPriors.word)
    var cpuPriors: Setting?
}
