import Numerics

/// The mean over all positions: the last layer, whose output are a sample's features.
final class GlobalAverage: Layer {
    let name: String
    private let input: any LayerInput
    private let kernels: BlockedKernels
    private let index: Int
    /// The network's channels among those of the maps.
    private let padding: ChannelPadding
    private let features: FeatureVectors
    private(set) var tile = 1

    init(
        name: String, index: Int, _ input: any LayerInput, _ features: FeatureVectors,
        _ kernels: BlockedKernels
    ) {
        self.name = name
        self.index = index
        padding = ChannelPadding(input.inputs)
        self.input = input
        self.features = features
        self.kernels = kernels
    }

    var parameters: [Parameter] { input.parameters }

    func plan(_ plan: LayerPlan) throws(OneDNNError) -> ScratchNeeds {
        tile = plan.tile(floatsAnImage: input.imageCount)
        let full = tile * input.imageCount
        return ScratchNeeds(
            normalized: full, gradient: plan.trains ? full : 0,
            pooled: padding.isNone ? 0 : tile * input.channels)
    }

    func beginForward(mode: RunMode) {
        input.beginForward(mode: mode)
    }

    func forward(_ range: Range<Int>, _ scratch: ThreadScratch, mode: RunMode) {
        let values = input.forward(range, into: scratch.normalized.base, nil).assumingMemoryBound(
            to: Float.self)
        let target = features.values.base + (range.lowerBound + scratch.imageOffset) * features.channels
        let averages = padding.isNone ? target : scratch.pooled.base
        kernels.globalAverage(values, into: averages, planes: planes(range), positions: input.positions)
        if padding.isNone { return }
        for image in 0..<range.count {
            for (index, place) in padding.places.enumerated() {
                target[image * features.channels + index] = averages[image * padding.channels + place]
            }
        }
    }

    func endForward(mode: RunMode) {}

    func beginBackward() { input.beginBackward() }

    func backward(_ range: Range<Int>, _ scratch: ThreadScratch) {
        let source = features.gradient.base + (range.lowerBound + scratch.imageOffset) * features.channels
        let gradient = padding.isNone ? source : scratch.pooled.base
        if !padding.isNone {
            gradient.update(repeating: 0, count: range.count * padding.channels)
            for image in 0..<range.count {
                for (index, place) in padding.places.enumerated() {
                    gradient[image * padding.channels + place] = source[image * features.channels + index]
                }
            }
        }
        kernels.globalAverageBackward(
            gradient, into: scratch.gradient.base, planes: planes(range), positions: input.positions)
        input.backward(
            range, gradient: scratch.gradient.base, nil, layer: index, piece: scratch.piece)
    }

    var backwardSums: [PieceSums] { input.backwardSums }

    func endBackward() { input.endBackward() }

    private func planes(_ range: Range<Int>) -> Int { range.count * input.channels / kernels.lanes }
}
