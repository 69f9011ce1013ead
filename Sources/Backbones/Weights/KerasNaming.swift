import TensorFiles

/// The tensors of a Keras model by the names that our networks give them.
///
/// Keras' names of tensors are paths that end in a layer's name and the weight's, such as `densenet121/conv1_conv/kernel`
/// or `conv1/conv/kernel:0`. Files that do not name the layers number those of a class instead, in the order of the model
/// (`layers/conv2d_7/kernel`).
struct KerasNaming {
    /// The network's names; nil for tensors that it has no use for.
    let names: [String?]

    /// A weight of a layer.
    private struct Weight {
        /// Path and layer, before the weight's name.
        let parts: [Substring]
        let kind: Substring
        let shape: [Int]

        init(_ tensor: TensorFile.Tensor) {
            // Keras 2 counts a variable's outputs behind its name.
            var name = tensor.name[...]
            if let colon = name.lastIndex(of: ":") { name = name[..<colon] }
            let all = name.split(separator: "/")
            parts = Array(all.dropLast())
            kind = all.last ?? ""
            shape = tensor.shape
        }

        /// The longest end of the path that names one of `layers`, which may hold a slash.
        func layer(in layers: [String: String]) -> String? {
            for end in parts.indices.reversed() {
                if end > 0, let layer = layers["\(parts[end - 1])/\(parts[end])"] { return layer }
                if let layer = layers[String(parts[end])] { return layer }
            }
            return nil
        }
    }

    /// Nil where the tensors are not those of `layers`, a network's layers by Keras' names, of which there must be all of
    /// `needed` and none of `foreign`; or, in files without names, as many as in `order`, by the classes of layers.
    /// A file's only dense layer of `featureCount` inputs is the classifier, however it is called.
    init?(
        _ tensors: [TensorFile.Tensor], layers: [String: String], needed: [String], foreign: [String],
        order: [String: [String]], featureCount: Int
    ) {
        let weights = tensors.map(Weight.init)
        var found = weights.map { $0.layer(in: layers) }
        let parts = Set(weights.flatMap { $0.parts.map(String.init) })
        if !parts.isSuperset(of: needed) {
            guard let numbered = Self.numbered(weights, order: order, layers: layers) else { return nil }
            found = numbered
        } else if !parts.isDisjoint(with: foreign) {
            return nil
        }
        if !found.contains("classifier") {
            let dense = weights.indices.filter { weights[$0].shape.count == 2 }
            if dense.count == 1, weights[dense[0]].shape[0] == featureCount {
                let path = weights[dense[0]].parts
                for index in weights.indices where weights[index].parts == path { found[index] = "classifier" }
            }
        }
        names = zip(weights, found).map { weight, layer in
            guard let layer, let kind = Self.kinds[String(weight.kind)] else { return nil }
            return layer + "." + kind
        }
    }

    /// The layers of numbered weights: those of the one group that has as many of each class as the network.
    private static func numbered(
        _ weights: [Weight], order: [String: [String]], layers: [String: String]
    ) -> [String?]? {
        var counts: [[Substring]: [String: Set<Int>]] = [:]
        let places = weights.map { weight -> (kind: String, index: Int)? in
            guard let last = weight.parts.last else { return nil }
            for (name, layers) in order where last.hasPrefix(name) {
                let rest = last.dropFirst(name.count)
                guard let index = rest.isEmpty ? 0 : rest.first == "_" ? Int(rest.dropFirst()) : nil,
                    layers.indices.contains(index) || index == layers.count
                else { continue }
                counts[weight.parts.dropLast(), default: [:]][name, default: []].insert(index)
                return (name, index)
            }
            return nil
        }
        let wanted = order.mapValues { Set($0.indices) }
        guard let group = counts.first(where: { $0.value == wanted })?.key else { return nil }
        return zip(weights, places).map { weight, place in
            guard let place, weight.parts.dropLast() == group else { return nil }
            return layers[order[place.kind]![place.index]]
        }
    }

    /// Keras' names of weights.
    private static let kinds = [
        "kernel": "weight", "gamma": "weight", "bias": "bias", "beta": "bias", "moving_mean": "running_mean",
        "moving_variance": "running_var",
    ]
}

extension KerasNaming {
    /// `keras.applications.DenseNet121`. Before Keras 3 the first layers were called `conv1/conv` and `conv1/bn`.
    static func denseNet121(_ tensors: [TensorFile.Tensor]) -> KerasNaming? {
        var convolutions = [("conv1_conv", "features.conv0")], normalizations = [("conv1_bn", "features.norm0")]
        for (block, count) in zip(1..., [6, 12, 24, 16]) {
            for layer in 1...count {
                let (keras, ours) = ("conv\(block + 1)_block\(layer)", "features.denseblock\(block).denselayer\(layer)")
                normalizations += [(keras + "_0_bn", ours + ".norm1"), (keras + "_1_bn", ours + ".norm2")]
                convolutions += [(keras + "_1_conv", ours + ".conv1"), (keras + "_2_conv", ours + ".conv2")]
            }
            if block == 4 { break }
            convolutions.append(("pool\(block + 1)_conv", "features.transition\(block).conv"))
            normalizations.append(("pool\(block + 1)_bn", "features.transition\(block).norm"))
        }
        normalizations.append(("bn", "features.norm5"))
        let older = [("conv1/conv", "features.conv0"), ("conv1/bn", "features.norm0")]
        return KerasNaming(
            tensors, layers: layers(convolutions + normalizations + older),
            needed: ["conv4_block24_1_conv", "conv5_block16_1_conv"],
            foreign: ["conv4_block25_1_conv", "conv5_block17_1_conv"],
            order: ["conv2d": convolutions.map(\.0), "batch_normalization": normalizations.map(\.0)], featureCount: 1024
        )
    }

    /// `keras.applications.ResNet50V2`, whose layers are ours.
    static func resNet50V2(_ tensors: [TensorFile.Tensor]) -> KerasNaming? {
        var convolutions = ["conv1_conv"], normalizations: [String] = []
        for (stage, count) in zip(2..., [3, 4, 6, 3]) {
            for block in 1...count {
                let name = "conv\(stage)_block\(block)_"
                normalizations += ["preact_bn", "1_bn", "2_bn"].map { name + $0 }
                // The projection is as far from the output as the last convolution, and was made before it.
                convolutions += (["1_conv", "2_conv"] + (block == 1 ? ["0_conv"] : []) + ["3_conv"]).map { name + $0 }
            }
        }
        normalizations.append("post_bn")
        return KerasNaming(
            tensors, layers: layers((convolutions + normalizations).map { ($0, $0) }),
            needed: ["conv2_block1_preact_bn", "conv4_block6_1_conv", "post_bn"], foreign: ["conv4_block7_1_conv"],
            order: ["conv2d": convolutions, "batch_normalization": normalizations], featureCount: 2048)
    }

    private static func layers(_ pairs: [(String, String)]) -> [String: String] {
        let classifiers = ["predictions", "fc1000"].map { ($0, "classifier") }
        return Dictionary(uniqueKeysWithValues: pairs + classifiers)
    }
}
