import TensorFiles

/// Why the tensors of a file belong to no network known here, as far as can be told.
public enum UnknownNetwork: Error, Equatable, Sendable, CustomStringConvertible {
    /// The names are a network's, but its first convolution does not take three colours.
    case channels(title: String, stem: String, found: Int)
    /// The names are a network's, but the shapes are not; the first that differs.
    case widths(title: String, name: String, found: [Int], expected: [Int])
    /// A network of another kind, which is known by name.
    case kind(String)
    /// Nothing is known about it; lists the first names.
    case names([String])

    /// What was found, what was expected and the way on.
    public var description: String {
        let way =
            "write its features with the six lines of Python in Documentation/features.md, and use them with 'penumbra "
            + "project' and 'penumbra compare'"
        return switch self {
        case .channels(let title, let stem, let found):
            "\(title) whose \(stem) takes \(found) channels; expected 3 (red, green, blue); \(way)"
        case .widths(let title, let name, let found, let expected):
            "the names are those of \(title), but \(name) is \(found); expected \(expected); \(way)"
        case .kind(let kind): "\(kind), which is not supported; \(way)"
        case .names(let names):
            "its tensors (\(names.joined(separator: ", ").prefix(200)) …) match no network in "
                + "Documentation/networks.md; \(way)"
        }
    }

    /// Looks for the nearest network by names only.
    public init(_ tensors: [TensorFile.Tensor]) {
        if let near = Self.nearest(tensors) {
            self = near
            return
        }
        // All ends of one of the lists are names of the network.
        let marks: [(kind: String, ends: [[String]])] = [
            (
                "a vision transformer (ViT)",
                [["cls_token"], ["class_token"], ["patch_embed.proj.weight"], ["conv_proj.weight"]]
            ),
            ("a ConvNeXt", [["layer_scale"], ["dwconv.weight"], ["conv_dw.weight", "stem.0.weight"]]),
        ]
        func hasName(_ end: String) -> Bool { tensors.contains { $0.name.hasSuffix(end) } }
        for (kind, lists) in marks where lists.contains(where: { $0.allSatisfy(hasName) }) {
            self = .kind(kind)
            return
        }
        self = .names(tensors.prefix(3).map(\.name))
    }

    /// Nine tenths of a network's names under one prefix make it that network.
    private static func nearest(_ tensors: [TensorFile.Tensor]) -> UnknownNetwork? {
        var best: (matched: Int, error: UnknownNetwork)?
        let index = NameIndex(tensors)
        for (rule, prefix, stem) in places(in: tensors) {
            let found = Dictionary(
                index.places(under: prefix).map {
                    (rule.rename(String(tensors[$0].name.dropFirst(prefix.count))), tensors[$0].shape)
                }, uniquingKeysWith: { first, _ in first })
            for outline in rule.architectures.map(\.outline) {
                let matched = outline.tensors.filter { found[$0.name] != nil }.count
                guard 10 * matched >= 9 * outline.tensors.count, matched > best?.matched ?? 0 else { continue }
                let title = WeightNaming(rule.source, outline.architecture).title
                if stem.shape.count == 4, stem.shape[1] != 3 {
                    best = (matched, .channels(title: title, stem: stem.name, found: stem.shape[1]))
                } else if let other = outline.tensors.first(where: { found[$0.name] ?? $0.shape != $0.shape }) {
                    best = (
                        matched,
                        .widths(
                            title: title, name: prefix + other.name, found: found[other.name]!, expected: other.shape)
                    )
                }
            }
        }
        return best?.error
    }

    private static func places(
        in tensors: [TensorFile.Tensor]
    ) -> [(rule: NamingRule, prefix: String, stem: TensorFile.Tensor)] {
        var places: [(rule: NamingRule, prefix: String, stem: TensorFile.Tensor)] = []
        for tensor in tensors where tensor.shape.count == 4 {
            for rule in NamingRule.all where tensor.name.hasSuffix(rule.stem) {
                let prefix = String(tensor.name.dropLast(rule.stem.count))
                // The convolutions within blocks are called as the stem is, too.
                if prefix.isEmpty || prefix.hasSuffix("."), !prefix.contains(where: \.isNumber) {
                    places.append((rule, prefix, tensor))
                }
                if places.count == 32 { return places }
            }
        }
        return places
    }
}
