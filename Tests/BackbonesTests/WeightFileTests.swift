import Numerics
import Foundation
import TensorFiles
import Testing
import TestSupport

@testable import Backbones
@testable import NeuralNetwork

/// Other programs' weights. Names and shapes are those of torchvision and timm (`Tools/reference/checkpoint_names.py`), values
/// those of `Tools/reference/densenet121_generator.py`.
@Suite final class WeightFileTests {
    struct Names: Decodable {
        struct Tensor: Decodable {
            let name: String
            let shape: [Int]
            init(from decoder: any Decoder) throws {
                var container = try decoder.unkeyedContainer()
                name = try container.decode(String.self)
                shape = try container.decode([Int].self)
            }
        }
        let densenet121: [Tensor]
        let resnetv2_50: [Tensor]
    }

    let names: Names
    let oracle: BackboneOracle
    let folder: URL

    init() throws {
        let fixtures = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        names = try JSONDecoder().decode(
            Names.self, from: Data(contentsOf: fixtures.appending(path: "checkpoint-names.json")))
        oracle = try OracleCase.densenet121.read().oracle
        folder = FileManager.default.temporaryDirectory.appending(path: "penumbra-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// torchvision's state dict for six classes, including batch counters, with the generator's values.
    private func densenet() -> [NamedTensor] {
        names.densenet121.map { tensor in
            if tensor.name.hasSuffix("num_batches_tracked") {
                return NamedTensor(name: tensor.name, shape: [], values: [3])
            }
            let isClassifier = tensor.name.hasPrefix("classifier.")
            let shape = isClassifier ? [oracle.classes] + tensor.shape.dropFirst() : tensor.shape
            return SeededTensors.parameter(tensor.name, shape, normBiasOffset: oracle.normBiasOffset)
        }
    }

    private func write(_ tensors: [NamedTensor], metadata: [String: String] = ["format": "pt"]) throws -> URL {
        var file = SafetensorsFile(metadata: metadata)
        for tensor in tensors {
            file.append(tensor.name, NumericArray(shape: tensor.shape, values: tensor.values))
        }
        let url = folder.appending(path: "weights.bin")
        try file.write(to: url)
        return url
    }

    private func renamed(_ tensors: [NamedTensor], _ rename: (String) -> String?) -> [NamedTensor] {
        tensors.compactMap { tensor in
            rename(tensor.name).map { NamedTensor(name: $0, shape: tensor.shape, values: tensor.values) }
        }
    }

    /// Zeros suffice, since only shapes identify a network.
    private func listed(_ tensors: [(name: String, shape: [Int])]) throws -> WeightFile {
        let zeros = tensors.map { tensor in
            NamedTensor(
                name: tensor.name, shape: tensor.shape,
                values: [Float](repeating: 0, count: tensor.shape.reduce(1, *)))
        }
        return try WeightFile(write(zeros))
    }

    private func withOldDots(_ name: String) -> String {
        name.contains("denselayer")
            ? name.replacing("norm1", with: "norm.1").replacing("norm2", with: "norm.2")
                .replacing("conv1", with: "conv.1").replacing("conv2", with: "conv.2") : name
    }

    // MARK: - Features

    /// Whatever the tensor names, the features equal PyTorch's in float64 within 1e-5 of their norm, the tolerance of the
    /// network's own parity test.
    @Test(arguments: ["torchvision", "before 2018", "under a prefix"])
    func featuresArePyTorchs(naming: String) throws {
        let tensors =
            switch naming {
            case "before 2018": renamed(densenet()) { withOldDots($0) }
            case "under a prefix": renamed(densenet()) { "module.backbone." + $0 }
            default: densenet()
            }
        let opened = try OpenedCheckpoint(write(tensors))
        #expect(opened.hasClassifier && opened.match?.isComplete == true && opened.match?.skipped == [])
        #expect(opened.checkpoint.classes == (0..<oracle.classes).map(\.description))
        #expect(opened.checkpoint.imageSize == 224)
        _ = try opened.checkFeatures(oracle.evaluations[0].features, side: oracle.evaluations[0].side)
    }

    @Test func ourNamesAreTorchvisions() throws {
        let network = try Architecture.densenet121.backbone(classes: 1000).network(
            imageSize: 32, batch: 1, threads: ThreadCount(1), trains: false)
        let expected = names.densenet121.filter { !$0.name.hasSuffix("num_batches_tracked") }
        let found = try network.state()
        #expect(Set(found.map(\.name)) == Set(expected.map(\.name)) && found.count == expected.count)
        let shapes = Dictionary(uniqueKeysWithValues: found.map { ($0.name, $0.shape) })
        for tensor in expected { #expect(shapes[tensor.name] == tensor.shape, "\(tensor.name)") }
    }

    // MARK: - Matches and mismatches

    @Test func withoutAClassifierThereAreFeatures() throws {
        let opened = try OpenedCheckpoint(write(renamed(densenet()) { $0.hasPrefix("classifier.") ? nil : $0 }))
        #expect(!opened.hasClassifier && opened.match?.isComplete == true)
        #expect(opened.checkpoint.tensors.count == 364 + 242)
    }

    /// A lone dense layer is the classifier under any name; two are a head with a hidden layer; more are reported.
    @Test(arguments: ["head.0.", "last_linear.", "classifier.0.", "head.fc."])
    func headsByOtherNames(name: String) throws {
        let tensors = renamed(densenet()) { $0.hasPrefix("classifier.") ? $0.replacing("classifier.", with: name) : $0 }
        let opened = try OpenedCheckpoint(write(tensors))
        #expect(opened.hasClassifier && opened.match?.isComplete == true && opened.match?.skipped == [])
        let expected = densenet().last { $0.name == "classifier.weight" }
        #expect(opened.checkpoint.tensors.first { $0.name == "classifier.weight" } == expected)
    }

    @Test func aHeadWithAHiddenLayer() throws {
        let backbone = renamed(densenet()) { $0.hasPrefix("classifier.") ? nil : "backbone." + $0 }
        func dense(_ name: String, _ outputs: Int, _ inputs: Int) -> [NamedTensor] {
            [
                NamedTensor(
                    name: name + ".weight", shape: [outputs, inputs],
                    values: SeededTensors.signed(name, outputs * inputs)),
                NamedTensor(name: name + ".bias", shape: [outputs], values: SeededTensors.signed(name + "b", outputs)),
            ]
        }
        let first = dense("fc.0", 5, 1024), second = dense("fc.3", 3, 5)
        let opened = try OpenedCheckpoint(write(backbone + first + second))
        #expect(opened.hasClassifier && opened.checkpoint.classes.count == 3)
        let head = try #require(opened.hiddenHead)
        #expect(head.names == ["fc.0", "fc.3"])
        let features = SeededTensors.signed("features", 2 * 1024)
        let logits = head.logits(features, featureCount: 1024)
        for row in 0..<2 {
            let hidden = (0..<5).map { unit in
                max(
                    0,
                    (0..<1024).reduce(Double(first[1].values[unit])) {
                        $0 + Double(features[row * 1024 + $1]) * Double(first[0].values[unit * 1024 + $1])
                    })
            }
            for output in 0..<3 {
                let expected = (0..<5).reduce(Double(second[1].values[output])) {
                    $0 + hidden[$1] * Double(second[0].values[output * 5 + $1])
                }
                #expect(abs(Double(logits[row * 3 + output]) - expected) < 1e-5 * max(1, abs(expected)))
            }
        }
        // A layer without outputs does not count.
        let empty = try OpenedCheckpoint(write(backbone + first + dense("fc.3", 0, 5)))
        #expect(!empty.hasClassifier && empty.hiddenHead == nil)
        let third = try OpenedCheckpoint(write(backbone + first + second + dense("fc.6", 2, 3)))
        #expect(!third.hasClassifier && third.hiddenHead == nil)
        #expect(
            third.otherHead
                == ["fc.0.weight", "fc.3.weight", "fc.6.weight"])
    }

    @Test func whatIsMissingIsAnErrorThatListsIt() throws {
        let norm = "features.norm5.weight"
        let tensors = densenet().compactMap { tensor in
            switch tensor.name {
            case norm: nil as NamedTensor?
            case "features.norm5.bias": NamedTensor(name: tensor.name, shape: [2], values: [0, 1])
            default: tensor
            }
        }
        let url = try write(tensors + [NamedTensor(name: "extra", shape: [1], values: [0])])
        let problem = errorProblem {
            try OpenedCheckpoint(url)
        } where: { error in
            guard case CheckpointError.mismatch(url.path, let match) = error else { return false }
            return match.missing == [CheckpointMatch.Tensor(name: norm, shape: [1024])]
                && match.misfits
                    == [CheckpointMatch.Misfit(name: "features.norm5.bias", found: [2], expected: [1024])]
                && match.skipped == [CheckpointMatch.Tensor(name: "extra", shape: [1])]
                && "\(error)".hasPrefix(
                    "\(url.path): 604 tensors matched, 1 skipped, 1 missing, 1 of a different shape; ")
                && "\(error)".hasSuffix(
                    """
                    the rest untrained
                      shape   features.norm5.bias is [2]; expected [1024]
                      missing features.norm5.weight [1024]
                      skipped extra [1]
                    """)
        }
        #expect(problem == nil)
        let opened = try OpenedCheckpoint(WeightSource(url, allowsMissing: true))
        let values = Dictionary(uniqueKeysWithValues: opened.checkpoint.tensors.map { ($0.name, $0.values) })
        #expect(values[norm] == [Float](repeating: 1, count: 1024))
        #expect(values["features.norm5.bias"] == [Float](repeating: 0, count: 1024))
        #expect(values["features.conv0.weight"] == densenet()[0].values)
    }

    @Test func numbersThatAreNotFiniteAreRefused() throws {
        let tensors = densenet().map { tensor in
            var tensor = tensor
            if tensor.name == "features.conv0.weight" { tensor.values[7] = .nan }
            return tensor
        }
        let opened = try OpenedCheckpoint(write(tensors))
        let error = NetworkStateError.notFinite(name: "features.conv0.weight", index: 7)
        #expect(throws: CheckpointError.misfit(path: "x", error)) {
            try FeatureExtractor(opened.checkpoint, path: "x", imageSize: 32, threads: ThreadCount(1))
        }
    }

    @Test func otherNetworksAreToldApart() throws {
        let densenet = names.densenet121.filter { !$0.shape.isEmpty }.map { (name: $0.name, shape: $0.shape) }
        #expect(try listed(densenet).naming == WeightNaming(.torchvision, .densenet121))
        #expect(try listed(densenet).classCount == 1000)
        // A deeper block belongs to DenseNet-169.
        let deeper = densenet + [(name: "features.denseblock4.denselayer17.norm1.weight", shape: [1024])]
        #expect(try listed(deeper).naming == nil)
        let resnet = try listed(names.resnetv2_50.map { (name: "model." + $0.name, shape: $0.shape) })
        #expect(resnet.naming == WeightNaming(.timm, .resnetv2_50))
        #expect(resnet.prefix == "model." && resnet.classCount == 1000)
        #expect(resnet.naming?.architecture == .resnetv2_50)
        func keras(_ layers: [String]) throws -> WeightNaming? {
            try listed(layers.map { (name: "\($0)/kernel:0", shape: [1]) }).naming
        }
        let dense = ["conv4_block24_1_conv", "conv5_block16_1_conv", "bn"]
        #expect(try keras(dense) == WeightNaming(.keras, .densenet121))
        let second = ["conv2_block1_preact_bn", "conv4_block6_1_conv", "post_bn"]
        #expect(try keras(second) == WeightNaming(.keras, .resnet50v2))
        #expect(try keras(["conv2_block1_preact_bn", "conv4_block6_1_conv", "conv4_block7_1_conv", "post_bn"]) == nil)
        let unknown = try listed([(name: "fc.weight", shape: [2, 3]), (name: "fc.bias", shape: [2])])
        #expect(throws: CheckpointError.unknownNetwork(path: unknown.file.path, .names(["fc.weight", "fc.bias"]))) {
            try OpenedCheckpoint(URL(fileURLWithPath: unknown.file.path))
        }
    }

