import Numerics

/// One step of an optimiser, with what it needs in addition to the gradients. Only weights decay.
public enum DescentStep: Sendable, Equatable {
    /// Gradient descent with momentum and decoupled weight decay (Loshchilov and Hutter, 2019):
    /// velocity = momentum · velocity + gradient; value −= rate · velocity + decay · value.
    case sgdw(rate: Float, momentum: Float, decay: Float)
    /// Gradient descent with momentum, the decay added to the gradient, as PyTorch's `SGD`:
    /// velocity = momentum · velocity + gradient + decay · value; value −= rate · velocity.
    case sgd(rate: Float, momentum: Float, decay: Float)
    /// Adam (Kingma and Ba, 2015) with β₁ = `momentum`, β₂ = .999 and ε = 1e-8, the decay added to the gradient, as
    /// PyTorch's `Adam`. `number` is the step's, from 1.
    case adam(rate: Float, momentum: Float, decay: Float, number: Int)

    var decay: Float {
        switch self {
        case .sgdw(_, _, let decay), .sgd(_, _, let decay), .adam(_, _, let decay, _): decay
        }
    }
}

/// Trained parameters that one thread moves.
struct DescentShare {
    let range: Range<Int>
    /// The layer whose convolutions' weights these are; nil for all other parameters.
    let layer: Int?
}

extension Network {
    /// Adds `share` times the gradients of the last batch to those gathered since the last step, which `descend` then
    /// takes in place of the last batch's: so a batch can be processed in parts. Batch normalisation sees one part at a
    /// time.
    public func gatherGradients(share: Float) {
        precondition(trains, "this network was planned for evaluation")
        let gathered = gathered ?? AlignedBuffer<Float>(count: trainedCount)
        self.gathered = gathered
        gathersGradients = true
        let start = ContinuousClock.now
        sumPieceGradients()
        nonisolated(unsafe) let sum = gathered.base, term = gradients.base
        threads.forEachChunk(of: trainedCount, size: 1 << 16) { _, range in
            ParameterKernels.preferred.add(
                term + range.lowerBound, times: share, to: sum + range.lowerBound, count: range.count)
        }
        profile?.add(.gradients, seconds: start.elapsedSeconds)
    }

    /// Moves the parameters by one step, along the gathered gradients where there are some: those of the classifier by
    /// `step`, all others by `backbone`, or not at all where that is nil.
    ///
    /// Every thread takes whole layers: while a layer's weights are in its cache it adds up the pieces' gradients, moves
    /// the weights and copies them to the layout of the backward pass.
    public func descend(_ step: DescentStep, backbone: DescentStep?) throws(OneDNNError) {
        precondition(trains, "this network was planned for evaluation")
        if case .adam = step { allocateSquares() }
        let start = ContinuousClock.now
        nonisolated(unsafe) let network = self
        let shares = descentShares, addsPieces = gradientsAreApart && !gathersGradients
        try Self.onThreads(threads) { thread throws(OneDNNError) in
            for share in shares[thread] where backbone != nil || share.layer == nil {
                for first in stride(from: share.range.lowerBound, to: share.range.upperBound, by: Self.cachedCount) {
                    let range = first..<min(share.range.upperBound, first + Self.cachedCount)
                    if addsPieces && share.layer != nil { network.addPieceGradients(range) }
                    network.move(range, step, backbone: backbone)
                }
                if let layer = share.layer { try network.layers[layer].parametersChanged() }
            }
        }
        if addsPieces { gradientsAreApart = false }
        if gathersGradients {
            gathered!.base.update(repeating: 0, count: trainedCount)
            gathersGradients = false
        }
        profile?.add(.optimizer, seconds: start.elapsedSeconds)
    }

    /// Moves all parameters by the same step.
    public func descend(_ step: DescentStep) throws(OneDNNError) { try descend(step, backbone: step) }

    /// Floats of each of a few arrays that stay together in a core's second-level cache.
    private static let cachedCount = 1 << 15

