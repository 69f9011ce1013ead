import Numerics

/// The mean over all positions: the last layer, whose output are a sample's features.
final class GlobalAverage: Layer {
    let name: String
    private let input: any LayerInput
    private let kernels: BlockedKernels
    private let index: Int
    private let features: FeatureVectors
    private(set) var tile = 1

    init(
        name: String, index: Int, _ input: any LayerInput, _ features: FeatureVectors,
        _ kernels: BlockedKernels
    ) {
        self.name = name
        self.index = index
        self.input = input
        self.features = features
        self.kernels = kernels
    }

    var parameters: [Parameter] { input.parameters }
    var convolutions: [Convolution] { [] }
    var operations: Int { 0 }

    func plan(_ plan: LayerPlan) throws(OneDNNError) -> ScratchNeeds {
        tile = plan.tile(floatsAnImage: input.imageCount)
        let full = tile * input.imageCount
        return ScratchNeeds(normalized: full, gradient: plan.trains ? full : 0)
    }

    func parametersChanged() {}

    func beginForward(mode: RunMode) {
        input.beginForward(mode: mode)
    }

    func forward(_ range: Range<Int>, _ scratch: ThreadScratch, mode: RunMode) {
        let values = input.forward(range, into: scratch.normalized.base, nil).assumingMemoryBound(to: Float.self)
        kernels.globalAverage(
            values, into: features.values.base + range.lowerBound * features.channels,
            planes: planes(range), positions: input.positions)
    }

    func endForward(mode: RunMode) {}

    func beginBackward() { input.beginBackward() }

    func backward(_ range: Range<Int>, _ scratch: ThreadScratch) {
        kernels.globalAverageBackward(
            features.gradient.base + range.lowerBound * features.channels, into: scratch.gradient.base,
            planes: planes(range), positions: input.positions)
        input.backward(range, gradient: scratch.gradient.base, nil, layer: index, thread: scratch.thread)
    }

    func endBackward() { input.endBackward() }

    private func planes(_ range: Range<Int>) -> Int { range.count * input.channels / kernels.lanes }
}
