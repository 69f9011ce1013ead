import Numerics

/// Batch normalisation, ReLU and the mean over all positions: the last layer, whose output are a sample's features.
final class PreactivationGlobalAverage: Layer {
    let name: String
    private let normalization: BatchNormalization
    private let kernels: BlockedKernels
    private let index: Int
    private let features: FeatureVectors
    private(set) var tile = 1

    init(
        name: String, index: Int, _ normalization: BatchNormalization, _ features: FeatureVectors,
        _ kernels: BlockedKernels
    ) {
        self.name = name
        self.index = index
        self.normalization = normalization
        self.features = features
        self.kernels = kernels
    }

    var parameters: [Parameter] { normalization.parameters }
    var convolutions: [Convolution] { [] }
    var operations: Int { 0 }

    func plan(_ plan: LayerPlan) throws(OneDNNError) -> ScratchNeeds {
        tile = plan.tile(floatsAnImage: normalization.imageCount)
        let full = tile * normalization.imageCount
        return ScratchNeeds(normalized: full, gradient: plan.trains ? full : 0)
    }

    func parametersChanged() {}

    func beginForward(mode: RunMode) {
        normalization.beginForward(mode: mode)
    }

    func forward(_ range: Range<Int>, _ scratch: ThreadScratch, mode: RunMode) {
        let input = normalization.forward(range, into: scratch.normalized.base).assumingMemoryBound(to: Float.self)
        kernels.globalAverage(
            input, into: features.values.base + range.lowerBound * features.channels,
            planes: planes(range), positions: normalization.positions)
    }

    func endForward(mode: RunMode) {}

    func beginBackward() { normalization.beginBackward() }

    func backward(_ range: Range<Int>, _ scratch: ThreadScratch) {
        kernels.globalAverageBackward(
            features.gradient.base + range.lowerBound * features.channels, into: scratch.gradient.base,
            planes: planes(range), positions: normalization.positions)
        normalization.backward(range, gradient: scratch.gradient.base, layer: index, thread: scratch.thread)
    }

    func endBackward() { normalization.endBackward() }

    private func planes(_ range: Range<Int>) -> Int { range.count * normalization.channels / kernels.lanes }
}
