import Foundation
import Numerics
import Testing
import TestSupport

@testable import Backbones
@testable import NeuralNetwork
@testable import TensorFiles

/// Networks are recognised by graph and shapes, whatever their name prefix. Values do not matter here.
@Suite final class FoundNetworkTests {
    typealias Tensors = [(name: String, shape: [Int])]

    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "penumbra-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func write(_ tensors: Tensors) throws -> URL {
        var file = SafetensorsFile(metadata: ["format": "pt"])
        for tensor in tensors {
            let values = [Float](repeating: 0.5, count: tensor.shape.reduce(1, *))
            file.append(tensor.name, NumericArray(shape: tensor.shape, values: values))
        }
        let url = folder.appending(path: "weights.safetensors")
        try file.write(to: url)
        return url
    }

    private func tensors(_ architecture: Architecture, _ rename: (String) -> String = { $0 }) -> Tensors {
        architecture.outline.tensors.map { (name: rename($0.name), shape: $0.shape) }
    }

    @Test(arguments: ["", "model.", "module.encoder_q.", "features._orig_mod.", "0.", "net.1.conv1."])
    func anyPrefix(prefix: String) throws {
        let file = try WeightFile(write(tensors(.resnet18) { prefix + $0 }))
        #expect(file.naming == WeightNaming(.torchvision, .resnet18) && file.prefix == prefix)
        #expect(file.networks.count == 1)
    }

    /// Each network is recognised as itself, not as a relative.
    @Test func everyNetworkIsFound() throws {
        for architecture in Architecture.allCases {
            let listed = tensors(architecture).map {
                TensorFile.Tensor(name: "a." + $0.name, shape: $0.shape, type: "float32")
            }
            let found = FoundNetwork.all(in: listed)
            #expect(found.map(\.naming.architecture) == [architecture])
            #expect(found.first?.isWhole == true && found.first?.prefix == "a.")
        }
    }

    /// Other programs' names for the same graph.
    @Test func otherNames() throws {
        func found(_ tensors: Tensors) throws -> WeightNaming? { try WeightFile(write(tensors)).naming }
        let shortcuts = tensors(.resnet18_cifar) { $0.replacing("downsample", with: "shortcut") }
        #expect(try found(shortcuts + [("linear.weight", [10, 512])]) == WeightNaming(.pytorchCIFAR, .resnet18_cifar))
        let children = ["conv1": "0", "bn1": "1", "layer1": "4", "layer2": "5", "layer3": "6", "layer4": "7"]
        let sequence = tensors(.resnet18) { name in
            let first = String(name.prefix { $0 != "." })
            return children[first]! + name.dropFirst(first.count)
        }
        #expect(try found(sequence) == WeightNaming(.torchvision, .resnet18))
        #expect(
            try found(tensors(.densenet121) { String($0.dropFirst("features.".count)) })
                == WeightNaming(.torchvision, .densenet121))
        let blocks = tensors(.densenet121_cifar) { name in
            name.replacing(/^features\.denseblock(\d)\.denselayer(\d+)\./) { "dense\($0.1).\(Int($0.2)! - 1)." }
                .replacing(/^features\.transition(\d)\.norm/) { "trans\($0.1).bn" }
                .replacing(/^features\.transition(\d)\.conv/) { "trans\($0.1).conv" }
                .replacing("features.conv0", with: "conv1").replacing("features.norm5", with: "bn")
                .replacing(".norm", with: ".bn")
        }
        #expect(try found(blocks) == WeightNaming(.pytorchCIFAR, .densenet121_cifar))
    }

    @Test func severalNetworksInOneFile() throws {
        let both = tensors(.resnet18) { "encoder_q." + $0 } + tensors(.resnet18) { "encoder_k." + $0 }
        let url = try write(both)
        let file = try WeightFile(url)
        #expect(file.networks.map(\.part) == ["encoder_q", "encoder_k"])
        let problem = errorProblem {
            try OpenedCheckpoint(url)
        } where: {
            guard case CheckpointError.severalNetworks(url.path, let parts) = $0 else { return false }
            return parts == [
                "encoder_q: ResNet-18 (torchvision, timm)", "encoder_k: ResNet-18 (torchvision, timm)",
            ]
        }
        #expect(problem == nil)
        for part in ["encoder_k", "encoder_k."] {
            let chosen = try WeightFile(WeightSource(url, part: part))
            #expect(
                chosen.prefix == "encoder_k." && chosen.match(both.map(named), needsClassifier: false).matched.isEmpty)
            #expect(throws: Never.self) { try chosen.requireNetwork() }
        }
        #expect(
            throws: CheckpointError.noSuchPart(path: url.path, part: "teacher", parts: ["encoder_q", "encoder_k"])
        ) { try WeightFile(WeightSource(url, part: "teacher")) }
    }

    /// A chosen network takes its own classifier, not another's, also if its prefix is the beginning of the other's.
    @Test(arguments: [("student.", "teacher."), ("", "ema_model.module."), ("b.", "b.ema.")])
    func eachNetworkHasItsOwnHead(first: String, second: String) throws {
        func head(_ prefix: String, classes: Int) -> Tensors {
            [
                (name: prefix + "linear.weight", shape: [classes, 64]),
                (name: prefix + "linear.bias", shape: [classes]),
            ]
        }
        func classCount(_ part: String) throws -> Int? {
            let file = try WeightFile(
                WeightSource(folder.appending(path: "weights.safetensors"), part: part))
            #expect(file.networks.map(\.prefix) == [first, second] && file.otherHead == nil)
            return file.classCount
        }
        let networks = tensors(.resnet20_cifar) { first + $0 } + tensors(.resnet20_cifar) { second + $0 }
        _ = try write(networks + head(first, classes: 3) + head(second, classes: 4))
        #expect(try classCount(first) == 3 && classCount(second) == 4)
        _ = try write(networks + head(second, classes: 4))
        #expect(try classCount(first) == nil && classCount(second) == 4)
        _ = try write(networks + head(first, classes: 3))
        #expect(try classCount(first) == 3 && classCount(second) == nil)
    }

    /// `torch.optim.swa_utils.AveragedModel` counts its steps beside the layers.
    @Test func aCounterIsNoPartOfAHead() {
        func head(_ name: String, _ type: String) -> FileHead {
            let tensors = [
                TensorFile.Tensor(name: name, shape: [], type: type),
                TensorFile.Tensor(name: "linear.weight", shape: [3, 64], type: "float32"),
                TensorFile.Tensor(name: "linear.bias", shape: [3], type: "float32"),
            ]
            return FileHead(tensors, apartFrom: [], prefix: "", features: 64, classifier: nil)
        }
        #expect(head("n_averaged", "int64") == .dense(1))
        #expect(head("temperature", "float32") == .other(["temperature", "linear.weight"]))
    }

    private func named(_ tensor: (name: String, shape: [Int])) -> NamedTensor {
        NamedTensor(
            name: tensor.name, shape: tensor.shape, values: [Float](repeating: 0, count: tensor.shape.reduce(1, *)))
    }

    /// A missing or transposed tensor is an error that names it. Extra layers in a stage make it another network.
    @Test func damagedNetworks() throws {
        let whole = tensors(.resnet18)
        let place = whole.firstIndex { $0.name == "layer3.0.downsample.0.weight" }!
        var lacking = whole
        lacking.remove(at: place)
        let problem = errorProblem {
            try OpenedCheckpoint(write(lacking))
        } where: {
            guard case CheckpointError.mismatch(_, let match) = $0 else { return false }
            return match.missing.map(\.name) == ["layer3.0.downsample.0.weight"] && match.misfits.isEmpty
        }
        #expect(problem == nil)
        var transposed = whole
        transposed[place].shape = [128, 256, 1, 1]
        let second = errorProblem {
            try OpenedCheckpoint(write(transposed))
        } where: {
            guard case CheckpointError.mismatch(_, let match) = $0 else { return false }
            return match.misfits
                == [.init(name: "layer3.0.downsample.0.weight", found: [128, 256, 1, 1], expected: [256, 128, 1, 1])]
        }
        #expect(second == nil)
        let attention: Tensors = [("layer1.0.se.fc1.weight", [4, 64, 1, 1])]
        #expect(try WeightFile(write(whole + attention)).naming == nil)
    }

    /// For one member of each family, every tensor before the classifier, missing and transposed.
    @Test(arguments: [
        Architecture.resnet20_cifar, .preactresnet18, .wrn_28_2, .densenet_bc_100_12, .resnet50v2, .resnetv2_50,
        .resnet50_keras,
    ])
    func everyDamagedTensorIsNamed(_ architecture: Architecture) throws {
        let whole = tensors(architecture), outline = architecture.outline
        func found(_ listed: Tensors) -> [FoundNetwork] {
            FoundNetwork.all(in: listed.map { TensorFile.Tensor(name: $0.name, shape: $0.shape, type: "float32") })
        }
        for place in whole.indices where whole[place].name != outline.stem.name {
            var lacking = whole
            lacking.remove(at: place)
            let without = found(lacking)
            #expect(without.count <= 1 && without.allSatisfy { !$0.isWhole }, "\(whole[place].name)")
            #expect(without.isEmpty || without[0].matched == whole.count - 1)
            let shape = whole[place].shape
            guard shape.count > 1, shape[0] != shape[1] else { continue }
            var transposed = whole
            transposed[place].shape.swapAt(0, 1)
            #expect(found(transposed).allSatisfy { !$0.isWhole && $0.naming.architecture == architecture })
        }
    }

    /// A layer under two names is an error that gives both, except a second classifier if only features are wanted.
    @Test func aTensorUnderTwoNames() throws {
        let whole = tensors(.resnet20_cifar) { $0.replacing("downsample", with: "shortcut") }
        let network = whole.map { named((name: $0.name.replacing("shortcut", with: "downsample"), shape: $0.shape)) }
        let twice = whole + [(name: "layer2.0.downsample.0.weight", shape: [32, 16, 1, 1])]
        let url = try write(twice)
        let error = CheckpointError.doubledTensor(
            path: url.path, first: "layer2.0.shortcut.0.weight", second: "layer2.0.downsample.0.weight")
        #expect(throws: error) { try WeightFile(url).tensors(for: network, needsClassifier: false) }
        #expect(throws: error) {
            try WeightFile(WeightSource(url, allowsMissing: true)).tensors(for: network, needsClassifier: false)
        }
        #expect(
            "\(error)"
                == "\(url.path): holds both layer2.0.shortcut.0.weight and layer2.0.downsample.0.weight, which are "
                + "the same tensor of the network; expected one of them: remove the other from the file")
        let heads =
            whole + [("linear.weight", [10, 64]), ("linear.bias", [10]), ("fc.weight", [4, 64]), ("fc.bias", [4])]
        let classified = network + [named(("fc.weight", [10, 64])), named(("fc.bias", [10]))]
        _ = try write(heads)
        #expect(throws: Never.self) { try WeightFile(url).tensors(for: network, needsClassifier: false) }
        #expect(throws: CheckpointError.doubledTensor(path: url.path, first: "linear.weight", second: "fc.weight")) {
            try WeightFile(url).tensors(for: classified, needsClassifier: true)
        }
    }

    /// Thousands of stems, deep prefixes and odd names must be handled quickly, and what is there must be found.
    @Test(.timeLimit(.minutes(2))) func hostileNames() {
        func tensor(_ name: String, _ shape: [Int]) -> TensorFile.Tensor {
            TensorFile.Tensor(name: name, shape: shape, type: "float32")
        }
        let stems = (0..<4000).map { tensor("a.\($0).conv1.weight", [64, 3, 7, 7]) }
        let deep = (0..<200).map { tensor(String(repeating: "b.", count: $0) + "conv1.weight", [64, 3, 7, 7]) }
        let odd = [
            "", ".", "..", "conv1.weight.", "\u{0}", "é.conv1.weight", "layer1.", "dense1.x.y", "stages.9.blocks.x.y.z",
        ]
        .map { tensor($0, [64, 3, 7, 7]) }
        for tensors in [stems, deep, odd, deep + stems + odd] {
            #expect(FoundNetwork.all(in: tensors).isEmpty)
            _ = UnknownNetwork(tensors)
        }
        let whole = tensors(.resnet18) { "é.\u{1}." + $0 }.map { tensor($0.name, $0.shape) }
        #expect(FoundNetwork.all(in: whole + stems + odd).map(\.prefix) == ["é.\u{1}."])
    }

    @Test func whyANetworkIsNotKnown() throws {
        func reason(_ tensors: Tensors) throws -> UnknownNetwork? {
            do { try WeightFile(write(tensors)).requireNetwork() } catch CheckpointError.unknownNetwork(_, let reason) {
                return reason
            }
            return nil
        }
        var grey = tensors(.resnet18)
        grey[0].shape[1] = 1
        #expect(
            try reason(grey) == .channels(title: "ResNet-18 (torchvision, timm)", stem: "conv1.weight", found: 1))
        let narrow = tensors(.densenet121).map { (name: $0.name, shape: $0.shape.map { $0 == 32 ? 24 : $0 }) }
            .map { (name: $0.name, shape: $0.shape.count == 1 ? $0.shape.map { $0 - 8 } : $0.shape) }
        guard case .widths("DenseNet-121 (torchvision, timm)", _, _, _) = try reason(narrow) else {
            Issue.record("\(String(describing: try reason(narrow)))")
            return
        }
        #expect(
            try reason([("cls_token", [1, 1, 192]), ("patch_embed.proj.weight", [192, 3, 16, 16])])
                == .kind("a vision transformer (ViT)"))
        #expect(
            try reason([("stem.0.weight", [96, 3, 4, 4]), ("stages.0.blocks.0.conv_dw.weight", [96, 1, 7, 7])])
                == .kind("a ConvNeXt"))
        #expect("\(UnknownNetwork.kind("a ConvNeXt"))".contains("the few lines of Python in Documentation/features.md"))
    }
}
