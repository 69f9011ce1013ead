/// The activations between two layers: N × channels × height × width in the blocked layout.
///
/// Every layer that reads a map normalises it by the same batch statistics, so they are computed once, by the layer
/// that makes the map. The same idea applies in the backward pass. Let reader r scale by γᵣ and let dᵣ be the gradient
/// that reaches its ReLU, zero where the ReLU is. Batch normalisation's gradient is
///
///     dx = Σᵣ γᵣ/σ · dᵣ  −  1/(σM) · (Σᵣ γᵣ Σdᵣ  +  x̂ · Σᵣ γᵣ Σ(dᵣ x̂)),
///
/// of which each reader adds only its term of the first sum to `gradient`, in the pass that also sums dᵣ and dᵣx̂ (γ's
/// and β's gradients). The rest, linear in x, is added once for all readers when the maker of the map takes the
/// gradient over (`correction`).
public final class FeatureMap {
    /// Channels, a multiple of the block.
    public let channels: Int
    /// How many of them the network uses; the rest are zeros.
    public let used: Int
    /// Rows of pixels.
    public let height: Int
    /// Columns of pixels.
    public let width: Int

    /// The positions of the maker and of the readers in the network's order of layers.
    var maker = 0
    var readers: [Int] = []

    /// Whether a layer normalises the map, which takes its statistics, and a correction of its gradient.
    var isNormalized = false
    /// The normalisation, with its ReLU, that the convolution which makes the map does in passing, so that the values are
    /// what the map's only reader wants; `NetworkBuilder.foldNormalizations` decides.
    var foldedNormalization: BatchNormalization?
    /// Of the values: bf16 where the map is folded and its reader multiplies that.
    var precision = Precision.float32
    /// Whether a layer reads the map as it is, by whole tiles of its own.
    var isReadAsItIs = false
    /// Whether the map is an addend of a residual sum, which is what happens to it last.
    var isAdded = false
    /// The map in whose memory this one's values, or its gradient, lie: those of a residual sum and of its addend.
    var valuesHome: FeatureMap?
    var gradientHome: FeatureMap?

    /// Whether training may make the map again for the backward pass; see `NetworkBuilder.recompute`.
    var isRecomputable = false

    /// Where the values lie now, where they lie from the forward pass on, and where they lie when they are made again
    /// for the backward pass.
    var values: UnsafeMutablePointer<Float>!
    var firstValues: UnsafeMutablePointer<Float>!
    var repeatedValues: UnsafeMutablePointer<Float>?
    var gradient: UnsafeMutablePointer<Float>!

    /// Statistics of the present batch.
    var mean: [Float]
    var variance: [Float]
    /// How many numbers a channel's statistics are taken over.
    var statisticsCount = 0

    /// Σᵣ γᵣ Σdᵣ and Σᵣ γᵣ Σ(dᵣ x̂), summed while the readers' backward passes run.
    var shiftSums: [Double]
    var scaleSums: [Double]

    init(channels: Int, height: Int, width: Int, used: Int? = nil) {
        self.channels = channels
        self.used = used ?? channels
        self.height = height
        self.width = width
        mean = Array(repeating: 0, count: channels)
        variance = Array(repeating: 1, count: channels)
        shiftSums = Array(repeating: 0, count: channels)
        scaleSums = Array(repeating: 0, count: channels)
    }

    var positions: Int { height * width }
    /// Floats of one image.
    var imageCount: Int { channels * positions }

    /// Where an image's values begin.
    func address(ofImage image: Int) -> UnsafeMutableRawPointer {
        UnsafeMutableRawPointer(values) + image * imageCount * precision.bytes
    }

    /// The last terms of the gradient as a constant and a slope a channel; clears the sums for the next batch.
    func takeCorrection(epsilon: Float, constant: inout [Float], slope: inout [Float]) {
        for c in 0..<channels {
            let inverse = 1 / (Double(variance[c]) + Double(epsilon)).squareRoot()
            let perCount = inverse / Double(statisticsCount)
            let s = -perCount * inverse * scaleSums[c]
            slope[c] = Float(s)
            constant[c] = Float(-perCount * shiftSums[c] - s * Double(mean[c]))
            shiftSums[c] = 0
            scaleSums[c] = 0
        }
    }
}
