/// The contents of the network that `build` puts together, without planning it. This needs no oneDNN.
public struct NetworkOutline: Sendable {
    /// The tensors of `Network.state()`, in its order.
    public let tensors: [(name: String, shape: [Int])]
    /// How many features a sample has.
    public let featureCount: Int
    /// The outputs of its stages.
    public let stages: [NetworkStage]

    /// Traps where `Network.init` would.
    public init(images: ImageShape, build: (inout NetworkBuilder) -> Void) {
        let plan = LayerPlan(engine: nil, batch: 1, threads: 1, trains: false, precision: .float32)
        var builder = NetworkBuilder(
            plan: plan, images: ImageInput(channels: images.channels, height: images.height, width: images.width))
        build(&builder)
        guard let head = builder.head, let features = builder.features else {
            preconditionFailure("a network ends in a classifier")
        }
        tensors = (builder.layers.flatMap(\.parameters) + head.parameters).map { ($0.name, $0.shape) }
        featureCount = features.channels
        stages = builder.stages
    }
}
