import TensorFiles

/// The tensors of a Keras model under the names that our networks use for them.
///
/// Keras' tensor names are paths that end in the layer's name and the weight's, such as `densenet121/conv1_conv/kernel` or
/// `conv1/conv/kernel:0`. Files that do not name the layers instead number those of each class, in the order of the model
/// (`layers/conv2d_7/kernel`).
struct KerasNaming {
    /// The network's names; nil for tensors that it does not use.
    let names: [String?]

    /// A weight of a layer.
    private struct Weight {
        /// The parts of the path up to the layer, before the weight's name.
        let parts: [Substring]
        let kind: Substring
        let shape: [Int]

        init(_ tensor: TensorFile.Tensor) {
            // Keras 2 appends an output number to a variable's name.
            var name = tensor.name[...]
            if let colon = name.lastIndex(of: ":") { name = name[..<colon] }
            let all = name.split(separator: "/")
            parts = Array(all.dropLast())
            kind = all.last ?? ""
            shape = tensor.shape
        }

        /// If this belongs to a network's first convolution, the path of the model around it. A path may name the layer twice.
        var model: [Substring]? {
            for start in parts.indices {
                let isFirst =
                    parts[start] == "conv1_conv"
                    || start == parts.count - 1 && Self.number(of: parts[start], in: "conv2d") == 0
                    || parts[start] == "conv1" && start + 1 < parts.count && parts[start + 1] == "conv"
                if isFirst { return Array(parts[..<start]) }
            }
            return nil
        }

        /// The number of a layer that is named by its class: 0 for `conv2d` or `conv2d_0`, 1 for `conv2d_1`; nil for other names.
        static func number(of layer: Substring, in name: String) -> Int? {
            guard layer.hasPrefix(name) else { return nil }
            let rest = layer.dropFirst(name.count)
            return rest.isEmpty ? 0 : rest.first == "_" ? Int(rest.dropFirst()) : nil
        }

        /// The longest suffix of the path that names one of `layers`, which may contain a slash.
        func layer(in layers: [String: String]) -> String? {
            for end in parts.indices.reversed() {
                if end > 0, let layer = layers["\(parts[end - 1])/\(parts[end])"] { return layer }
                if let layer = layers[String(parts[end])] { return layer }
            }
            return nil
        }
    }

    /// Nil if the tensors do not belong to `layers`, a network's layers by Keras' names, all of `needed` and none of `foreign`
    /// among them; or, in files without names, if their numbers are not those in `order`, by layer class. A file's only dense
    /// layer with `featureCount` inputs is the classifier, whatever its name.
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
        let classifier = layers["predictions"]!
        if !found.contains(classifier) {
            let dense = weights.indices.filter { weights[$0].shape.count == 2 }
            if dense.count == 1, weights[dense[0]].shape[0] == featureCount {
                let path = weights[dense[0]].parts
                for index in weights.indices where weights[index].parts == path { found[index] = classifier }
            }
        }
        names = zip(weights, found).map { weight, layer in
            guard let layer, let kind = Self.kinds[String(weight.kind)] else { return nil }
            return layer + "." + kind
        }
    }

    /// The layers of numbered weights: those of the only group with as many of each class as the network.
    private static func numbered(
        _ weights: [Weight], order: [String: [String]], layers: [String: String]
    ) -> [String?]? {
        var counts: [[Substring]: [String: Set<Int>]] = [:]
        let places = weights.map { weight -> (kind: String, index: Int)? in
            guard let last = weight.parts.last else { return nil }
            for (name, layers) in order {
                guard let index = Weight.number(of: last, in: name),
                    layers.indices.contains(index) || index == layers.count
                else { continue }
                counts[weight.parts.dropLast(), default: [:]][name, default: []].insert(index)
                return (name, index)
            }
            return nil
        }
        let wanted = order.mapValues { Set($0.indices) }
        let groups = counts.filter { $0.value == wanted }.keys
        guard groups.count == 1, let group = groups.first else { return nil }
        return zip(weights, places).map { weight, place in
            guard let place, weight.parts.dropLast() == group else { return nil }
            return layers[order[place.kind]![place.index]]
        }
    }

    /// Keras' names for weights.
    private static let kinds = [
        "kernel": "weight", "gamma": "weight", "bias": "bias", "beta": "bias", "moving_mean": "running_mean",
        "moving_variance": "running_var",
    ]
}

