import Numerics
import Foundation
@testable import TensorFiles
import Testing

@testable import Backbones
@testable import NeuralNetwork

/// Weights of Keras' networks and of timm's ResNet-50 V2. `Tools/reference/densenet121_keras.py` and `resnet50v2_keras.py`
/// wrote the names and Keras' results; the values are those of `densenet121_generator.py`.
@Suite final class KerasWeightTests {
    struct Names: Decodable {
        struct Variable: Decodable {
            let name: String
            let shape: [Int]
            /// Our name for it.
            let tensor: String
        }
        struct Model: Decodable {
            let variables: [Variable]
            /// Layers by group, for files without layer names.
            let groups: [String: String]
        }
        let densenet121: Model
        let resnet50v2: Model
        let resnet50_keras: Model
    }

    struct Answer: Decodable {
        let classes: Int
        let batch: Int
        let side: Int
        let logits: [[Double]]
        let features: [[Double]]
    }

    let names: Names
    let fixtures: URL
    let folder: URL

    init() throws {
        fixtures = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        names = try JSONDecoder().decode(
            Names.self, from: Data(contentsOf: fixtures.appending(path: "keras-names.json")))
        folder = FileManager.default.temporaryDirectory.appending(path: "penumbra-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// How a file spells what Keras calls `conv1_conv/kernel`.
    enum Style: String, CaseIterable {
        case keras3, keras2, withinAModel, numbered

        func name(_ name: String, _ model: Names.Model) -> String {
            let parts = name.split(separator: "/").map(String.init)
            switch self {
            case .keras3: return name
            case .keras2:
                let layer = ["conv1_conv": "conv1/conv", "conv1_bn": "conv1/bn"][parts[0]] ?? parts[0]
                return "\(layer)/\(parts[1]):0"
            case .withinAModel: return "densenet121/\(name)"
            case .numbered:
                return "layers/functional/layers/\(model.groups.first { $0.value == parts[0] }!.key)/\(parts[1])"
            }
        }
    }

    private func write(_ tensors: [(String, NumericArray)]) throws -> URL {
        var file = SafetensorsFile()
        for (name, array) in tensors { file.append(name, array) }
        let url = folder.appending(path: "weights.bin")
        try file.write(to: url)
        return url
    }

    /// Converts from PyTorch's axis order to Keras', which has outputs last.
    private func keras(_ tensor: NamedTensor, _ shape: [Int]) -> NumericArray {
        guard shape.count > 1 else { return NumericArray(shape: shape, values: tensor.values) }
        let outputs = shape.last!, inputs = shape[shape.count - 2]
        let positions = tensor.values.count / (inputs * outputs)
        let values = tensor.values.indices.map { index in
            let (output, input, position) = (index % outputs, index / outputs % inputs, index / (outputs * inputs))
            return tensor.values[(output * inputs + input) * positions + position]
        }
        return NumericArray(shape: shape, values: values)
    }

    private func tensors(_ model: Names.Model, _ style: Style) -> [(String, NumericArray)] {
        model.variables.map { variable in
            let shape = variable.shape
            let ours = shape.count == 4 ? [shape[3], shape[2], shape[0], shape[1]] : shape.reversed()
            let tensor = SeededTensors.parameter(variable.tensor, ours, normBiasOffset: 0.5)
            return (style.name(variable.name, model), keras(tensor, shape))
        }
    }

    private func check(_ opened: OpenedCheckpoint, _ answer: Answer) throws {
        let result = try opened.checkFeatures(answer.features, side: answer.side)
        for (row, logits) in answer.logits.enumerated() {
            let sum = logits.reduce(0) { $0 + exp($1) }
            for (column, logit) in logits.enumerated() {
                let found = result.probabilities.values[row * answer.classes + column]
                #expect(abs(Double(found) - exp(logit) / sum) < 1e-3)
            }
        }
    }

    private func answer(_ file: String) throws -> Answer {
        try JSONDecoder().decode(Answer.self, from: Data(contentsOf: fixtures.appending(path: file)))
    }

    // MARK: - Parity

    @Test(arguments: Style.allCases) func featuresOfDenseNet121AreKeras(style: Style) throws {
        let opened = try OpenedCheckpoint(write(tensors(names.densenet121, style)))
        #expect(opened.match?.isComplete == true && opened.match?.skipped == [] && opened.hasClassifier)
        #expect(opened.checkpoint.architecture == "densenet121" && opened.checkpoint.classes.count == 6)
        try check(opened, answer("densenet121-keras.json"))
    }

    @Test(arguments: [Style.keras3, .numbered]) func featuresOfResNet50V2AreKeras(style: Style) throws {
        let opened = try OpenedCheckpoint(write(tensors(names.resnet50v2, style)))
        #expect(opened.match?.isComplete == true && opened.match?.skipped == [] && opened.hasClassifier)
        #expect(opened.checkpoint.architecture == "resnet50v2")
        try check(opened, answer("resnet50v2-keras.json"))
    }

    /// Every variable of Keras' ResNet50 maps to its tensor, however the file names the layers.
    @Test(arguments: [Style.keras3, .withinAModel, .numbered], ["", ":0"])
    func everyVariableOfResNet50HasItsTensor(style: Style, output: String) {
        let model = names.resnet50_keras
        let listed = model.variables.map {
            TensorFile.Tensor(name: style.name($0.name, model) + output, shape: $0.shape, type: "float32")
        }
        let found = FoundNetwork.all(in: listed)
        #expect(found.map(\.naming) == [WeightNaming(.keras, .resnet50_keras)])
        #expect(found.first?.isWhole == true && found.first?.names == model.variables.map(\.tensor))
    }

    /// Our tensor name as timm spells it; the reverse of the program's own mapping.
    private func timm(_ name: String) -> String {
        var parts = name.split(separator: ".").map(String.init)
        let outer = ["conv1_conv": "stem.conv", "post_bn": "norm", "classifier": "head.fc"]
        if let layer = outer[parts[0]] {
            parts[0] = layer
        } else {
            let words = parts[0].split(separator: "_", maxSplits: 2).map(String.init)
            let layers = [
                "preact_bn": "norm1", "1_bn": "norm2", "2_bn": "norm3", "1_conv": "conv1", "2_conv": "conv2",
                "3_conv": "conv3", "0_conv": "downsample.conv",
            ]
            let (stage, block) = (Int(words[0].dropFirst(4))! - 2, Int(words[1].dropFirst(5))! - 1)
            parts[0] = "stages.\(stage).blocks.\(block).\(layers[words[2]]!)"
        }
        return parts.joined(separator: ".")
    }

    @Test func featuresOfTimmsResNetAreTimms() throws {
        let (oracle, _) = try OracleCase.resnet50v2timm.read()
        let network = try Architecture.resnetv2_50.backbone(classes: oracle.classes).network(
            imageSize: 32, batch: 1, threads: ThreadCount(1), trains: false)
        let state = try network.state().map { tensor in
            let values = SeededTensors.parameter(tensor.name, tensor.shape, normBiasOffset: oracle.normBiasOffset)
                .values
            let shape = tensor.name == "classifier.weight" ? tensor.shape + [1, 1] : tensor.shape
            return (timm(tensor.name), NumericArray(shape: shape, values: values))
        }
        let known = try JSONDecoder().decode(
            WeightFileTests.Names.self, from: Data(contentsOf: fixtures.appending(path: "checkpoint-names.json")))
        #expect(
            Set(state.map(\.0)) == Set(known.resnetv2_50.map(\.name).filter { !$0.hasSuffix("num_batches_tracked") }))
        let opened = try OpenedCheckpoint(write(state))
        #expect(opened.match?.isComplete == true && opened.checkpoint.architecture == "resnetv2_50")
        let evaluation = oracle.evaluations[0]
        try check(
            opened,
            Answer(
                classes: oracle.classes, batch: evaluation.batch, side: evaluation.side, logits: evaluation.logits,
                features: evaluation.features))
    }

    // MARK: - Several networks in one file

    /// Two copies, or two networks, in every spelling of their layers.
    @Test(arguments: [
        ["teacher/densenet121/", "student/densenet121/"], ["densenet121/", "densenet121_1/"], ["", "densenet121/"],
        ["layers/functional/layers/", "layers/functional_1/layers/"],
    ])
    func bothNetworksOfAModelAreFound(prefixes: [String]) {
        func numbered(_ name: String, _ model: Names.Model) -> String {
            String(Style.numbered.name(name, model).dropFirst("layers/functional/layers/".count))
        }
        /// Files of Keras 2 may name a layer twice.
        func doubled(_ name: String, _ model: Names.Model) -> String {
            let name = Style.keras2.name(name, model)
            return name.split(separator: "/").dropLast().joined(separator: "/") + "/" + name
        }
        func expect(_ second: Names.Model, is architecture: Architecture, _ spelling: (String, Names.Model) -> String) {
            let first = names.densenet121
            let listed = zip(prefixes, [first, second]).flatMap { prefix, model in
                model.variables.map {
                    TensorFile.Tensor(name: prefix + spelling($0.name, model), shape: $0.shape, type: "float32")
                }
            }
            let found = FoundNetwork.all(in: listed)
            let expected: [String?] = first.variables.map(\.tensor) + second.variables.map { _ in nil }
            #expect(found.map(\.prefix) == prefixes)
            #expect(found.map(\.naming.architecture) == [.densenet121, architecture])
            #expect(found.map(\.isWhole) == [true, true])
            #expect(found.first?.names == expected)
        }
        let isNumbered = prefixes[0].hasPrefix("layers/")
        expect(names.resnet50v2, is: .resnet50v2, isNumbered ? numbered : Style.keras3.name)
        for spelling in isNumbered ? [numbered] : [Style.keras3.name, Style.keras2.name, doubled] {
            expect(names.densenet121, is: .densenet121, spelling)
        }
    }

    @Test func oneOfTwoNetworksIsChosenByItsPath() throws {
        let model = names.densenet121
        let both = ["teacher/", "student/"].flatMap { prefix in
            tensors(model, .withinAModel).map { name, array in
                let values = prefix == "student/" ? array.values.map { 2 * $0 } : array.values
                return (prefix + name, NumericArray(shape: array.shape, values: values))
            }
        }
        let url = try write(both)
        #expect(
            throws: CheckpointError.severalNetworks(
                path: url.path,
                parts: ["teacher/densenet121: DenseNet-121 (Keras)", "student/densenet121: DenseNet-121 (Keras)"])
        ) { try OpenedCheckpoint(url) }
        func bias(_ part: String) throws -> [Float] {
            let opened = try OpenedCheckpoint(WeightSource(url, part: part))
            #expect(opened.match?.isComplete == true && opened.hasClassifier)
            return try #require(opened.checkpoint.tensors.first { $0.name == "classifier.bias" }).values
        }
        let teacher = try bias("teacher/densenet121")
        #expect(try bias("student/densenet121/") == teacher.map { 2 * $0 })
        #expect(teacher.contains { $0 != 0 })
    }

