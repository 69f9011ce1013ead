import Foundation
import NeuralNetwork
import TensorFiles

/// Where weights come from, and how complete they must be.
public struct WeightSource: Sendable, Equatable {
    /// The file.
    public var url: URL
    /// Whether tensors may be missing or have other shapes; these are then initialised as in training.
    public var allowsMissing: Bool
    /// If the file holds several networks, the prefix of the chosen one's names, with or without the last dot or slash.
    public var part: String?

    /// The file at `url`.
    public init(_ url: URL, allowsMissing: Bool = false, part: String? = nil) {
        (self.url, self.allowsMissing, self.part) = (url, allowsMissing, part)
    }
}

/// A weight file of this program or another, with its names resolved; values are read only where they fit.
public struct WeightFile {
    /// The file's tensors.
    public let file: TensorFile
    /// All known networks in the file.
    public let networks: [FoundNetwork]
    /// Nil for an unknown network.
    public let naming: WeightNaming?
    /// The prefix of all names, such as `model.`.
    public let prefix: String
    /// A tensor of the file: its index, and its shape in PyTorch's order.
    private struct Place {
        let index: Int
        let shape: [Int]
        let arrangement: TensorArrangement
    }
    private let allowsMissing: Bool
    private let part: String?
    /// The layers after the features; nil for files of this program and of Keras, where the names identify them.
    private var head: FileHead?
    /// By the network's names.
    private let places: [String: Place]
    /// For tensors that the file has under two names, both indices, by the network's names.
    private let doubles: [String: (first: Int, second: Int)]

    /// The file at `url`, which must be complete.
    public init(_ url: URL) throws { try self.init(WeightSource(url)) }

    /// Reads the file's descriptions of its tensors. Throws `CheckpointError`, and what `TensorFile` throws.
    public init(_ source: WeightSource) throws {
        do {
            file = try TensorFile(source.url)
        } catch FileReadError.isAFolder(let path) {
            throw CheckpointError.isAFolder(path: path, checkpoints: Self.checkpoints(in: source.url))
        }
        allowsMissing = source.allowsMissing
        networks = FoundNetwork.all(in: file.tensors)
        part = source.part
        var chosen = networks.first
        if let part = source.part {
            chosen = networks.first { $0.prefix == part || $0.part == part }
            if chosen == nil {
                throw CheckpointError.noSuchPart(path: file.path, part: part, parts: networks.map(\.part))
            }
        }
        naming = chosen?.naming
        prefix = chosen?.prefix ?? ""
        var places: [String: Place] = [:], doubles: [String: (first: Int, second: Int)] = [:]
        if let chosen {
            for (index, (tensor, name)) in zip(file.tensors, chosen.names).enumerated() {
                guard let name else { continue }
                if let first = places[name] {
                    doubles[name] = doubles[name] ?? (first.index, index)
                    continue
                }
                let arrangement = chosen.naming.arrangement(name, shape: tensor.shape)
                places[name] = Place(index: index, shape: arrangement.shape(tensor.shape), arrangement: arrangement)
            }
            head = Self.head(of: chosen, places, networks, file)
            if case .dense(let weight) = head { Self.place(weight, as: chosen.naming, in: file, &places) }
        }
        (self.places, self.doubles) = (places, doubles)
    }

