import TensorFiles

/// Why the tensors of a file belong to no known network, as far as this can be determined.
public enum UnknownNetwork: Error, Equatable, Sendable, CustomStringConvertible {
    /// The names are those of a network, but its first convolution does not take three colours.
    case channels(title: String, stem: String, found: Int)
    /// The names are those of a network, but the shapes are not; gives the first difference.
    case widths(title: String, name: String, found: [Int], expected: [Int])
    /// A network of another kind, which is recognised by its names.
    case kind(String)
    /// Nothing is known about the network; lists the first names.
    case names([String])

    /// What was found, what was expected and what to do.
    public var description: String {
        let way =
            "write its features with the few lines of Python in Documentation/features.md, and use them with 'penumbra "
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

    /// Finds the nearest network, by names only.
    public init(_ tensors: [TensorFile.Tensor]) {
        if let near = Self.nearest(tensors) {
            self = near
            return
        }
        // If names with all the endings of one of the lists occur, the network is of that kind.
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

    /// If nine tenths of a network's names are present under one prefix, it is taken to be that network.
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
                // The convolutions inside blocks have the same name as the stem.
                if prefix.isEmpty || prefix.hasSuffix("."), !prefix.contains(where: \.isNumber) {
                    places.append((rule, prefix, tensor))
                }
                if places.count == 32 { return places }
            }
        }
        return places
    }
}