    /// Moves the trained parameters of a range.
    private func move(_ range: Range<Int>, _ step: DescentStep, backbone: DescentStep?) {
        let gradients = gathersGradients ? gathered!.base : gradients.base
        let zones: [(Range<Int>, DescentStep?, decays: Bool)] = [
            (0..<headStarts.decaying, backbone, true), (headStarts.decaying..<decayingCount, step, true),
            (decayingCount..<headStarts.rest, backbone, false), (headStarts.rest..<trainedCount, step, false),
        ]
        for (zone, step, decays) in zones {
            let part = range.clamped(to: zone)
            guard let step, !part.isEmpty else { continue }
            let decay = decays ? step.decay : 0
            let value = values.base + part.lowerBound, gradient = gradients + part.lowerBound
            let velocity = velocities.base + part.lowerBound
            switch step {
            case .sgdw(let rate, let momentum, _):
                ParameterKernels.preferred.descendDecoupled(
                    value, gradient: gradient, velocity: velocity, count: part.count, rate: rate, momentum: momentum,
                    decay: decay)
            case .sgd(let rate, let momentum, _):
                ParameterKernels.preferred.descend(
                    value, gradient: gradient, velocity: velocity, count: part.count, rate: rate, momentum: momentum,
                    decay: decay)
            case .adam(let rate, let momentum, _, let number):
                ParameterKernels.preferred.descendAdaptively(
                    value, gradient: gradient, mean: velocity, square: squares!.base + part.lowerBound,
                    count: part.count, rate: rate, decay: decay, momentum: momentum, number: number)
            }
        }
    }

    /// Adds the gradients of the other pieces to the first one's, of a range of convolutions' weights.
    private func addPieceGradients(_ range: Range<Int>) {
        for term in pieceGradients {
            ParameterKernels.preferred.add(
                term.base + range.lowerBound, to: gradients.base + range.lowerBound, count: range.count)
        }
    }

    /// Completes the gradients of the last batch where each piece still has its own.
    func sumPieceGradients() {
        guard gradientsAreApart else { return }
        gradientsAreApart = false
        nonisolated(unsafe) let network = self
        let shares = descentShares
        threads.forEachThread { thread in
            for share in shares[thread] where share.layer != nil { network.addPieceGradients(share.range) }
        }
    }

    /// The convolutions' weights, layer by layer.
    static func convolutionShares(of layers: [any Layer]) -> [DescentShare] {
        var shares: [DescentShare] = []
        var end = 0
        for (index, layer) in layers.enumerated() where !layer.convolutions.isEmpty {
            let next = layer.convolutions.map { $0.weight.offset + ($0.weight.storedCount + 15) / 16 * 16 }.max()!
            shares.append(DescentShare(range: end..<next, layer: index))
            end = next
        }
        return shares
    }

    /// Divides the trained parameters among the threads, whole layers each: the largest first, to the thread that has
    /// least.
    static func descentShares(of layers: [any Layer], trainedCount: Int, threads: Int) -> [[DescentShare]] {
        var shares = convolutionShares(of: layers)
        let end = shares.last?.range.upperBound ?? 0
        shares += stride(from: end, to: trainedCount, by: cachedCount).map {
            DescentShare(range: $0..<min(trainedCount, $0 + cachedCount), layer: nil)
        }
        var result = [[DescentShare]](repeating: [], count: threads)
        var loads = [Int](repeating: 0, count: threads)
        for share in shares.sorted(by: { ($1.range.count, $0.range.lowerBound) < ($0.range.count, $1.range.lowerBound) }
        ) {
            let thread = loads.indices.min { loads[$0] < loads[$1] }!
            result[thread].append(share)
            loads[thread] += share.range.count
        }
        return result
    }

    /// Takes the memory for Adam's means of squares.
    func allocateSquares() {
        if squares == nil { squares = AlignedBuffer<Float>(count: trainedCount) }
    }
}