    /// The names of files in a folder that may be checkpoints, in their order.
    private static func checkpoints(in folder: URL) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let formats = ["safetensors", "pt", "pth", "h5", "keras"]
        return names.filter { name in formats.contains { name.lowercased().hasSuffix(".\($0)") } }.sorted()
    }

    private static func head(
        of network: FoundNetwork, _ places: [String: Place], _ networks: [FoundNetwork], _ file: TensorFile
    ) -> FileHead? {
        if network.naming.source == .keras || file.metadata.keys.contains(where: { $0.hasPrefix("penumbra.") }) {
            return nil
        }
        let outline = network.naming.architecture.outline
        let used = Set(
            networks.flatMap { other in
                other.names.indices.filter {
                    other.names[$0].map { other.naming.architecture.outline.shapes[$0] != nil } ?? false
                }
            }
        ).union(network.foreign(in: file, among: networks))
        return FileHead(
            file.tensors, apartFrom: used, prefix: network.prefix, features: outline.featureCount,
            classifier: places[outline.classifier + ".weight"]?.index)
    }

    /// Uses a dense layer of the file as the network's classifier.
    private static func place(
        _ weight: Int, as naming: WeightNaming, in file: TensorFile, _ places: inout [String: Place]
    ) {
        let tensor = file.tensors[weight], name = naming.architecture.outline.classifier
        let bias = tensor.name.dropLast("weight".count) + "bias"
        let arrangement = naming.arrangement(name + ".weight", shape: tensor.shape)
        places[name + ".weight"] = Place(
            index: weight, shape: arrangement.shape(tensor.shape), arrangement: arrangement)
        places[name + ".bias"] = file.tensors.firstIndex { $0.name == bias }.map {
            Place(index: $0, shape: file.tensors[$0].shape, arrangement: .same)
        }
    }

    /// The names of the layers after the features, if they are not understood.
    public var otherHead: [String]? {
        if case .other(let names) = head { names } else { nil }
    }

    /// The names of the two dense layers of a head with a hidden layer, if the file has one.
    public var hiddenHeadNames: [String]? {
        guard case .hidden(let first, let second) = head else { return nil }
        return [first, second].map { String(file.tensors[$0].name.dropLast(".weight".count)) }
    }

    /// A head with a hidden layer, if the file has one. Throws what reading throws.
    public func hiddenHead() throws -> HiddenHead? {
        guard case .hidden(let first, let second) = head else { return nil }
        func values(_ weight: Int) throws -> HiddenHead.DenseValues {
            let name = file.tensors[weight].name.dropLast("weight".count) + "bias"
            let outputs = file.tensors[weight].shape[0]
            let bias = file.tensors.firstIndex { $0.name == name && $0.shape == [outputs] }
            return HiddenHead.DenseValues(
                weight: try file.values(at: [weight])[0].values,
                bias: try bias.map { try file.values(at: [$0])[0].values } ?? Array(repeating: 0, count: outputs))
        }
        return HiddenHead(
            names: hiddenHeadNames!, first: try values(first), second: try values(second))
    }

    /// Whether this program wrote the file; its metadata then says more, see `Checkpoint`.
    public var isOwn: Bool { file.metadata.keys.contains { $0.hasPrefix("penumbra.") } }

    /// The number of classes that the classifier distinguishes, or nil if there is none.
    public var classCount: Int? {
        if case .hidden(_, let last) = head { return file.tensors[last].shape[0] }
        guard let outline = naming?.architecture.outline, let shape = places[outline.classifier + ".weight"]?.shape,
            shape.count == 2, (1...1_000_000).contains(shape[0]), isOwn || shape[1] == outline.featureCount
        else { return nil }
        return shape[0]
    }

    /// Compares the file with a network's tensors.
    ///
    /// - Parameter needsClassifier: if false, a classifier that is missing or for other classes is skipped as a whole.
    public func match(_ network: [NamedTensor], needsClassifier: Bool) -> CheckpointMatch {
        var match = CheckpointMatch()
        let takesClassifier = needsClassifier || network.allSatisfy { !Self.isClassifier($0.name) || fits($0) }
        var used: Set<Int> = []
        for tensor in network where takesClassifier || !Self.isClassifier(tensor.name) {
            guard let place = places[tensor.name] else {
                match.missing.append(CheckpointMatch.Tensor(name: tensor.name, shape: tensor.shape))
                continue
            }
            used.insert(place.index)
            let found = place.shape
            if found == tensor.shape {
                match.matched.append(CheckpointMatch.Tensor(name: tensor.name, shape: tensor.shape))
            } else {
                match.misfits.append(
                    CheckpointMatch.Misfit(name: tensor.name, found: found, expected: tensor.shape))
            }
        }
        for (place, tensor) in file.tensors.enumerated()
        where !used.contains(place) && !tensor.name.hasSuffix("num_batches_tracked") {
            match.skipped.append(CheckpointMatch.Tensor(name: tensor.name, shape: tensor.shape))
        }
        return match
    }

    /// The tensors of `network` with the values from the file; those that the file lacks keep their own.
    ///
    /// - Throws: `CheckpointError.unknownNetwork`; `doubledTensor`; `mismatch`, unless the source allows missing tensors; what
    ///   reading throws.
    public func tensors(
        for network: [NamedTensor], needsClassifier: Bool
    ) throws -> (tensors: [NamedTensor], match: CheckpointMatch) {
        try requireNetwork()
        let match = match(network, needsClassifier: needsClassifier)
        for tensor in network where needsClassifier || !Self.isClassifier(tensor.name) {
            guard let double = doubles[tensor.name] else { continue }
            throw CheckpointError.doubledTensor(
                path: file.path, first: file.tensors[double.first].name, second: file.tensors[double.second].name)
        }
        if !match.isComplete && !allowsMissing { throw CheckpointError.mismatch(path: file.path, match) }
        let matched = match.matched.map { places[$0.name]! }
        let arrays = zip(matched, try file.values(at: matched.map(\.index))).map { $0.arrangement.values($1) }
        let values = Dictionary(uniqueKeysWithValues: zip(match.matched.map(\.name), arrays))
        let tensors = network.map { tensor in
            values[tensor.name].map { NamedTensor(name: tensor.name, shape: tensor.shape, values: $0) } ?? tensor
        }
        return (tensors, match)
    }

    /// Identifies the network.
    ///
    /// - Throws: `CheckpointError.unknownNetwork`, or `severalNetworks` if none of them was chosen.
    @discardableResult
    public func requireNetwork() throws(CheckpointError) -> WeightNaming {
        guard let naming else { throw .unknownNetwork(path: file.path, UnknownNetwork(file.tensors)) }
        if networks.count > 1, part == nil {
            throw .severalNetworks(path: file.path, parts: networks.map { "\($0.part): \($0.naming.title)" })
        }
        return naming
    }

    private func fits(_ tensor: NamedTensor) -> Bool {
        places[tensor.name]?.shape == tensor.shape
    }

    /// Whether a tensor of one of our networks belongs to the layers after the features, which cannot be used for other classes
    /// or with another head.
    static func isClassifier(_ name: String) -> Bool {
        ["classifier.", "fc.", "linear.", "head."].contains { name.hasPrefix($0) }
    }
}
