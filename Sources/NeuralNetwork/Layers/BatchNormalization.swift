import Numerics

/// Batch normalisation and ReLU over the concatenation of several maps (Ioffe and Szegedy, 2015).
///
/// The concatenation exists only tile by tile, in scratch memory. The maps bring their statistics; scale, shift and
/// running statistics belong to this reader.
final class BatchNormalization: LayerInput {
    let scale: Parameter
    let shift: Parameter
    let runningMean: Parameter
    let runningVariance: Parameter
    let inputs: [FeatureMap]
    let channels: Int
    let epsilon: Float
    let momentum: Float
    /// Whether the ReLU follows; else a sum reads what is normalised (`RectifiedSum`).
    let rectifies: Bool

    /// Whether the convolution that makes the only input normalises and rectifies it.
    var isFolded = false
    /// Whether the convolution that it is folded into rectifies what it then writes.
    var rectifiesWhenFolded: Bool
    /// What it writes: bf16 where convolutions alone read that.
    let output: Precision

    /// y = max(0, x · slope + intercept): what scale, shift and statistics amount to.
    let slope: AlignedBuffer<Float>
    let intercept: AlignedBuffer<Float>
    private let mean: AlignedBuffer<Float>
    /// In place of the intercept in the backward pass where no ReLU stops a gradient: infinities, above zero for any x.
    private let unbounded: AlignedBuffer<Float>?

    private let kernels: BlockedKernels
    private let pieces: Int
    /// For each piece Σd, then Σd(x − mean), one number per channel each.
    private let sums: PieceSums

    init(
        name: String, _ inputs: [FeatureMap], epsilon: Float, momentum: Float, pieces: BatchPieces, output: Precision,
        rectifies: Bool = true, _ kernels: BlockedKernels
    ) {
        self.rectifies = rectifies
        rectifiesWhenFolded = rectifies
        self.output = output
        self.inputs = inputs
        self.epsilon = epsilon
        self.momentum = momentum
        self.pieces = pieces.count
        self.kernels = kernels
        channels = inputs.reduce(0) { $0 + $1.channels }
        let padding = ChannelPadding(inputs)
        func parameter(_ ending: String, _ role: ParameterRole) -> Parameter {
            let parameter = Parameter(name: name + ending, shape: [padding.places.count], role: role)
            parameter.padding = padding.vector
            return parameter
        }
        scale = parameter(".weight", .scale)
        shift = parameter(".bias", .shift)
        runningMean = parameter(".running_mean", .runningMean)
        runningVariance = parameter(".running_var", .runningVariance)
        slope = AlignedBuffer<Float>(count: channels)
        intercept = AlignedBuffer<Float>(count: channels)
        mean = AlignedBuffer<Float>(count: channels)
        unbounded = rectifies ? nil : AlignedBuffer<Float>(count: channels)
        unbounded?.base.update(repeating: .infinity, count: channels)
        sums = PieceSums(pieces: pieces.count, width: 2 * channels)
    }

    var parameters: [Parameter] { [scale, shift, runningMean, runningVariance] }

    /// Takes the batch's or the running statistics.
    func beginForward(mode: RunMode) {
        switch mode {
        case .training: useBatchStatistics()
        case .evaluation: useRunningStatistics()
        }
    }

    /// What a channel is multiplied by, and what is then added, by the running statistics.
    func runningLine(_ c: Int) -> (slope: Float, intercept: Float) {
        let slope = scale.values[c] / (runningVariance.values[c] + epsilon).squareRoot()
        return (slope, shift.values[c] - runningMean.values[c] * slope)
    }

    private func useRunningStatistics() {
        for c in 0..<channels {
            (slope.base[c], intercept.base[c]) = runningLine(c)
        }
    }

    /// Takes the batch's statistics and moves the running ones towards them (the variance unbiased, as PyTorch does). A
    /// single number has no variance: one image whose maps have one pixel leaves the running statistics as they are.
    private func useBatchStatistics() {
        var first = 0
        for map in inputs {
            let count = Float(map.statisticsCount)
            for c in 0..<map.channels {
                let m = map.mean[c]
                let v = map.variance[c]
                setLine(first + c, mean: m, variance: v)
                if map.statisticsCount == 1 { continue }
                let unbiased = v * (count / (count - 1))
                runningMean.values[first + c] += momentum * (m - runningMean.values[first + c])
                runningVariance.values[first + c] += momentum * (unbiased - runningVariance.values[first + c])
            }
            first += map.channels
        }
    }