    /// The numbers begin with `conv2d` or with `conv2d_0`.
    @Test func bothWaysOfNumberingAreFound() {
        let model = names.densenet121
        func listed(_ path: String, first: String) -> [TensorFile.Tensor] {
            model.variables.map { variable in
                let name = Style.numbered.name(variable.name, model)
                    .replacing("layers/functional/layers/", with: path)
                    .replacing("conv2d/", with: "conv2d\(first)/")
                    .replacing("batch_normalization/", with: "batch_normalization\(first)/")
                return TensorFile.Tensor(name: name, shape: variable.shape, type: "float32")
            }
        }
        let found = FoundNetwork.all(in: listed("a/", first: "") + listed("b/", first: "_0"))
        #expect(found.map(\.prefix) == ["a/", "b/"] && found.map(\.isWhole) == [true, true])
    }

    /// Of two groups of numbered layers that fit, none is taken at random.
    @Test func twoGroupsOfNumbersAreNoNetwork() {
        func found(_ names: String...) -> [String?]? {
            KerasNaming(
                names.map { TensorFile.Tensor(name: $0, shape: [1], type: "float32") },
                layers: ["first": "conv1", "predictions": "fc"], needed: ["second"], foreign: [],
                order: ["conv2d": ["first"]], featureCount: 1)?.names
        }
        #expect(found("a/conv2d/kernel") == ["conv1.weight"])
        #expect(found("a/conv2d/kernel", "b/conv2d/kernel") == nil)
    }