extension KerasNaming {
    /// The networks of `keras.applications` in a file: one, or all of a model of several, each under its own path.
    ///
    /// - Complexity: O(tensors · models), of which at most `mostModels` are examined.
    static func all(in tensors: [TensorFile.Tensor]) -> [FoundNetwork] {
        // Keras' names are paths. The tables of all its networks take a while to build.
        if !tensors.contains(where: { $0.name.contains("/") }) { return [] }
        let weights = tensors.map(Weight.init)
        var models: [[Substring]] = []
        for path in weights.lazy.compactMap(\.model) where models.count < mostModels && !models.contains(path) {
            models.append(path)
        }
        if models.count > 1 {
            let owners = weights.map { weight in
                models.filter { weight.parts.starts(with: $0) }.max { $0.count < $1.count }
            }
            let found = models.compactMap { path in
                network(in: tensors, members: tensors.indices.filter { owners[$0] == path }, path: path)
            }
            if found.count > 1 { return found }
        }
        return network(in: tensors, members: Array(tensors.indices), path: []).map { [$0] } ?? []
    }

    private static let mostModels = 64

    /// The network to which these members of the tensors belong.
    private static func network(
        in tensors: [TensorFile.Tensor], members: [Int], path: [Substring]
    ) -> FoundNetwork? {
        let own = members.map { tensors[$0] }
        for (architecture, table) in tables {
            guard let naming = KerasNaming(own, table) else { continue }
            let outline = architecture.outline
            let known = WeightNaming(.keras, architecture)
            let matched = zip(own, naming.names).filter { tensor, name in
                guard let name, let shape = outline.shapes[name] else { return false }
                return shape == known.arrangement(name, shape: tensor.shape).shape(tensor.shape)
            }
            var names = [String?](repeating: nil, count: tensors.count)
            for (member, name) in zip(members, naming.names) { names[member] = name }
            return FoundNetwork(
                naming: known, prefix: path.map { $0 + "/" }.joined(), names: names, matched: matched.count)
        }
        return nil
    }

    private init?(_ tensors: [TensorFile.Tensor], _ table: Table) {
        self.init(
            tensors, layers: table.layers, needed: table.needed, foreign: table.foreign,
            order: ["conv2d": table.convolutions, "batch_normalization": table.normalizations],
            featureCount: table.featureCount)
    }

    /// A network's layers by Keras' names.
    private struct Table {
        /// Our names, keyed by Keras'.
        var layers = ["predictions": "classifier", "fc1000": "classifier", "probs": "classifier"]
        /// Keras' names in the order in which Keras numbers the layers of a class.
        var convolutions: [String] = []
        var normalizations: [String] = []
        /// Layers that distinguish the network from others, and layers of its larger relatives.
        var needed: [String] = []
        var foreign: [String] = []
        let featureCount: Int

        init(_ architecture: Architecture) {
            featureCount = architecture.featureCount
            for name in layers.keys { layers[name] = architecture.outline.classifier }
        }

        mutating func convolution(_ keras: String, _ ours: String) {
            layers[keras] = ours
            convolutions.append(keras)
        }

        mutating func normalization(_ keras: String, _ ours: String) {
            layers[keras] = ours
            normalizations.append(keras)
        }
    }

    private static let tables = Architecture.allCases.compactMap { architecture in
        table(of: architecture).map { (architecture, $0) }
    }

