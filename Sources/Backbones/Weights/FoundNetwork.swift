import TensorFiles

/// A network in a file, found by its graph and shapes, under any prefix.
public struct FoundNetwork: Sendable {
    /// The network, and the program whose names its weights have.
    public let naming: WeightNaming
    /// The prefix of all names, such as `model.`; in files of Keras `teacher/densenet121/`, if they hold several networks.
    public let prefix: String
    /// The network's names for the file's tensors; nil for tensors that it does not use.
    let names: [String?]
    /// The number of the network's tensors before the classifier that the file has in the right shape.
    let matched: Int

    /// Whether the file has all tensors before the classifier.
    var isWhole: Bool { matched == naming.architecture.outline.tensors.count }

    /// The networks of a file: all that are complete or, if none is, the one of which the file has most, at least three
    /// quarters. A network with additional layers inside its stages is a different one and is not found.
    ///
    /// - Complexity: O(tensors · places), of which at most `mostPlaces` are examined.
    static func all(in tensors: [TensorFile.Tensor]) -> [FoundNetwork] {
        let keras = KerasNaming.all(in: tensors)
        if !keras.isEmpty { return keras }
        var whole: [FoundNetwork] = [], parts: [FoundNetwork] = []
        var seen: Set<String> = []
        let index = NameIndex(tensors)
        for (stem, prefix) in places(in: tensors) {
            let found = networks(at: prefix, stem: stem, in: index)
            let complete = found.filter(\.isWhole)
            // Between two networks that match the same number of the file's tensors, the one that lacks fewer.
            guard
                let best = (complete.isEmpty ? found : complete)
                    .max(by: { ($0.matched, $0.share) < ($1.matched, $1.share) })
            else { continue }
            // Two rules may match the same tensors, whose first is the stem's.
            if best.isWhole, seen.insert(prefix + stem).inserted { whole.append(best) }
            if !best.isWhole { parts.append(best) }
        }
        if !whole.isEmpty { return whole }
        let best = parts.max { $0.share < $1.share }
        return best.map { [$0] } ?? []
    }

    /// Its name for `--part`: the prefix without its last dot or slash.
    public var part: String { String(prefix.dropLast(prefix.hasSuffix(".") || prefix.hasSuffix("/") ? 1 : 0)) }

    /// The indices of the file's tensors that belong to others of its `networks`, or lie in a dict of the file without this
    /// one. A tensor belongs to the network with the longest prefix of its name; with networks under `b.` and `b.ema.`,
    /// `b.fc.weight` is the former's.
    ///
    /// - Complexity: O(tensors · (networks + dicts)).
    func foreign(in file: TensorFile, among networks: [FoundNetwork]) -> [Int] {
        let dicts = file.prefixes.filter { !prefix.hasPrefix($0) }
        let prefixes = Set(networks.map(\.prefix) + dicts).sorted { $0.count > $1.count }
        return file.tensors.indices.filter { index in
            let owner = prefixes.first { file.tensors[index].name.hasPrefix($0) }
            return owner != nil && owner != prefix
        }
    }

    private var share: Double { Double(matched) / Double(naming.architecture.outline.tensors.count) }

    private static let mostPlaces = 64

    /// The prefixes of the stems of networks, in the file's order.
    private static func places(in tensors: [TensorFile.Tensor]) -> [(stem: String, prefix: String)] {
        let stems = Set(NamingRule.all.map(\.stem)).sorted { ($1.count, $0) < ($0.count, $1) }
        let shapes = Set(Outline.all.values.map(\.stem.shape))
        var places: [(stem: String, prefix: String)] = []
        for tensor in tensors where shapes.contains(tensor.shape) {
            for stem in stems where tensor.name.hasSuffix(stem) {
                let prefix = String(tensor.name.dropLast(stem.count))
                if prefix.isEmpty || prefix.hasSuffix(".") { places.append((stem, prefix)) }
                if places.count == mostPlaces { return places }
            }
        }
        return places
    }

    /// The networks that the tensors under `prefix` may be, by every rule for such a stem, with at least three quarters of a
    /// network present.
    private static func networks(
        at prefix: String, stem: String, in index: NameIndex
    ) -> [FoundNetwork] {
        let members = index.places(under: prefix)
        let shape = index.tensors[members.first { index.tensors[$0].name == prefix + stem }!].shape
        return NamingRule.all.filter { $0.stem == stem }.flatMap { rule -> [FoundNetwork] in
            let candidates = rule.architectures.map(\.outline).filter { $0.stem.shape == shape }
            if candidates.isEmpty { return [] }
            let names = members.map { rule.rename(String(index.tensors[$0].name.dropFirst(prefix.count))) }
            return candidates.compactMap { outline in
                FoundNetwork(
                    WeightNaming(rule.source, outline.architecture), prefix, names, of: members, in: index.tensors,
                    outline)
            }
        }
    }

    private init?(
        _ naming: WeightNaming, _ prefix: String, _ memberNames: [String], of members: [Int],
        in tensors: [TensorFile.Tensor], _ outline: Outline
    ) {
        var matched: Set<String> = []
        for (name, place) in zip(memberNames, members) {
            let found = tensors[place].shape
            if let shape = outline.shapes[name] {
                if shape == naming.arrangement(name, shape: found).shape(found) { matched.insert(name) }
            } else if outline.roots.contains(Outline.root(of: name)), !name.hasSuffix("num_batches_tracked") {
                return nil
            }
        }
        if 4 * matched.count < 3 * outline.tensors.count { return nil }
        var names = [String?](repeating: nil, count: tensors.count)
        for (name, place) in zip(memberNames, members) { names[place] = name }
        self.init(naming: naming, prefix: prefix, names: names, matched: matched.count)
    }

    init(naming: WeightNaming, prefix: String, names: [String?], matched: Int) {
        (self.naming, self.prefix, self.names, self.matched) = (naming, prefix, names, matched)
    }
}

/// The tensors of a file sorted by name, so that those with a common prefix are found together.
struct NameIndex {
    let tensors: [TensorFile.Tensor]
    private let order: [Int]

    /// - Complexity: O(n log n) for n tensors.
    init(_ tensors: [TensorFile.Tensor]) {
        self.tensors = tensors
        // By bytes, so that names with a common beginning are adjacent.
        order = tensors.indices.sorted { tensors[$0].name.utf8.lexicographicallyPrecedes(tensors[$1].name.utf8) }
    }

    /// The indices of the tensors whose names have this prefix, in the file's order.
    func places(under prefix: String) -> [Int] {
        if prefix.isEmpty { return Array(tensors.indices) }
        var (low, high) = (0, order.count)
        while low < high {
            let middle = (low + high) / 2
            if tensors[order[middle]].name.utf8.lexicographicallyPrecedes(prefix.utf8) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return order[low...].prefix { tensors[$0].name.utf8.starts(with: prefix.utf8) }.sorted()
    }
}
