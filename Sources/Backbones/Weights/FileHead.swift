import TensorFiles

/// The layers after the features in a file, whatever their names: dense layers that belong to no known network.
enum FileHead: Equatable {
    case none
    /// One dense layer: the index of its weight in the file.
    case dense(Int)
    /// Two dense layers with a ReLU between them, as in a head with a hidden layer; dropout has no tensors.
    case hidden(Int, Int)
    /// Layers that are not understood, by name.
    case other([String])

    /// - Parameters:
    ///   - used: indices of tensors that belong to the network before the features, or to another one. Counters, such as
    ///     `n_averaged` of averaged weights, belong to no layer.
    ///   - classifier: the index of a dense layer with the network's own name for it, which takes precedence if there are
    ///     several.
    init(_ tensors: [TensorFile.Tensor], apartFrom used: Set<Int>, prefix: String, features: Int, classifier: Int?) {
        let rest = tensors.indices.filter { !used.contains($0) && !Self.isCounter(tensors[$0]) }
        func isDense(_ index: Int) -> Bool {
            let tensor = tensors[index]
            return tensor.name.hasSuffix(".weight") && (tensor.shape.count == 2 || Self.isPointwise(tensor.shape))
        }
        var dense = rest.filter { isDense($0) && tensors[$0].name.hasPrefix(prefix) }
        if dense.isEmpty { dense = rest.filter(isDense) }
        let known = Set(
            dense.flatMap { place in
                let name = tensors[place].name
                return [name, name.dropLast("weight".count) + "bias"]
            })
        let roots = Set(dense.map { Self.parent(of: tensors[$0].name, levels: 2) })
        let others = rest.filter {
            !known.contains(tensors[$0].name) && roots.contains(Self.parent(of: tensors[$0].name, levels: 2))
        }
        let (outputs, inputs) = (dense.map { tensors[$0].shape[0] }, dense.map { tensors[$0].shape[1] })
        let isSane = outputs.allSatisfy { (1...1_000_000).contains($0) }
        if others.isEmpty, dense.count == 1, inputs[0] == features {
            self = .dense(dense[0])
        } else if isSane, others.isEmpty, dense.count == 2, inputs[0] == features, inputs[1] == outputs[0] {
            self = .hidden(dense[0], dense[1])
        } else if let classifier, tensors[classifier].shape.count > 1, tensors[classifier].shape[1] == features {
            self = .dense(classifier)
        } else {
            self = dense.isEmpty ? .none : .other((dense + others).sorted().map { tensors[$0].name })
        }
    }

    /// Whether the tensor is one whole number. A floating-point scalar may be a layer's, such as a temperature.
    private static func isCounter(_ tensor: TensorFile.Tensor) -> Bool {
        tensor.name.hasSuffix("num_batches_tracked") || tensor.shape.isEmpty && !tensor.type.contains("float")
    }

    private static func isPointwise(_ shape: [Int]) -> Bool { shape.count == 4 && shape[2...] == [1, 1] }

    /// `head.1` for `head.1.0.weight` and two levels.
    private static func parent(of name: String, levels: Int) -> Substring {
        var rest = name[...]
        for _ in 0..<levels {
            guard let dot = rest.lastIndex(of: ".") else { return "" }
            rest = rest[..<dot]
        }
        return rest
    }
}

/// Two dense layers after the features: logits = B · max(0, A · features + a) + b.
public struct HiddenHead: Sendable {
    /// The layers' names in the file.
    public let names: [String]
    let first: DenseValues
    let second: DenseValues

    /// The values of a dense layer.
    struct DenseValues: Sendable {
        /// Outputs × inputs.
        let weight: [Float]
        let bias: [Float]

        /// The sums are computed in `Double`, in the order of the inputs.
        func outputs(_ inputs: ArraySlice<Float>) -> [Float] {
            let count = inputs.count
            return bias.indices.map { output in
                var sum = Double(bias[output])
                for (index, value) in inputs.enumerated() {
                    sum += Double(value) * Double(weight[output * count + index])
                }
                return Float(sum)
            }
        }
    }

    /// The number of classes that it distinguishes.
    public var classCount: Int { second.bias.count }

    /// N × classes from N × features.
    func logits(_ features: [Float], featureCount: Int) -> [Float] {
        stride(from: 0, to: features.count, by: featureCount).flatMap { start in
            let hidden = first.outputs(features[start..<start + featureCount]).map { max(0, $0) }
            return second.outputs(hidden[...])
        }
    }
}
