import Determinism

/// One step of an optimiser, with what it needs beside the gradients. Only weights decay.
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

extension Network {
    /// Adds `share` times the gradients of the last batch to those gathered since the last step, which `descend` then
    /// takes in place of the last batch's: so a batch can be worked off in parts. Batch normalisation sees one part at a
    /// time.
    public func gatherGradients(share: Float) {
        precondition(trains, "this network was planned for evaluation")
        let gathered = gathered ?? AlignedBuffer<Float>(count: trainedCount)
        self.gathered = gathered
        gathersGradients = true
        nonisolated(unsafe) let sum = gathered.base, term = gradients.base
        let start = ContinuousClock.now
        threads.forEachChunk(of: trainedCount, size: 1 << 16) { _, range in
            ParameterKernels.add(
                term + range.lowerBound, times: share, to: sum + range.lowerBound, count: range.count)
        }
        profile?.add(.gradients, seconds: start.elapsedSeconds)
    }

    /// Moves the parameters by one step, along the gathered gradients where there are some.
    public func descend(_ step: DescentStep) throws(OneDNNError) {
        precondition(trains, "this network was planned for evaluation")
        if case .adam = step { allocateSquares() }
        nonisolated(unsafe) let values = values.base, gradients = gathersGradients ? gathered!.base : gradients.base
        nonisolated(unsafe) let velocities = velocities.base, squares = squares?.base
        let decaying = decayingCount
        let start = ContinuousClock.now
        threads.forEachChunk(of: trainedCount, size: 1 << 16) { _, range in
            let middle = min(max(range.lowerBound, decaying), range.upperBound)
            for (part, decay) in [(range.lowerBound..<middle, step.decay), (middle..<range.upperBound, 0)] {
                let value = values + part.lowerBound, gradient = gradients + part.lowerBound
                let velocity = velocities + part.lowerBound
                switch step {
                case .sgdw(let rate, let momentum, _):
                    ParameterKernels.descendDecoupled(
                        value, gradient: gradient, velocity: velocity, count: part.count, rate: rate,
                        momentum: momentum, decay: decay)
                case .sgd(let rate, let momentum, _):
                    ParameterKernels.descend(
                        value, gradient: gradient, velocity: velocity, count: part.count, rate: rate,
                        momentum: momentum, decay: decay)
                case .adam(let rate, let momentum, _, let number):
                    ParameterKernels.descendAdaptively(
                        value, gradient: gradient, mean: velocity, square: squares! + part.lowerBound,
                        count: part.count, rate: rate, decay: decay, momentum: momentum, number: number)
                }
            }
        }
        if gathersGradients {
            gathered!.base.update(repeating: 0, count: trainedCount)
            gathersGradients = false
        }
        profile?.add(.optimizer, seconds: start.elapsedSeconds)
        try parametersChanged()
    }

    /// Takes the memory for Adam's means of squares.
    func allocateSquares() {
        if squares == nil { squares = AlignedBuffer<Float>(count: trainedCount) }
    }
}
