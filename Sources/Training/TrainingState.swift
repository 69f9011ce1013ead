import Foundation
import NeuralNetwork
import TensorFiles

/// Everything that a run needs to go on after a step as if it had never stopped.
///
/// It lies in one file, so that it is whole or not there; the checkpoint and the history beside it are written from it.
struct TrainingState {
    /// What a run was started with: another run's state is told by it.
    struct Identity: Codable, Equatable {
        var parameters: TrainingParameters
        /// The SHA-256 digest of the samples: order, ids, labels, subsets and the sizes of the image files.
        var data: String
    }

    /// Where the run stands.
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
        /// In how many parts a batch is worked off.
        var parts = 1

        /// Beyond every batch and every machine.
        static let mostPartsOrThreads = 1 << 20

        /// Whether a run of `epochs` epochs of `steps` steps can stand here. After an epoch's last step its validation is
        /// still to come.
        func isPossible(epochs: Int, steps: Int) -> Bool {
            (0...epochs).contains(epoch) && (0...steps).contains(step) && (epoch < epochs || step == 0)
                && history.map(\.epoch) == Array(1..<epoch + 1) && lossSum.isFinite
        }
    }

    var identity: Identity
    var position: Position
    var values: [NamedTensor]
    var velocities: [NamedTensor]
    /// Adam's means of squared gradients; empty for other optimisers.
    var squares: [NamedTensor] = []

    private static let velocityPrefix = "velocity/"
    private static let squarePrefix = "square/"

    func write(to url: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        var file = SafetensorsFile(metadata: [
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
                found: "its number of \(name) is \(found), 1 to \(Position.mostPartsOrThreads) expected")
        }
        return TrainingState(
            identity: identity, position: position,
            values: values, velocities: velocities, squares: squares)
    }

    /// Throws the first thing in which this run is not the one that `expected` describes.
    func check(_ expected: Identity, path: String) throws(TrainingError) {
        if identity == expected { return }
        let mine = Self.fields(identity.parameters), theirs = Self.fields(expected.parameters)
        for (name, value) in theirs.sorted(by: { $0.key < $1.key }) where mine[name] != value {
            throw .otherRun(path: path, name: name, found: mine[name] ?? "unknown", expected: value)
        }
        throw .otherRun(path: path, name: "data set", found: identity.data, expected: expected.data)
    }

    /// The parameters as the user knows them.
    private static func fields(_ parameters: TrainingParameters) -> [String: String] {
        [
            "backbone": parameters.architecture.rawValue, "head": parameters.head.rawValue,
            "accumulation": parameters.accumulation.map { "\($0)" } ?? "as the memory holds",
            "optimizer": parameters.optimizer.rawValue, "schedule": parameters.schedule.rawValue,
            "class weights": parameters.weighsClasses ? "on" : "off",
            "label smoothing": "\(parameters.labelSmoothing)", "labels": parameters.labels.rawValue,
            "resampling": parameters.resamples ? "on" : "off", "loss": parameters.loss.rawValue,
            "annotations": parameters.annotations.map { "\($0)" } ?? "all",
            "training images": parameters.trainingImages.map { "\($0)" } ?? "all",
            "priors": parameters.hiddenShares.map { "\($0)" } ?? "auto",
            "split": "\(parameters.split)", "image size": "\(parameters.imageSize)",
            "resizing": parameters.resize.rawValue, "upsampling": "\(parameters.upsample)",
            "epochs": "\(parameters.epochs)",
            "batch size": "\(parameters.batchSize)", "learning rate": "\(parameters.learningRate)",
            "momentum": "\(parameters.momentum)", "weight decay": "\(parameters.weightDecay)",
            "dropout": "\(parameters.dropout)", "augmentation": parameters.augments ? "on" : "off",
            "precision": parameters.precision.rawValue, "seed": "\(parameters.seed)",
            "pretrained checkpoint": parameters.pretrained ?? "none",
        ]
    }
}
