import Numerics

/// What every layer that makes a map does besides: its statistics on the way forward, and on the way back the last
/// terms of its gradient.
final class MapMaker {
    let map: FeatureMap
    private let moments: BatchMoments
    private let kernels: BlockedKernels
    private let epsilon: Float
    private let constant: AlignedBuffer<Float>
    private let slope: AlignedBuffer<Float>

    /// - Parameter epsilon: what the map's readers add to the variance (the same for all of them).
    init(_ map: FeatureMap, epsilon: Float, pieces: BatchPieces, _ kernels: BlockedKernels) {
        self.map = map
        self.kernels = kernels
        self.epsilon = epsilon
        moments = BatchMoments(channels: map.channels, pieces: pieces)
        constant = AlignedBuffer<Float>(count: map.channels)
        slope = AlignedBuffer<Float>(count: map.channels)
    }

    func values(_ images: Range<Int>) -> UnsafeMutablePointer<Float> { map.values + images.lowerBound * map.imageCount }

    func beginForward() { moments.clear() }

    /// What other processes must know before `endForward` in training.
    var forwardSums: [PieceSums] { map.isNormalized ? [moments.sums] : [] }

    /// Takes the statistics of a tile that has just been written.
    func written(_ images: Range<Int>, piece: Int, mode: RunMode) {
        if mode == .training, map.isNormalized {
            moments.add(values(images), of: map, images: images.count, piece: piece, kernels)
        }
    }

    func endForward(mode: RunMode) {
        if mode == .training, map.isNormalized { moments.store(in: map) }
    }

    func beginBackward() {
        guard map.isNormalized else { return }
        var constants = Array(repeating: Float(0), count: map.channels)
        var slopes = constants
        map.takeCorrection(epsilon: epsilon, constant: &constants, slope: &slopes)
        constant.base.update(from: constants, count: map.channels)
        slope.base.update(from: slopes, count: map.channels)
    }

    /// The complete gradient of a tile of `tile` images, of which those past `images` are made zero.
    func gradient(_ images: Range<Int>, tile: Int) -> UnsafeMutablePointer<Float> {
        let gradient = map.gradient + images.lowerBound * map.imageCount
        if map.isNormalized {
            kernels.addAffine(
                values(images), to: gradient, of: map, images: images.count, constant: constant.base,
                slope: slope.base)
        }
        let used = images.count * map.imageCount
        (gradient + used).update(repeating: 0, count: tile * map.imageCount - used)
        return gradient
    }
}
