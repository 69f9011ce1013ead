@testable import Backbones
@testable import FeatureSpaces
import Foundation
import LabelDistributions
@testable import NeighborEmbedding
@testable import PenumbraRuns
@testable import TensorFiles
@testable import Training

/// Small files of the kinds that this program reads or writes.
enum Samples {
    static let annotations = """
        [{"name": "1", "dataset_name": "dataset", "annotations": [
            {"image_path": "dataset/fold1/x.png", "class_label": "a"},
            {"image_path": "dataset/fold2/y.png", "class_label": "b"},
            {"image_path": "dataset/fold2/y.png", "class_label": null}]}]
        """

    static let dcic = """
        {"name": "dataset", "v_fold": 1, "classes": ["a", "b"], "budget": 1.0, "weighted_budget": 1.0, "images": [
            {"path": "dataset/fold1/x.png", "split": "train", "gt": 0, "gt_verbose": "a", "soft_gt": [0.75, 0.25],
             "info": {}},
            {"path": "dataset/fold2/y.png", "split": "val", "gt": 1, "gt_verbose": "b", "soft_gt": [0, 1], "info": {}}]}
        """

    /// Parses names and shapes of tensors, one per line: the name, a tab, the extents separated by commas.
    static func tensors(in text: String) -> [TensorFile.Tensor] {
        text.split(separator: "\n").map { line in
            let parts = line.split(separator: "\t", maxSplits: 1)
            let shape = (parts.count > 1 ? parts[1] : "").split(separator: ",").compactMap { Int($0) }
            return TensorFile.Tensor(name: String(parts.first ?? ""), shape: shape, type: "float32")
        }
    }

    /// Networks in that format: one of each family under our tensor names, and Keras' networks under theirs.
    static let networks: [[UInt8]] = {
        struct Variable: Decodable { let name: String, shape: [Int] }
        struct Model: Decodable { let variables: [Variable] }
        struct Names: Decodable { let densenet121: Model, resnet50v2: Model, resnet50_keras: Model }
        func bytes(_ tensors: [(name: String, shape: [Int])]) -> [UInt8] {
            let lines = tensors.map { "\($0.name)\t\($0.shape.map(\.description).joined(separator: ","))\n" }
            return Array(lines.joined().utf8)
        }
        let url = URL(fileURLWithPath: "Tests/BackbonesTests/Fixtures/keras-names.json")
        let names = try! JSONDecoder().decode(Names.self, from: Data(contentsOf: url))
        let keras = [names.densenet121, names.resnet50v2, names.resnet50_keras].map { model in
            bytes(model.variables.map { (name: $0.name, shape: $0.shape) })
        }
        let architectures: [Architecture] = [
            .resnet18, .resnet20_cifar, .preactresnet18, .wrn_28_2, .densenet_bc_100_12, .resnet50v2, .resnetv2_50,
        ]
        return keras + architectures.map { bytes($0.outline.tensors.map { (name: $0.name, shape: $0.shape) }) }
    }()

    static let run = """
        {"version": "0.1.0", "stages": {"split-1/hard/train": {"command": "penumbra train x", "parameters": {"epochs": 3,
            "lr": 0.02, "seed": 18446744073709551615, "list": [1, null, true]}, "data": "/x", "inputs": {"dataset": "ab"},
            "outputs": ["split-1/hard/checkpoint.safetensors"]}}}
        """

    static let evaluation: String = {
        let table = PredictionTable(
            ids: try! SampleIDs(path: "p", ["x", "y"]), classes: ["a", "b"],
            labels: [.init(oneHot: 0, of: 2), .init(oneHot: 1, of: 2)], predictions: [[1, 0], [0, 1]])
        let evaluations = (1...2).map {
            Evaluation(
                table, name: "split-\($0)/hard", repetition: Repetition(split: .slice($0)),
                kind: MemberKind(name: "hard"))
        }
        return try! JSONText.of(EvaluationTable(evaluations))
    }()

    static let report: String = {
        let report = LayoutReport(
            features: "f.npy", featuresDigest: "ab", points: 2, dimension: 3, parameters: .defaults, method: "exact",
            learningRate: 50, earlyLearningRate: 50, perplexity: [], neighborRecall: 1, iterations: 10,
            isComplete: true, repulsionEvaluations: 10, klDivergence: 0.5, klTrace: [], seconds: .init())
        return try! JSONText.of(report)
    }()

    static let maps = try! JSONText.of([
        FinishedMaps.Record(map: "a.csv", identity: identity, snapshots: 2, digest: "ab")
    ])

    static let space = try! FeatureSpace(
        features: [0, 1, 3], dimension: 1, labels: [0, 1, 1].map { LabelDistribution(oneHot: $0, of: 2) })

    static let measureParameters: MeasureParameters = {
        var parameters = MeasureParameters()
        (parameters.neighbors, parameters.bootstraps, parameters.permutations) = (1, 2, 2)
        return parameters
    }()

    static let measures: String = {
        let found = try! MappedSpace(features: space, map: space, parameters: measureParameters).findings
        return try! JSONText.of(
            MeasuringState.Content(identity: .init([space, space], measureParameters), findings: found))
    }()

    static let count = 3

    static let identity = ProjectionState.Identity(
        featuresDigest: "ab", instructionSet: "default", parameters: .defaults)

    static let projection: [UInt8] = {
        let zeros = [Float](repeating: 0, count: 2 * count)
        let descent = DescentState(
            iteration: 10, order: [2, 0, 1], points: [0, 1, 2, 3, 4, 5], velocity: zeros, gain: zeros.map { $0 + 1 },
            repulsion: zeros, normalization: 1, drift: 0, repulsionEvaluations: 10, sums: [0, 0, 0, 0], klTrace: [],
            convergence: .init())
        return written { try ProjectionState(identity: identity, descent: descent).write(to: $0) }
    }()

    static let training: [UInt8] = {
        var position = TrainingState.Position(threads: 2)
        (position.epoch, position.step) = (1, 3)
        position.history = [
            EpochRecord(
                epoch: 1, loss: 0.5, learningRate: 0.02, validation: [.macroAccuracy: 0.5, .klDivergence: 0.7],
                seconds: 2)
        ]
        let state = TrainingState(
            identity: .init(parameters: .defaults, data: "ab"), position: position,
            values: [.init(name: "w", shape: [2], values: [1, 2])],
            velocities: [.init(name: "w", shape: [2], values: [0, 0])])
        return written { try state.write(to: $0) }
    }()

    static let part = written { url in
        var content = SafetensorsFile()
        content.append("features", NumericArray(shape: [1, 2], values: [1, 2]))
        let identity = PartFile.Identity(command: ["embed", "x"], folder: "/", inputs: ["dataset": "ab"], total: 2)
        try PartFile(url: url, share: WorkShare("1/2")!, identity: identity, content: content).write()
    }

    private static func written(_ write: (URL) throws -> Void) -> [UInt8] {
        let url = URL(fileURLWithPath: "/dev/shm/penumbra-fuzz-seed-\(getpid())")
        defer { unlink(url.path) }
        try! write(url)
        return Array(try! Data(contentsOf: url))
    }
}
