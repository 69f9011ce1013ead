import PenumbraRuns
import ArgumentParser
import Backbones
import Foundation

/// How a checkpoint of another program is taken.
struct ForeignCheckpointOptions: ParsableArguments {
    @Flag(help: "Accept a checkpoint with missing tensors or other shapes; what is missing stays untrained.")
    var allowMissing = false

    @Option(
        help: "Of a checkpoint with several networks, the one whose names begin so ('penumbra inspect' lists them).")
    var part: String?

    /// The weights of a file, as these options take them.
    func source(_ url: URL) -> WeightSource { WeightSource(url, allowsMissing: allowMissing, part: part) }
}
