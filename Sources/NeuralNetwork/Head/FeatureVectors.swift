import Numerics

/// One vector a sample, N × channels, and their gradient: global-average-pool (GAP) features, and what a head makes of
/// them.
final class FeatureVectors {
    let channels: Int
    let values: AlignedBuffer<Float>
    let gradient: AlignedBuffer<Float>

    init(channels: Int, batch: Int, trains: Bool) {
        self.channels = channels
        values = AlignedBuffer<Float>(count: batch * channels)
        gradient = AlignedBuffer<Float>(count: trains ? batch * channels : 0)
    }
}
