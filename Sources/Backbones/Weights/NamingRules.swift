/// How a file's names map to those of our networks, for some of them.
struct NamingRule: Sendable {
    let source: WeightNaming.Source
    let architectures: [Architecture]
    /// The name of the first convolution's weight in the file.
    let stem: String
    /// Maps the file's name of a tensor, without the common prefix, to a network's.
    let rename: @Sendable (String) -> String

    /// All rules. If two match the same tensors, the first takes precedence.
    static let all: [NamingRule] = own + foreign

    /// The networks' own names.
    private static let own: [NamingRule] = Architecture.Family.allCases.map { family in
        let members = of(family)
        return NamingRule(
            source: members[0].namesake, architectures: members, stem: members[0].outline.stem.name,
            rename: { family == .denseNet ? withoutOldDots($0) : $0 })
    }

    private static let foreign: [NamingRule] =
        [
            NamingRule(
                source: .timm, architectures: of(.resNetV2Timm), stem: "stem.conv.weight", rename: withKerasLayers),
            NamingRule(
                source: .pytorchCIFAR, architectures: of(.resNet), stem: "conv1.weight",
                rename: { renaming($0, ["linear": "fc"]).replacing(".shortcut.", with: ".downsample.") }),
            NamingRule(
                source: .pytorchCIFAR, architectures: of(.denseNet).filter(\.isNewestFirst), stem: "conv1.weight",
                rename: withDenseBlocks),
            NamingRule(
                source: .densenetPyTorch, architectures: of(.denseNet).filter { $0.isForCIFAR && !$0.isNewestFirst },
                stem: "conv1.weight", rename: withDenseLayers),
            // `torch.nn.Sequential(*network.children())` numbers the children.
            NamingRule(
                source: .torchvision, architectures: of(.resNet).filter { !$0.isForCIFAR }, stem: "0.weight",
                rename: {
                    renaming(
                        $0,
                        ["0": "conv1", "1": "bn1", "4": "layer1", "5": "layer2", "6": "layer3", "7": "layer4"])
                }),
            // Only `network.features`.
            NamingRule(
                source: .torchvision, architectures: of(.denseNet).filter { !$0.isForCIFAR }, stem: "conv0.weight",
                rename: { withoutOldDots("features." + $0) }),
        ]

    private static func of(_ family: Architecture.Family) -> [Architecture] {
        Architecture.allCases.filter { $0.family == family }
    }

    /// With the first part of a name replaced by another word.
    private static func renaming(_ name: String, _ words: [String: String]) -> String {
        let first = name.prefix { $0 != "." }
        return words[String(first)].map { $0 + name.dropFirst(first.count) } ?? name
    }

    /// Renames `….denselayer1.norm.1.weight`, as before 2018, to `….denselayer1.norm1.weight`.
    @Sendable private static func withoutOldDots(_ name: String) -> String {
        guard name.contains(".denselayer") else { return name }
        for part in ["norm", "conv"] {
            for number in ["1", "2"] where name.contains(".\(part).\(number).") {
                return name.replacing(".\(part).\(number).", with: ".\(part)\(number).")
            }
        }
        return name
    }

    /// Renames `dense1.0.bn1.weight` to `features.denseblock1.denselayer1.norm1.weight`, `trans1.conv` to
    /// `features.transition1.conv`.
    @Sendable private static func withDenseBlocks(_ name: String) -> String {
        let parts = name.split(separator: ".").map(String.init)
        guard parts.count >= 2, let kind = parts.last else { return name }
        let outer = ["conv1": "features.conv0", "bn": "features.norm5", "linear": "classifier"]
        if parts.count == 2, let layer = outer[parts[0]] { return "\(layer).\(kind)" }
        let number = parts[0].filter(\.isNumber)
        if parts.count == 4, parts[0] == "dense" + number, let layer = Int(parts[1]), (0..<1000).contains(layer) {
            let inner = parts[2].replacing("bn", with: "norm")
            return "features.denseblock\(number).denselayer\(layer + 1).\(inner).\(kind)"
        }
        if parts.count == 3, parts[0] == "trans" + number {
            return "features.transition\(number).\(parts[1] == "bn" ? "norm" : parts[1]).\(kind)"
        }
        return name
    }

    /// Renames `block1.layer.0.bn1.weight` (or `dense1.0.bn1.weight`) to `features.denseblock1.denselayer1.norm1.weight`,
    /// `trans1.conv1` to `features.transition1.conv`.
    @Sendable private static func withDenseLayers(_ name: String) -> String {
        var name = name.replacing(".layer.", with: ".")
        for (old, new) in [("block", "dense"), ("bn1.", "bn."), ("fc.", "linear.")] where name.hasPrefix(old) {
            name = new + name.dropFirst(old.count)
        }
        if name.hasPrefix("trans") { name = name.replacing(".bn1.", with: ".bn.").replacing(".conv1.", with: ".conv.") }
        return withDenseBlocks(name)
    }

    /// Renames timm's `stages.1.blocks.0.norm2.weight` to `conv3_block1_1_bn.weight`; see `ResNetV2`.
    @Sendable private static func withKerasLayers(_ name: String) -> String {
        let outer = ["stem.conv.": "conv1_conv.", "norm.": "post_bn.", "head.fc.": "classifier."]
        for (timm, keras) in outer where name.hasPrefix(timm) { return keras + name.dropFirst(timm.count) }
        let parts = name.split(separator: ".")
        guard parts.count >= 6, parts[0] == "stages", let stage = Int(parts[1]), (0..<4).contains(stage),
            parts[2] == "blocks", let block = Int(parts[3]), (0..<1000).contains(block)
        else { return name }
        let layers = [
            "norm1": "preact_bn", "norm2": "1_bn", "norm3": "2_bn", "conv1": "1_conv", "conv2": "2_conv",
            "conv3": "3_conv", "downsample.conv": "0_conv",
        ]
        guard let layer = layers[parts[4..<parts.count - 1].joined(separator: ".")] else { return name }
        return "conv\(stage + 2)_block\(block + 1)_\(layer).\(parts[parts.count - 1])"
    }
}
