import Numerics
import Foundation

/// A set of tensors that does not fit a network.
public enum NetworkStateError: Error, Equatable, CustomStringConvertible {
    /// No tensor of this name was given.
    case missing(name: String)
    /// The tensor has another shape than the network's.
    case wrongShape(name: String, found: [Int], expected: [Int])
    /// The tensor holds NaN or an infinity.
    case notFinite(name: String, index: Int)

    /// One line that names the tensor, what was found and what was expected.
    public var description: String {
        switch self {
        case .missing(let name): "tensor \(name) is missing"
        case .wrongShape(let name, let found, let expected): "tensor \(name) has shape \(found); expected \(expected)"
        case .notFinite(let name, let index):
            "tensor \(name) holds a number that is not finite at element \(index)"
        }
    }
}

extension Network {
    /// The kinds of numbers that a network keeps for each trained parameter.
    public enum StateKind: Sendable {
        /// Weights, and with them the running statistics.
        case values
        /// The gradients of the last batch.
        case gradients
        /// What momentum has gathered.
        case velocities
        /// Adam's means of squared gradients; none before its first step.
        case squares
    }

    /// The tensors in the order and with the names of a PyTorch checkpoint, row-major.
    public func state(_ kind: StateKind = .values) throws(OneDNNError) -> [NamedTensor] {
        if case .gradients = kind { sumPieceGradients() }
        var tensors: [NamedTensor] = []
        for parameter in parameters {
            guard let source = storage(of: parameter, kind) else { continue }
            var elements = [Float](repeating: 0, count: parameter.count)
            if let layout = parameter.layout {
                let plain = try plainLayout(parameter)
                let copy = AlignedBuffer<Float>(count: parameter.plainCount)
                try OneDNNEngine.onOneThread { () throws(OneDNNError) in
                    try OneDNNReorder(from: layout, to: plain, engine).execute(from: source, to: copy.base)
                }
                elements = parameter.padding?.elements(in: copy.base) ?? Array(copy.elements)
            } else {
                elements =
                    parameter.padding?.elements(in: source)
                    ?? Array(UnsafeBufferPointer(start: source, count: parameter.count))
            }
            tensors.append(NamedTensor(name: parameter.name, shape: parameter.shape, values: elements))
        }
        return tensors
    }

    /// Loads values (or velocities, or squares) from tensors of the same names; further tensors are ignored.
    ///
    /// - Throws: `NetworkStateError` for the first tensor that is missing, has another shape or is not finite, before
    ///   anything is changed; `OneDNNError` where the library fails.
    public func load(_ tensors: [NamedTensor], _ kind: StateKind = .values) throws {
        if case .squares = kind { allocateSquares() }
        let byName = Dictionary(tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let wanted = parameters.filter { storage(of: $0, kind) != nil }
        for parameter in wanted {
            guard let tensor = byName[parameter.name] else { throw NetworkStateError.missing(name: parameter.name) }
            guard tensor.shape == parameter.shape else {
                throw NetworkStateError.wrongShape(
                    name: parameter.name, found: tensor.shape, expected: parameter.shape)
            }
            if let index = tensor.values.firstIndex(where: { !$0.isFinite }) {
                throw NetworkStateError.notFinite(name: parameter.name, index: index)
            }
        }
        for parameter in wanted {
            try store(byName[parameter.name]!.values, in: parameter, storage(of: parameter, kind)!)
        }
        if case .values = kind { try parametersChanged() }
    }

    /// Initialises all parameters: convolution weights are normal with variance 2 / fan-in (He et al., 2015),
    /// classifier weights uniform in ±1/√fan-in, γ and running variances 1, and everything else 0. The same seed gives
    /// the same bytes.
    public func initialize(seed: UInt64) throws(OneDNNError) {
        for (index, parameter) in parameters.enumerated() {
            var random = CounterRandom(seed: seed, 0x1417, UInt64(index))
            let fanIn = Double(parameter.shape.dropFirst().reduce(1, *))
            let elements: [Float]
            switch parameter.role {
            case .weight where parameter.shape.count == 4:
                let deviation = (2 / fanIn).squareRoot()
                elements = (0..<parameter.count).map { _ in Float(random.normal() * deviation) }
            case .weight:
                let bound = 1 / fanIn.squareRoot()
                elements = (0..<parameter.count).map { _ in Float(random.uniform(in: -bound...bound)) }
            case .scale, .runningVariance: elements = Array(repeating: 1, count: parameter.count)
            case .bias, .shift, .runningMean: elements = Array(repeating: 0, count: parameter.count)
            }
            try store(elements, in: parameter, parameter.values)
        }
        if trains { velocities.base.update(repeating: 0, count: velocities.count) }
        squares = nil
        try parametersChanged()
    }

    private func storage(of parameter: Parameter, _ kind: StateKind) -> UnsafeMutablePointer<Float>? {
        switch kind {
        case .values: parameter.values
        case .gradients: trains && parameter.role.isTrained ? parameter.gradient : nil
        case .velocities: trains && parameter.role.isTrained ? velocities.base + parameter.offset : nil
        case .squares: parameter.role.isTrained ? squares.map { $0.base + parameter.offset } : nil
        }
    }

    private func store(
        _ elements: [Float], in parameter: Parameter, _ target: UnsafeMutablePointer<Float>
    ) throws(OneDNNError) {
        guard let layout = parameter.layout else {
            if let padding = parameter.padding {
                target.update(repeating: 0, count: parameter.plainCount)
                return padding.store(elements, in: target)
            }
            target.update(from: elements, count: elements.count)
            return
        }
        let plain = try plainLayout(parameter)
        let copy = AlignedBuffer<Float>(count: parameter.plainCount)
        if let padding = parameter.padding {
            padding.store(elements, in: copy.base)
        } else {
            copy.base.update(from: elements, count: elements.count)
        }
        try copy.withBase { (copy) throws(OneDNNError) in
            try OneDNNEngine.onOneThread { () throws(OneDNNError) in
                try OneDNNReorder(from: plain, to: layout, engine).execute(from: copy, to: target)
            }
        }
    }

    private func plainLayout(_ parameter: Parameter) throws(OneDNNError) -> OneDNNLayout {
        try OneDNNLayout.rowMajor(parameter.storedShape)
    }
}
