import Foundation
import NeuralNetwork
import TensorFiles

/// Where weights come from, and how much of a network they must have.
public struct WeightSource: Sendable, Equatable {
    /// The file.
    public var url: URL
    /// Whether tensors may be missing or of another shape, which then start as in training.
    public var allowsMissing: Bool

    /// The file at `url`.
    public init(_ url: URL, allowsMissing: Bool = false) {
        (self.url, self.allowsMissing) = (url, allowsMissing)
    }
}

/// A file of weights from this program or another, with its names understood; values are read only where they fit.
public struct WeightFile {
    /// The file's tensors.
    public let file: TensorFile
    /// Nil for a network that is not known here.
    public let naming: WeightNaming?
    /// What stands before all names, such as `model.`.
    public let prefix: String
    /// A tensor of the file: where it stands, and its shape in PyTorch's order.
    private struct Place {
        let index: Int
        let shape: [Int]
        let arrangement: TensorArrangement
    }
    private let allowsMissing: Bool
    /// By the network's names.
    private let places: [String: Place]

    /// The file at `url`, of which nothing may be missing.
    public init(_ url: URL) throws { try self.init(WeightSource(url)) }

    /// Reads what the file says of its tensors. Throws what `TensorFile` throws.
    public init(_ source: WeightSource) throws {
        file = try TensorFile(source.url)
        allowsMissing = source.allowsMissing
        let known = WeightNaming.of(file.tensors)
        naming = known?.naming
        prefix = known?.prefix ?? ""
        var places: [String: Place] = [:]
        if let (naming, prefix) = known {
            let names = naming.networkNames(file.tensors, prefix: prefix)
            for (index, (tensor, name)) in zip(file.tensors, names).enumerated() {
                guard let name, places[name] == nil else { continue }
                let arrangement = naming.arrangement(name, shape: tensor.shape)
                places[name] = Place(index: index, shape: arrangement.shape(tensor.shape), arrangement: arrangement)
            }
        }
        self.places = places
    }

    /// Whether this program wrote the file; it then says more in its metadata, see `Checkpoint`.
    public var isOwn: Bool { file.metadata.keys.contains { $0.hasPrefix("penumbra.") } }

    /// The classes that the classifier tells apart, or nil where there is none.
    public var classCount: Int? {
        guard let naming, let shape = places["classifier.weight"]?.shape, shape.count == 2,
            (1...1_000_000).contains(shape[0]), isOwn || shape[1] == naming.featureCount
        else { return nil }
        return shape[0]
    }

    /// Compares the file with a network's tensors.
    ///
    /// - Parameter needsClassifier: otherwise a classifier that is missing or for other classes is skipped as a whole.
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

    /// The tensors of `network` with the values that the file has for them; the others keep their own.
    ///
    /// - Throws: `CheckpointError.unknownNetwork`; `mismatch`, unless the source allows that tensors are missing; what
    ///   reading throws.
    public func tensors(
        for network: [NamedTensor], needsClassifier: Bool
    ) throws -> (tensors: [NamedTensor], match: CheckpointMatch) {
        guard naming != nil else {
            throw CheckpointError.unknownNetwork(path: file.path, names: file.tensors.prefix(3).map(\.name))
        }
        let match = match(network, needsClassifier: needsClassifier)
        if !match.isComplete && !allowsMissing { throw CheckpointError.mismatch(path: file.path, match) }
        let matched = match.matched.map { places[$0.name]! }
        let arrays = zip(matched, try file.values(at: matched.map(\.index))).map { $0.arrangement.values($1) }
        let values = Dictionary(uniqueKeysWithValues: zip(match.matched.map(\.name), arrays))
        let tensors = network.map { tensor in
            values[tensor.name].map { NamedTensor(name: tensor.name, shape: tensor.shape, values: $0) } ?? tensor
        }
        return (tensors, match)
    }

    private func fits(_ tensor: NamedTensor) -> Bool {
        places[tensor.name]?.shape == tensor.shape
    }

    /// Whether a tensor of one of our networks belongs to the layers behind the features, which other classes or another
    /// head make useless.
    static func isClassifier(_ name: String) -> Bool { name.hasPrefix("classifier.") || name.hasPrefix("head.") }
}
