import Foundation
import NeuralNetwork
import TensorFiles

/// A file of weights from this program or another, with its names understood; values are read only where they fit.
public struct WeightFile {
    /// The file's tensors.
    public let file: TensorFile
    /// Nil for a network that is not known here.
    public let naming: WeightNaming?
    /// What stands before all names, such as `model.`.
    public let prefix: String
    /// Places in the file by the network's names.
    private let places: [String: Int]

    /// Reads what the file says of its tensors. Throws what `TensorFile` throws.
    public init(_ url: URL) throws {
        file = try TensorFile(url)
        let known = WeightNaming.of(file.tensors)
        naming = known?.naming
        prefix = known?.prefix ?? ""
        var places: [String: Int] = [:]
        if let (naming, prefix) = known {
            for (place, tensor) in file.tensors.enumerated() where tensor.name.hasPrefix(prefix) {
                let name = naming.networkName(String(tensor.name.dropFirst(prefix.count)))
                if places[name] == nil { places[name] = place }
            }
        }
        self.places = places
    }

    /// Whether this program wrote the file; it then says more in its metadata, see `Checkpoint`.
    public var isOwn: Bool { file.metadata.keys.contains { $0.hasPrefix("penumbra.") } }

    /// The classes that the classifier tells apart, or nil where there is none.
    public var classCount: Int? {
        if isOwn, let shape = places["classifier.weight"].map({ file.tensors[$0].shape }), shape.count == 2 {
            return shape[0]
        }
        guard let naming, let place = places[naming.classifier] else { return nil }
        let shape = file.tensors[place].shape
        // timm's classifier is a 1 × 1 convolution.
        guard shape.count >= 2, (1...1_000_000).contains(shape[0]), shape[1] == naming.featureCount,
            shape.dropFirst(2).allSatisfy({ $0 == 1 })
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
            used.insert(place)
            let found = file.tensors[place].shape
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
    /// - Throws: `CheckpointError.unknownNetwork` or, unless `allowsMissing`, `mismatch`; what reading throws.
    public func tensors(
        for network: [NamedTensor], needsClassifier: Bool, allowsMissing: Bool
    ) throws -> (tensors: [NamedTensor], match: CheckpointMatch) {
        guard naming != nil else {
            throw CheckpointError.unknownNetwork(path: file.path, names: file.tensors.prefix(3).map(\.name))
        }
        let match = match(network, needsClassifier: needsClassifier)
        if !match.isComplete && !allowsMissing { throw CheckpointError.mismatch(path: file.path, match) }
        let arrays = try file.values(at: match.matched.map { places[$0.name]! })
        let values = Dictionary(uniqueKeysWithValues: zip(match.matched.map(\.name), arrays))
        let tensors = network.map { tensor in
            values[tensor.name].map { NamedTensor(name: tensor.name, shape: tensor.shape, values: $0.values) } ?? tensor
        }
        return (tensors, match)
    }

    private func fits(_ tensor: NamedTensor) -> Bool {
        places[tensor.name].map { file.tensors[$0].shape } == tensor.shape
    }

    /// Whether a tensor of one of our networks belongs to the layers behind the features, which other classes or another
    /// head make useless.
    static func isClassifier(_ name: String) -> Bool { name.hasPrefix("classifier.") || name.hasPrefix("head.") }
}