    /// With `--pretrained`, a classifier for other classes is left out entirely.
    @Test func aClassifierForOtherClassesIsLeftOut() throws {
        let file = try WeightFile(write(densenet()))
        func network(_ classes: Int) throws -> [NamedTensor] {
            try Architecture.densenet121.backbone(classes: classes)
                .network(imageSize: 32, batch: 1, threads: ThreadCount(1), trains: false).state()
        }
        let same = try file.tensors(for: network(6), needsClassifier: false)
        #expect(same.match.skipped == [] && same.match.matched.count == 606)
        let template = try network(4)
        let other = try file.tensors(for: template, needsClassifier: false)
        #expect(other.match.skipped.map(\.name) == ["classifier.weight", "classifier.bias"])
        #expect(other.tensors.suffix(2) == template.suffix(2))
        #expect(throws: CheckpointError.self) {
            try file.tensors(for: template, needsClassifier: true)
        }
    }

    @Test func ourOwnFilesAreTakenAsTheyAre() throws {
        let checkpoint = Checkpoint(
            architecture: "densenet121", classes: ["a", "b"], imageSize: 48, labels: "soft", tensors: [])
        let url = folder.appending(path: "own.safetensors")
        try checkpoint.write(to: url)
        let opened = try OpenedCheckpoint(url)
        #expect(opened.checkpoint == checkpoint && opened.match == nil && opened.hasClassifier)
    }
}
