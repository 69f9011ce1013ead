import NeuralNetwork

/// The tensors of a network by name and shape, without the network itself, for comparison with files.
struct Outline: Sendable {
    let architecture: Architecture
    /// The tensors before the classifier, in order.
    let tensors: [(name: String, shape: [Int])]
    /// The same by name.
    let shapes: [String: [Int]]
    /// The first parts of the names, such as `layer1`: if a file has further tensors under them, it is another network.
    let roots: Set<Substring>
    /// The first convolution's weight.
    var stem: (name: String, shape: [Int]) { tensors[0] }
    /// The name of the last dense layer.
    let classifier: String
    /// The number of features from the global average pool.
    let featureCount: Int

    /// A name's first part.
    static func root(of name: String) -> Substring { name.prefix { $0 != "." && $0 != "_" } }

    /// The outlines of all networks.
    static let all = Dictionary(uniqueKeysWithValues: Architecture.allCases.map { ($0, Outline($0)) })

    private init(_ architecture: Architecture) {
        self.architecture = architecture
        let backbone = architecture.backbone(classes: 2)
        let all = NetworkOutline(images: .square(Architecture.imageSizes.lowerBound), build: backbone.build)
        tensors = all.tensors.filter { !WeightFile.isClassifier($0.name) }
        shapes = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.shape) })
        roots = Set(tensors.map { Self.root(of: $0.name) })
        classifier = String(all.tensors.last { $0.name.hasSuffix(".weight") }!.name.dropLast(".weight".count))
        featureCount = all.featureCount
    }
}

extension Architecture {
    var outline: Outline { Outline.all[self]! }

    /// The number of features from the global average pool.
    public var featureCount: Int { outline.featureCount }

    /// The outputs of the network's stages for images of `imageSize` pixels.
    public func stages(imageSize: Int) -> [NetworkStage] {
        NetworkOutline(images: .square(imageSize), build: backbone(classes: 2).build).stages
    }
}

extension ImageShape {
    /// Square RGB images.
    static func square(_ side: Int) -> ImageShape { ImageShape(channels: 3, height: side, width: side) }
}