    // MARK: - Classifiers and other networks

    @Test func theOnlyDenseLayerIsTheClassifier() throws {
        func renamed(_ name: String) -> String { name.replacing("predictions", with: "my_dense") }
        let all = tensors(names.densenet121, .keras3)
        var opened = try OpenedCheckpoint(write(all.map { (renamed($0.0), $0.1) }))
        #expect(opened.hasClassifier && opened.match?.isComplete == true && opened.match?.skipped == [])
        // Two dense layers are an unknown head.
        let second = ("second/kernel", NumericArray(shape: [6, 2], values: [Float](repeating: 0, count: 12)))
        opened = try OpenedCheckpoint(write(all.map { (renamed($0.0), $0.1) } + [second]))
        #expect(!opened.hasClassifier)
        #expect(opened.match?.skipped.map(\.name) == ["my_dense/kernel", "my_dense/bias", "second/kernel"])
        opened = try OpenedCheckpoint(write(all.filter { !$0.0.hasPrefix("predictions") }))
        #expect(!opened.hasClassifier && opened.match?.isComplete == true)
    }

    @Test func largerRelativesAreNotTaken() throws {
        let larger =
            tensors(names.densenet121, .keras3) + [
                ("conv5_block17_1_conv/kernel", NumericArray(shape: [1, 1, 1, 1], values: [0]))
            ]
        #expect(try WeightFile(write(larger)).naming == nil)
        let numbered =
            tensors(names.resnet50v2, .numbered) + [
                ("layers/functional/layers/conv2d_53/kernel", NumericArray(shape: [1, 1, 1, 1], values: [0]))
            ]
        #expect(try WeightFile(write(numbered)).naming == nil)
    }

    /// Keras' larger epsilon is folded into the variances.
    @Test func theEpsilonOfKerasIsTakenIntoTheVariances() throws {
        let small = tensors(names.densenet121, .keras3).map { name, array in
            name == "bn/moving_variance"
                ? (name, NumericArray(shape: array.shape, values: array.values.map { _ in 0 })) : (name, array)
        }
        let state = try OpenedCheckpoint(write(small)).checkpoint.tensors
        let variance = try #require(state.first { $0.name == "features.norm5.running_var" })
        #expect(variance.values.allSatisfy { $0 == 1e-8 })
    }
}
