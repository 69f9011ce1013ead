import PenumbraRuns
import ArgumentParser
import Backbones
import Foundation

/// How to read a checkpoint of another program.
struct ForeignCheckpointOptions: ParsableArguments {
    @Flag(help: "Accept a checkpoint with missing tensors or different shapes; what is missing stays untrained.")
    var allowMissing = false

    @Option(
        help: "In a checkpoint with several networks, the prefix of the one to use ('penumbra inspect' lists them).")
    var part: String?

    /// The options that were given.
    var given: [String] { [("--allow-missing", allowMissing), ("--part", part != nil)].filter(\.1).map(\.0) }

    /// Throws `ValidationError` if options were given without a checkpoint, which `option` would name.
    func require(_ option: String, isGiven: Bool) throws {
        if !isGiven, let own = given.first { throw ValidationError("\(own) requires \(option).") }
    }

    /// The weights of a file, read according to these options.
    func source(_ url: URL) -> WeightSource { WeightSource(url, allowsMissing: allowMissing, part: part) }
}
