/// The mean over all positions of a stage's output, computed next to the network's main path, for inspecting a network's
/// inner layers; only in evaluation.
final class StageAverage: Layer {
    let name: String
    let averages: FeatureVectors
    private let maps: [FeatureMap]
    private let kernels: BlockedKernels
    private(set) var tile = 1

    init(name: String, _ maps: [FeatureMap], _ averages: FeatureVectors, _ kernels: BlockedKernels) {
        self.name = name
        self.maps = maps
        self.averages = averages
        self.kernels = kernels
    }

    func plan(_ plan: LayerPlan) throws(OneDNNError) -> ScratchNeeds {
        tile = plan.tile(floatsAnImage: maps.reduce(0) { $0 + $1.imageCount })
        return ScratchNeeds(pooled: maps.map(\.channels).max()!)
    }

    func beginForward(mode: RunMode) {}

    func forward(_ range: Range<Int>, _ scratch: ThreadScratch, mode: RunMode) {
        for image in range {
            var target = averages.values.base + image * averages.channels
            for map in maps {
                kernels.globalAverage(
                    map.values + image * map.imageCount, into: scratch.pooled.base,
                    planes: map.channels / kernels.lanes, positions: map.positions)
                target.update(from: scratch.pooled.base, count: map.used)
                target += map.used
            }
        }
    }

    func endForward(mode: RunMode) {}
    func beginBackward() { preconditionFailure("stages are looked at in evaluation") }
    func backward(_ range: Range<Int>, _ scratch: ThreadScratch) {}
}
