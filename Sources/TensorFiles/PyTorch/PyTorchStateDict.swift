/// The tensors of a checkpoint by name: a state dict at the top of a pickle or inside a dict of training state.
struct PyTorchStateDict {
    /// The keys that lead to it, from the top.
    let keys: [String]
    /// Name and tensor in the file's order.
    let tensors: [(name: String, tensor: PickleHeap.Tensor)]
    /// Names of other entries on the way to it, such as an optimiser's state; at most 100.
    let others: [String]

    /// Where training scripts put a state dict. The first key present counts, so averaged weights (EMA) are taken only if there
    /// are no others.
    static let wrapperKeys = [
        "state_dict", "model_state_dict", "model", "model_state", "net", "net_state_dict", "network", "module",
        "weights", "params", "state_dict_ema", "model_ema", "ema_state_dict", "ema_model", "ema",
    ]
    /// What `DataParallel` and `torch.compile` put before every name.
    private static let wrapperPrefixes = ["module.", "_orig_mod."]

    /// Finds the state dict within `root`; `path` is the file's. Throws `PyTorchError.noTensors` or `duplicateName`.
    /// - Complexity: O(number of values): no dict is visited twice.
    init(
        in root: PickleValue, heap: PickleHeap, input: PickleInput, path: String, takesSingleTensors: Bool = false
    ) throws(PyTorchError) {
        if takesSingleTensors, case .tensor(let index) = root {
            (keys, tensors, others) = ([], [("tensor", heap.tensors[index])], [])
            return
        }
        var search = Search(heap: heap, input: input)
        guard let place = search.find(root) else {
            if let name = heap.foreignNames.first { throw .wholeObject(path: path, name: name) }
            throw .noTensors(path: path, found: Self.description(of: root, heap: heap, input: input))
        }
        keys = search.keys.reversed()
        var tensors: [(name: String, tensor: PickleHeap.Tensor)] = []
        var names: Set<String> = []
        var others = search.others
        for (key, value) in heap.mappings[place] {
            guard let text = input.text(key) else { continue }
            guard case .tensor(let index) = value else {
                if others.count < 100 { others.append(text) }
                continue
            }
            let name = Self.withoutWrappers(text)
            if !names.insert(name).inserted { throw .duplicateName(path: path, name: name.displayed) }
            tensors.append((name, heap.tensors[index]))
        }
        self.tensors = tensors
        self.others = others
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
        /// From the innermost to the outermost.
        var keys: [String] = []
        var others: [String] = []
        private var visited: Set<Int> = []

        init(heap: PickleHeap, input: PickleInput) {
            self.heap = heap
            self.input = input
        }

        /// The index of the nearest dict with tensors; dicts under wrapper keys come first.
        mutating func find(_ value: PickleValue, depth: Int = 0) -> Int? {
            guard depth < 5, case .mapping(let place) = value, visited.insert(place).inserted else { return nil }
            var wrapped: [String: PickleValue] = [:]
            var hasTensors = false
            for (key, value) in heap.mappings[place] {
                switch value {
                case .tensor: hasTensors = hasTensors || input.text(key) != nil
                case .mapping:
                    if let name = input.text(key), wrapperKeys.contains(name) { wrapped[name] = value }
                default: break
                }
            }
            for key in wrapperKeys {
                guard let value = wrapped[key], let found = find(value, depth: depth + 1) else { continue }
                keys.append(key)
                for (other, _) in heap.mappings[place] where others.count < 100 {
                    if let name = input.text(other), name != key { others.append(name) }
                }
                return found
            }
            return hasTensors ? place : nil
        }
    }
}
