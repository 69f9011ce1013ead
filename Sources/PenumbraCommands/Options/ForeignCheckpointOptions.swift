import ArgumentParser

/// How a checkpoint of another program is taken.
struct ForeignCheckpointOptions: ParsableArguments {
    @Flag(help: "Take a checkpoint that lacks tensors or has them in another shape; what is missing stays untrained.")
    var allowMissing = false
}
