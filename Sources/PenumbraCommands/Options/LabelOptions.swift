import PenumbraRuns
import ArgumentParser
import Foundation
import Parameters
import Training

/// What a network is trained on, and what is minimised.
struct LabelOptions: ParsableArguments {
    typealias Setting = ParameterSetting<TrainingParameters>

    @Option(
        required: \.labels,
        help: """
            hard (the majority's class), soft (the whole distribution) or quantized (one vote per image, drawn by the seed).
            """)
    var labels: Setting

    @Flag(help: "Draw quantized labels anew in each epoch.")
    var resample = false

    @Option(
        \.annotations,
        help: """
            Only so many annotations of each training image are known, drawn by the seed: how many are enough? Validation \
            and test keep all.
            """, default: "all")
    var annotations: Setting?

    @Option(
        \.trainingImages, help: "Train on only so many of the split's training images, drawn by the seed.",
        default: "all")
    var trainingImages: Setting?

    @Option(
        \.loss,
        help: """
            cross-entropy, or cpu: the class-wise positive-unlabelled risk, which allows that images labelled with one class \
            belong to others as well (for hard and quantized labels).
            """)
    var loss: Setting?

    @Option(
        help: ArgumentHelp(
            """
            Of each class, the share of images labelled otherwise that truly belong to it, for the loss cpu: auto (from the \
            annotations that are known) or a CSV file with the columns class and prior (default: auto).
            """, valueName: "auto|file"))
    var priors: String?

    /// The file of priors, nil to estimate them.
    var priorsFile: URL? { priors.flatMap { $0 == "auto" ? nil : URL(fileURLWithPath: $0) } }

    func validate() throws {
        if priors != nil && loss?.word != LossKind.cpu.word {
            throw ValidationError("--priors requires --loss cpu.")
        }
    }
}
