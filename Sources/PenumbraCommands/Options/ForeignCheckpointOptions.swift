import ArgumentParser

/// How a checkpoint of another program is taken.
struct ForeignCheckpointOptions: ParsableArguments {
    @Flag(help: "Accept a checkpoint with missing tensors or other shapes; what is missing stays untrained.")
    var allowMissing = false
}
