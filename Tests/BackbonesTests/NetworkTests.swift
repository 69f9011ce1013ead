import Foundation
import Numerics
import TensorFiles
import Testing

@testable import Backbones
@testable import NeuralNetwork

/// Every network against the library its weights come from, with the same weights (`Tools/reference/network_fixtures.py`).
///
/// Only a few run by default; `PENUMBRA_ALL_NETWORKS=1` runs all with three seeds and prints each deviation.
@Suite struct NetworkTests {
    struct Answers: Decodable {
        let classes: Int
        let answers: [Answer]
    }

    struct Answer: Decodable, CustomTestStringConvertible {
        let architecture: Architecture
        let source: String
        let side: Int
        let seed: Int
        let norm: Double
        let sketches: [Double]
        let logits: [Double]
        var testDescription: String { "\(architecture) of \(source), seed \(seed)" }
    }

    static let takesAll = ProcessInfo.processInfo.environment["PENUMBRA_ALL_NETWORKS"] == "1"
    static let usual: [Architecture] = [
        .resnet18, .resnet18_cifar, .resnet20_cifar_a, .preactresnet18, .wrn_28_2, .densenet121_cifar,
        .densenet_bc_100_12,
    ]

    static let all: Answers = {
        let folder = Bundle.module.url(forResource: "Fixtures", withExtension: nil)!
        let data = try! Data(contentsOf: folder.appending(path: "networks.json"))
        return try! JSONDecoder().decode(Answers.self, from: data)
    }()

    static let taken = all.answers.filter { takesAll || ($0.seed == 1 && usual.contains($0.architecture)) }

    @Test(arguments: taken)
    func featuresAndLogits(_ answer: Answer) throws {
        let network = try answer.architecture.backbone(classes: Self.all.classes).network(
            imageSize: answer.side, batch: 2, threads: ThreadCount(1), trains: false)
        try network.load(
            network.state().map {
                SeededTensors.parameter($0.name, $0.shape, normBiasOffset: 0.5, seed: answer.seed)
            })
        let images = SeededTensors.images(answer.seed, 2 * 3 * answer.side * answer.side)
        let (features, logits) = try network.evaluate(images: images, count: 2)
        let sketches = SeededTensors.sketches(
            NamedTensor(name: "features", shape: [features.count], values: features))
        let square = zip(sketches, answer.sketches).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) / 32 }
        let featureGap = square.squareRoot() / answer.norm
        let size = answer.logits.reduce(0) { $0 + $1 * $1 }
        let gap = zip(logits, answer.logits).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
        let logitGap = (gap / size).squareRoot()
        if Self.takesAll {
            print("\(answer.architecture)\t\(answer.source)\t\(answer.seed)\t\(featureGap)\t\(logitGap)")
        }
        #expect(featureGap < 1e-5 && logitGap < 1e-5)
    }

    /// An outline gives the tensor names and shapes without planning the network.
    @Test func outlinesAreTheNetworks() throws {
        for architecture in [Architecture.resnet18, .preactresnet18, .wrn_28_2, .densenet121_cifar] {
            let network = try architecture.backbone(classes: 2).network(
                imageSize: 32, batch: 1, threads: ThreadCount(1), trains: false)
            let state = try network.state().filter { !WeightFile.isClassifier($0.name) }
            #expect(architecture.outline.tensors.map(\.name) == state.map(\.name))
            #expect(architecture.outline.tensors.map(\.shape) == state.map(\.shape))
            #expect(architecture.featureCount == network.featureCount)
        }
        #expect(Set(Architecture.allCases.map(\.title)).count == Architecture.allCases.count - 6)
    }

    /// Reading stages must not change the features, and a post-activated stage's means must be those of its maps.
    @Test(arguments: [Architecture.resnet18_cifar, .preactresnet18, .wrn_28_2, .densenet121_cifar])
    func stages(_ architecture: Architecture) throws {
        let stages = architecture.stages(imageSize: 32)
        let backbone = architecture.backbone(classes: 3)
        let plain = try backbone.network(imageSize: 32, batch: 3, threads: ThreadCount(1), trains: false)
        let looking = try backbone.network(
            imageSize: 32, batch: 3, threads: ThreadCount(1), trains: false, stages: stages.map(\.name))
        try plain.initialize(seed: 5)
        try looking.load(plain.state())
        let images = SeededTensors.images(0, 3 * 3 * 32 * 32)
        let expected = try plain.evaluate(images: images, count: 3),
            found = try looking.evaluate(images: images, count: 3)
        #expect(found.features == expected.features && found.logits == expected.logits)
        for stage in stages {
            let averages = looking.stageAverages(stage.name, count: 3)
            #expect(averages.count == 3 * stage.channels && averages.contains { $0 != 0 })
        }
        if stages.last!.name == "layer4" {
            #expect(looking.stageAverages("layer4", count: 3) == found.features)
        }
    }
}
