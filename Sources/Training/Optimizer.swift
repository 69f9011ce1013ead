import NeuralNetwork

/// How weights are updated from their gradients.
public enum Optimizer: String, Sendable, CaseIterable, Codable {
    /// Momentum, with the weight decay in the gradient, as PyTorch's `SGD`.
    case sgd
    /// Momentum, with decoupled weight decay that falls with the learning rate (Loshchilov and Hutter, 2019).
    case sgdw
    /// Adam, with the weight decay in the gradient, as PyTorch's `Adam`.
    case adam
}

extension TrainingParameters {
    /// The classifier's step of this number, from 0, where the schedule has come to `factor`.
    func descentStep(_ number: Int, factor: Double) -> DescentStep {
        let rate = Float(learningRate * factor), momentum = Float(momentum)
        switch optimizer {
        case .sgd: return .sgd(rate: rate, momentum: momentum, decay: Float(weightDecay))
        case .sgdw: return .sgdw(rate: rate, momentum: momentum, decay: Float(weightDecay * factor))
        case .adam: return .adam(rate: rate, momentum: momentum, decay: Float(weightDecay), number: number + 1)
        }
    }

    /// The step of all other weights; nil while they are frozen. Adam's count of steps begins with their first one.
    func backboneStep(_ number: Int, stepsPerEpoch: Int, factor: Double) -> DescentStep? {
        let own = number - frozenEpochs * stepsPerEpoch
        return own < 0 ? nil : descentStep(own, factor: factor * backboneRate)
    }
}
