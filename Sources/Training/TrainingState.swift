import Foundation
import NeuralNetwork
import TensorFiles

/// Everything that a training needs to continue after a step as if it had never stopped.
///
/// It is in one file, so that it is whole or not there; the checkpoint and the history next to it are written from it.
struct TrainingState {
    /// What a run was started with; it distinguishes the states of different runs.
    struct Identity: Codable, Equatable {
        var parameters: TrainingParameters
        /// The SHA-256 digest of the samples: order, ids, labels, subsets and the sizes of the image files.
        var data: String
    }

    /// How far the run is.
    struct Position: Codable, Equatable {
        /// The epoch that the next step belongs to, from 0.
        var epoch = 0
        /// The next step in that epoch, from 0.
        var step = 0
        /// Σ loss · samples of the epoch's steps so far.
        var lossSum = 0.0
        var history: [EpochRecord] = []
        /// How many threads the run has used: another number gives other bytes.
        var threads: Int
        /// In how many parts a batch is processed.
        var parts = 1
        /// How many processes share the run; nil for one alone.
        var processes: Int?

        /// Beyond every batch and every machine.
        static let mostPartsOrThreads = 1 << 20

        /// Why a run of `epochs` epochs of `steps` steps cannot be at this position, as key, number and range; nil if it
        /// can. After an epoch's last step its validation is still to come.
        func problem(epochs: Int, steps: Int) -> String? {
            if !(0...epochs).contains(epoch) { return "epoch is \(epoch); expected 0 to \(epochs)" }
            let most = epoch < epochs ? steps : 0
            if !(0...most).contains(step) { return "step is \(step) in epoch \(epoch); expected 0 to \(most)" }
            if history.map(\.epoch) != Array(1..<epoch + 1) {
                return "history has the epochs \(history.prefix(12).map(\.epoch)); expected 1 to \(epoch)"
            }
            return lossSum.isFinite ? nil : "lossSum is \(lossSum); expected a finite number"
        }
    }

    var identity: Identity
    var position: Position
    var values: [NamedTensor]
    var velocities: [NamedTensor]
    /// Adam's means of squared gradients; empty for other optimisers.
    var squares: [NamedTensor] = []

    /// The version of the metadata that is written, and the highest that is read.
    static let format = 1

    private static let velocityPrefix = "velocity/"
    private static let squarePrefix = "square/"

    func write(to url: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        var file = SafetensorsFile(metadata: [
            "penumbra.format": String(Self.format),
            "penumbra.identity": String(decoding: try encoder.encode(identity), as: UTF8.self),
            "penumbra.position": String(decoding: try encoder.encode(position), as: UTF8.self),
        ])
        for tensor in values { file.append(tensor.name, NumericArray(shape: tensor.shape, values: tensor.values)) }
        for (prefix, tensors) in [(Self.velocityPrefix, velocities), (Self.squarePrefix, squares)] {
            for tensor in tensors {
                file.append(prefix + tensor.name, NumericArray(shape: tensor.shape, values: tensor.values))
            }
        }
        try file.write(to: url)
    }

    static func read(_ url: URL) throws -> TrainingState {
        let file = try SafetensorsFile.read(url)
        func decode<Value: Decodable>(_ key: String, as type: Value.Type) throws -> Value {
            guard let text = file.metadata["penumbra." + key],
                let value = try? ForeignJSON.decode(type, from: Array(text.utf8))
            else {
                throw TrainingError.badState(path: url.path, found: "metadata penumbra.\(key) is missing or broken")
            }
            return value
        }
        // Files of programs before there was the key are of version 1.
        let format = file.metadata["penumbra.format"] ?? "1"
        guard let number = Int(format), (1...Self.format).contains(number) else {
            throw TrainingError.badState(
                path: url.path,
                found: "it is of format \(format.prefix(20)), written by a newer version; this one reads up to "
                    + "\(Self.format)")
        }
        var values: [NamedTensor] = [], velocities: [NamedTensor] = [], squares: [NamedTensor] = []
        for tensor in file.tensors {
            let prefix = [velocityPrefix, squarePrefix].first(where: tensor.name.hasPrefix) ?? ""
            let named = NamedTensor(
                name: String(tensor.name.dropFirst(prefix.count)), shape: tensor.array.shape,
                values: tensor.array.values)
            switch prefix {
            case velocityPrefix: velocities.append(named)
            case squarePrefix: squares.append(named)
            default: values.append(named)
            }
        }
        let identity = try decode("identity", as: Identity.self)
        let position = try decode("position", as: Position.self)
        // Before the network is planned for that many parts and threads.
        for (name, found) in [("parts", position.parts), ("threads", position.threads)]
        where !(1...Position.mostPartsOrThreads).contains(found) {
            throw TrainingError.badState(
                path: url.path,
                found: "its number of \(name) is \(found); expected 1 to \(Position.mostPartsOrThreads)")
        }
        return TrainingState(
            identity: identity, position: position,
            values: values, velocities: velocities, squares: squares)
    }

    /// Throws the first thing in which this run is not the one that `expected` describes.
    func check(_ expected: Identity, path: String) throws(TrainingError) {
        if identity == expected { return }
        if let (parameter, found, wanted) = identity.parameters.difference(from: expected.parameters) {
            throw .otherRun(path: path, found: parameter.phrase(found), expected: parameter.phrase(wanted))
        }
        throw .otherRun(
            path: path, found: "other images, labels or folds (digest \(identity.data.prefix(12))…)",
            expected: "those of the data set (\(expected.data.prefix(12))…)")
    }
}