    private static func table(of architecture: Architecture) -> Table? {
        switch architecture.backbone(classes: 2) {
        case let network as DenseNet where network.stem == .imageNet: table(architecture, network)
        case let network as ResNet where network.order == .keras: table(architecture, network)
        case let network as ResNetV2 where network.order == .keras: table(architecture, network)
        default: nil
        }
    }

    /// Before Keras 3, DenseNet's first layers were called `conv1/conv` and `conv1/bn`.
    private static func table(_ architecture: Architecture, _ network: DenseNet) -> Table {
        var table = Table(architecture)
        table.convolution("conv1_conv", "features.conv0")
        table.normalization("conv1_bn", "features.norm0")
        table.layers["conv1/conv"] = "features.conv0"
        table.layers["conv1/bn"] = "features.norm0"
        for (block, count) in zip(1..., network.blocks) {
            for layer in 1...count {
                let (keras, ours) = ("conv\(block + 1)_block\(layer)", "features.denseblock\(block).denselayer\(layer)")
                table.normalization(keras + "_0_bn", ours + ".norm1")
                table.convolution(keras + "_1_conv", ours + ".conv1")
                table.normalization(keras + "_1_bn", ours + ".norm2")
                table.convolution(keras + "_2_conv", ours + ".conv2")
            }
            if block > 2 {
                table.needed.append("conv\(block + 1)_block\(count)_1_conv")
                table.foreign.append("conv\(block + 1)_block\(count + 1)_1_conv")
            }
            if block == network.blocks.count { break }
            table.convolution("pool\(block + 1)_conv", "features.transition\(block).conv")
            table.normalization("pool\(block + 1)_bn", "features.transition\(block).norm")
        }
        // Residual networks have this layer.
        table.foreign += ["conv5_block1_3_conv"]
        table.normalization("bn", "features.norm5")
        return table
    }

    private static func table(_ architecture: Architecture, _ network: ResNet) -> Table {
        var table = Table(architecture)
        table.convolution("conv1_conv", "conv1")
        table.normalization("conv1_bn", "bn1")
        for (stage, count) in zip(1..., network.blocks) {
            for block in 1...count {
                let (keras, ours) = ("conv\(stage + 1)_block\(block)_", "layer\(stage).\(block - 1).")
                for part in ["1", "2"] + (block == 1 ? ["0"] : []) + ["3"] {
                    // The projection is as far from the output as the last convolution, and was created before it.
                    table.convolution(keras + part + "_conv", ours + (part == "0" ? "downsample.0" : "conv" + part))
                    table.normalization(keras + part + "_bn", ours + (part == "0" ? "downsample.1" : "bn" + part))
                }
            }
            table.needed.append("conv\(stage + 1)_block\(count)_3_bn")
            table.foreign.append("conv\(stage + 1)_block\(count + 1)_3_bn")
        }
        return table
    }

    /// The layers of `keras.applications.ResNet50V2` and its relatives are ours.
    private static func table(_ architecture: Architecture, _ network: ResNetV2) -> Table {
        var table = Table(architecture)
        table.convolution("conv1_conv", "conv1_conv")
        for (stage, count) in zip(2..., network.blocks) {
            for block in 1...count {
                let name = "conv\(stage)_block\(block)_"
                for part in ["preact_bn", "1_bn", "2_bn"] { table.normalization(name + part, name + part) }
                // The projection is as far from the output as the last convolution, and was created before it.
                for part in ["1_conv", "2_conv"] + (block == 1 ? ["0_conv"] : []) + ["3_conv"] {
                    table.convolution(name + part, name + part)
                }
            }
        }
        table.normalization("post_bn", "post_bn")
        table.needed = ["conv2_block1_preact_bn", "conv4_block\(network.blocks[2])_1_conv", "post_bn"]
        table.foreign = ["conv3_block\(network.blocks[1] + 1)_1_conv", "conv4_block\(network.blocks[2] + 1)_1_conv"]
        return table
    }
}
