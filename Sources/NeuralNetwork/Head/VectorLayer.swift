import Numerics

/// One step of a classifier's head, from vectors to vectors. Heads are small, so they run on one thread.
protocol VectorLayer: AnyObject {
    var parameters: [Parameter] { get }
    var output: FeatureVectors { get }
    /// Makes the output of the first `count` samples. In evaluation a sample's numbers do not depend on the others.
    func forward(count: Int, mode: RunMode, dropout: Dropout) throws(OneDNNError)
    /// Makes the gradients of the parameters and of the input from the output's.
    func backward(count: Int) throws(OneDNNError)
}

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
