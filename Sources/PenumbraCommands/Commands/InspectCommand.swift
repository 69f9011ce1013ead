import PenumbraRuns
import ArgumentParser
import Backbones
import Foundation
import Training

/// Shows the content of a checkpoint.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what a checkpoint holds: network, features, tensors.",
        discussion: """
            A typical call: penumbra inspect model.pth

            Reads safetensors, files written by torch.save (.pt, .pth, .bin, .pth.tar), and Keras' .h5 and .keras, whatever \
            the file is called. Nothing in the file is executed, and no tensor is read. Lists the tensors in the file's \
            order, with shape and type, and a summary below them.
            """)

    @Argument(help: "Checkpoint.", transform: URL.init(fileURLWithPath:))
    var checkpoint: URL

    @Flag(help: "Print only the summary.")
    var summary = false

    @Flag(
        help:
            "List the layers whose outputs 'penumbra embed --layer' writes, with their shapes, instead of the tensors."
    )
    var layers = false

    @Option(help: "In a checkpoint with several networks, the prefix of the one to use.")
    var part: String?

    @Option(
        in: TrainingParameters.imageSizes,
        help: "With --layers: side of the images in pixels (default: 224, or 32 for networks with a CIFAR stem).")
    var imageSize: Int?

    @Flag(help: "Print results as JSON, for programs to read.")
    var json = false

    func run() throws {
        let weights = try WeightFile(WeightSource(checkpoint, part: part))
        var report = CheckpointReport(weights)
        if layers { report.list(weights.naming?.architecture, imageSize: imageSize) }
        if summary || layers { report.tensors = nil }
        if json { return try Console.current.result(JSONText.of(report)) }
        for line in report.lines(columns: Console.current.columns) { try Console.current.result(line) }
    }
}
