/// The tensors of a checkpoint by name: a state dict at the top of a pickle or inside a dict of training state, or several of
/// them, such as weights and their averages.
struct PyTorchStateDict {
    /// The keys that lead to it, from the top; with several state dicts, to the dict that holds them.
    let keys: [String]
    /// With several state dicts, the prefix of each one's names, such as `state_dict_ema.`; otherwise empty.
    let prefixes: [String]
    /// Name and tensor in the file's order.
    let tensors: [(name: String, tensor: PickleHeap.Tensor)]
    /// Names of other entries on the way to it, such as an optimiser's state; at most 100.
    let others: [String]
    /// Other entries beside the tensors, except dicts and single values, if arrays are wanted: the elements of lists of texts or
    /// of whole numbers; nil for other lists and for objects. At most 100.
    let lists: [(name: String, texts: [String]?)]

    /// Where training scripts put a state dict. Of several, averaged weights (EMA) come last.
    static let wrapperKeys = [
        "state_dict", "model_state_dict", "model", "model_state", "net", "net_state_dict", "network", "module",
        "weights", "params", "state_dict_ema", "model_ema", "ema_state_dict", "ema_model", "ema",
    ]
    /// What `DataParallel` and `torch.compile` put before every name.
    private static let wrapperPrefixes = ["module.", "_orig_mod."]

    /// Finds the state dicts within `root`; `path` is the file's. If arrays are wanted, not weights, a single tensor will do,
    /// a dict's own arrays take precedence over the dicts within it, and these may have any key. Throws `PyTorchError.noTensors` or `duplicateName`.
    /// - Complexity: O(number of values): no dict is visited twice.
    init(
        in root: PickleValue, heap: PickleHeap, input: PickleInput, path: String, takesArrays: Bool = false
    ) throws(PyTorchError) {
        if takesArrays, case .tensor(let index) = root {
            (keys, prefixes, tensors, others, lists) = ([], [], [("tensor", heap.tensors[index])], [], [])
            return
        }
        var search = Search(heap: heap, input: input, takesArrays: takesArrays)
        search.find(root)
        guard let first = search.found.first else {
            if let name = heap.foreignNames.first { throw .wholeObject(path: path, name: name) }
            throw .noTensors(path: path, found: Self.description(of: root, heap: heap, input: input))
        }
        let keys = search.found.reduce(first.keys) { common, dict in
            zip(common, dict.keys).prefix { $0 == $1 }.map(\.0)
        }
        let prefixes = search.found.map { $0.keys.dropFirst(keys.count).map { $0 + "." }.joined() }
        var tensors: [(name: String, tensor: PickleHeap.Tensor)] = []
        var names: Set<String> = []
        var others = search.others
        var lists: [(name: String, texts: [String]?)] = []
        // A file may hold one list under many keys.
        var made: [Int: [String]?] = [:]
        for (dict, prefix) in zip(search.found, prefixes) {
            for (key, value) in heap.mappings[dict.place] {
                guard let text = input.text(key) else { continue }
                guard case .tensor(let index) = value else {
                    if others.count < 100 { others.append(prefix + text) }
                    if !takesArrays || lists.count >= 100 { continue }
                    if case .sequence(let place) = value {
                        let texts = made[place] ?? Self.texts(heap.sequences[place], input)
                        made[place] = texts
                        lists.append((prefix + text, texts))
                    } else if case .other = value {
                        lists.append((prefix + text, nil))
                    }
                    continue
                }
                let name = prefix + Self.withoutWrappers(text)
                if !names.insert(name).inserted { throw .duplicateName(path: path, name: name.displayed) }
                tensors.append((name, heap.tensors[index]))
            }
        }
        self.keys = keys
        self.prefixes = prefixes.count > 1 ? prefixes : []
        self.tensors = tensors
        self.others = others
        self.lists = lists
    }

    /// Texts or whole numbers; nil if there is anything else.
    private static func texts(_ values: [PickleValue], _ input: PickleInput) -> [String]? {
        var texts: [String] = []
        for value in values {
            if case .integer(let number) = value {
                texts.append("\(number)")
            } else if let text = input.text(value) {
                texts.append(text)
            } else {
                return nil
            }
        }
        return texts
    }

    private static func withoutWrappers(_ name: String) -> String {
        var rest = name[...]
        while let prefix = wrapperPrefixes.first(where: { rest.hasPrefix($0) }) { rest.removeFirst(prefix.count) }
        return String(rest)
    }

    private static func description(of value: PickleValue, heap: PickleHeap, input: PickleInput) -> String {
        switch value {
        case .mapping(let place):
            let names = heap.mappings[place].prefix(1000).compactMap { input.text($0.key)?.displayed }
            if names.isEmpty { return "a dict without tensors" }
            return "a dict of \(names.prefix(12).joined(separator: ", "))\(names.count > 12 ? " …" : "")"
        case .sequence: return "a list"
        case .tensor: return "a single tensor"
        default: return "no dict"
        }
    }

    /// Descends through the wrapper keys, a few levels deep.
    private struct Search {
        let heap: PickleHeap
        let input: PickleInput
        let takesArrays: Bool
        /// The dicts with tensors: the keys that lead to each, from the top, and its index.
        var found: [(keys: [String], place: Int)] = []
        /// From the innermost to the outermost.
        var others: [String] = []
        private var visited: Set<Int> = []

        init(heap: PickleHeap, input: PickleInput, takesArrays: Bool) {
            (self.heap, self.input, self.takesArrays) = (heap, input, takesArrays)
        }

        /// Adds the dicts with tensors under wrapper keys of `value`, at any level, or else, if arrays are wanted and it has none
        /// of its own, under its other keys, or else `value` itself if it has tensors.
        /// Returns whether it has added any.
        @discardableResult
        mutating func find(_ value: PickleValue, keys: [String] = []) -> Bool {
            guard keys.count < 5, case .mapping(let place) = value, visited.insert(place).inserted else { return false }
            var wrapped: [String: PickleValue] = [:]
            // Other dicts, which may hold arrays: those of parts of a data set.
            var nested: [(key: String, value: PickleValue)] = []
            // Tensors of one element, such as losses, are no arrays.
            var (hasTensors, hasArrays) = (false, false)
            for (key, value) in heap.mappings[place] {
                switch value {
                case .tensor(let index):
                    let isNamed = input.text(key) != nil
                    hasTensors = hasTensors || isNamed
                    hasArrays = hasArrays || isNamed && heap.tensors[index].shape.contains { $0 > 1 }
                case .mapping:
                    guard let name = input.text(key) else { continue }
                    if wrapperKeys.contains(name) { wrapped[name] = value } else { nested.append((name, value)) }
                default: break
                }
            }
            var inner: Set<String> = []
            for key in wrapperKeys where !(takesArrays && hasArrays) {
                if let value = wrapped[key], find(value, keys: keys + [key]) { inner.insert(key) }
            }
            if takesArrays, !hasArrays, inner.isEmpty {
                for (key, value) in nested where find(value, keys: keys + [key]) { inner.insert(key) }
            }
            if inner.isEmpty {
                if hasTensors { found.append((keys, place)) }
                return hasTensors
            }
            for (other, _) in heap.mappings[place] where others.count < 100 {
                if let name = input.text(other), !inner.contains(name) { others.append(name) }
            }
            return true
        }
    }
}