    private func setLine(_ c: Int, mean m: Float, variance: Float) {
        let s = scale.values[c] / (variance + epsilon).squareRoot()
        slope.base[c] = s
        intercept.base[c] = shift.values[c] - m * s
        mean.base[c] = m
    }

    /// A tile in which image follows image.
    private var separate: TileLayout {
        TileLayout.separate(channels: channels, positions: positions, lanes: kernels.lanes)
    }

    /// The concatenated, normalised, rectified maps of `images`, which are written to `target`; a folded map, whose images
    /// follow each other, stays where it is.
    func forward(
        _ images: Range<Int>, into target: UnsafeMutableRawPointer, _ layout: TileLayout?
    ) -> UnsafeRawPointer {
        switch output {
        case .float32:
            forward(images, into: target.assumingMemoryBound(to: Float.self), layout, kernels.scaleShiftRectify)
        case .bf16:
            forward(images, into: target.assumingMemoryBound(to: UInt16.self), layout, kernels.scaleShiftRectify)
        }
    }

    private func forward<Element>(
        _ images: Range<Int>, into target: UnsafeMutablePointer<Element>, _ layout: TileLayout?,
        _ scaleShiftRectify: BlockedKernels.ScaleShiftRectify<Element>
    ) -> UnsafeRawPointer {
        if isFolded {
            let values = UnsafeRawPointer(inputs[0].address(ofImage: images.lowerBound))
            guard let layout else { return values }
            layout.merge(
                values.assumingMemoryBound(to: Element.self), of: inputs[0], images: images.count,
                lanes: kernels.lanes, into: target)
            return UnsafeRawPointer(target)
        }
        let layout = layout ?? separate
        var first = 0
        for map in inputs {
            scaleShiftRectify(
                map.values + images.lowerBound * map.imageCount, map, images.count,
                target + first / kernels.lanes * layout.block, layout, slope.base + first, intercept.base + first)
            first += map.channels
        }
        return UnsafeRawPointer(target)
    }

    func beginBackward() { sums.clear() }

    var backwardSums: [PieceSums] { [sums] }

    /// Takes the gradient behind the ReLU, where there is one, of `images` and adds this reader's part to the maps'
    /// gradients; a map that no reader has written to yet in this pass is overwritten. `layer` is this reader's position in
    /// the network.
    func backward(
        _ images: Range<Int>, gradient: UnsafePointer<Float>, _ layout: TileLayout?, layer: Int, piece: Int
    ) {
        let layout = layout ?? separate
        let totals = sums.row(piece)
        let shift = (unbounded ?? intercept).base
        var first = 0
        for map in inputs {
            kernels.scaleShiftRectifyBackward(
                map.values + images.lowerBound * map.imageCount, of: map, images: images.count,
                gradient: gradient + first / kernels.lanes * layout.block, layout,
                into: map.gradient + images.lowerBound * map.imageCount, accumulate: layer != map.readers.last,
                scale: slope.base + first, shift: shift + first, mean: mean.base + first,
                sums: totals + first, products: totals + channels + first)
            first += map.channels
        }
    }

    /// Stores the gradients of scale and shift, and leaves in the maps what their makers need.
    func endBackward() {
        var first = 0
        for map in inputs {
            for c in 0..<map.channels {
                var sum = 0.0
                var product = 0.0
                for piece in 0..<pieces {
                    sum += sums.row(piece)[first + c]
                    product += sums.row(piece)[channels + first + c]
                }
                product /= (Double(map.variance[c]) + Double(epsilon)).squareRoot()
                shift.gradient[first + c] = Float(sum)
                scale.gradient[first + c] = Float(product)
                map.shiftSums[c] += Double(scale.values[first + c]) * sum
                map.scaleSums[c] += Double(scale.values[first + c]) * product
            }
            first += map.channels
        }
    }
}
