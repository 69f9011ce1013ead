/// Finds the weights in a Keras HDF5 file, in any of its arrangements.
struct KerasWeights {
    private let file: HDF5File
    private(set) var tensors: [(name: String, type: ElementType, bigEndian: Bool, array: HDF5Array)] = []
    private(set) var keys: [String] = []
    private(set) var others: [String] = []
    /// Groups by position: each is walked once, however many links lead to it.
    private var walked: Set<Int> = []

    /// The most levels of nested groups; a model used as a layer takes two.
    private static let depthLimit = 64
    /// The most bytes of a name, enclosing groups included; this bounds the memory for 100,000 names.
    private static let nameLimit = 1024
    /// The most names of things that are not weights.
    private static let otherLimit = 100
    /// What training leaves beside the layers.
    private static let trainingState: Set = [
        "optimizer", "_optimizer", "optimizer_weights", "metrics", "_metrics", "compile_metrics", "_compile_metrics",
    ]

    init(_ file: HDF5File) { self.file = file }

    /// Reads everything, and returns what the file says about itself. Throws `HDF5Error` or what the source throws.
    mutating func read() throws -> [String: String] {
        var (group, attributes) = (file.root, file.attributes)
        var facts = try Self.facts(attributes)
        if case .group(let inner, let innerAttributes)? = try whole(group) {
            keys = ["model_weights"]
            for (name, _) in group.links where name != keys[0] { setAside(name) }
            (group, attributes) = (inner, innerAttributes)
            facts.merge(try Self.facts(attributes)) { first, _ in first }
        }
        if let layers = try attributes.list("layer_names") {
            for layer in layers { try readLayer(layer, in: group) }
        } else {
            try walk(group, path: "", scope: "", depth: 0)
        }
        return facts
    }

    /// The group of weights in a file of a whole model.
    private func whole(_ group: HDF5Group) throws -> HDF5File.Object? {
        try file.object("model_weights", in: group, path: "model_weights")
    }

    private static func facts(_ attributes: HDF5Attributes) throws -> [String: String] {
        var facts: [String: String] = [:]
        for key in ["keras_version", "backend"] {
            if let value = try attributes.texts(key)?.first { facts[key] = value }
        }
        return facts
    }

    // MARK: - Layers in a list

    private mutating func readLayer(_ layer: String, in group: HDF5Group) throws {
        guard case .group(let weights, let attributes)? = try object(layer, in: group) else {
            throw HDF5Error.missing(path: file.file.path, name: layer.displayed)
        }
        for weight in try attributes.list("weight_names") ?? [] {
            // Most names of weights begin with their layer's name.
            let name = try checked(weight.hasPrefix(layer + "/") ? weight : "\(layer)/\(weight)")
            guard case .array(let array, let attributes)? = try object(weight, in: weights) else {
                throw HDF5Error.missing(path: file.file.path, name: name.displayed)
            }
            try append(name, array, attributes)
        }
    }

    /// Follows a name that may contain slashes.
    private func object(_ path: String, in group: HDF5Group) throws -> HDF5File.Object? {
        let parts = path.split(separator: "/").map(String.init)
        guard let last = parts.last, parts.count <= Self.depthLimit else { return nil }
        var group = group
        for part in parts.dropLast() {
            guard case .group(let next, _)? = try file.object(part, in: group, path: path) else { return nil }
            group = next
        }
        return try file.object(last, in: group, path: path)
    }

    // MARK: - Layers in groups

    /// Reads the variables of a group and of all groups inside it. `scope` is the names of the enclosing models.
    private mutating func walk(_ group: HDF5Group, path: String, scope: String, depth: Int) throws {
        if depth > Self.depthLimit { throw HDF5Error.tooDeep(path: file.file.path, limit: Self.depthLimit) }
        try enter(group)
        let path = try checked(path)
        var scope = scope
        if case .group(let variables, let attributes)? = try file.object("vars", in: group, path: path + "vars") {
            // The outermost model has a name too, but it does not prefix the names of its layers.
            let name = try attributes.texts("name")?.first.map { try checked(scope + $0 + "/") }
            try readVariables(variables, name: name ?? path, path: path + "vars/")
            if depth > 0, let name { scope = name }
        }
        for (name, _) in group.links where name != "vars" {
            if depth == 0 && Self.trainingState.contains(name) {
                setAside(name)
            } else if case .group(let inner, _)? = try file.object(name, in: group, path: path + name) {
                try walk(inner, path: path + name + "/", scope: scope, depth: depth + 1)
            } else {
                setAside(path + name)
            }
        }
    }

    private func checked(_ name: String) throws(HDF5Error) -> String {
        if name.utf8.count > Self.nameLimit {
            throw file.file.malformed(0, "'\(name.displayed)', a name of more than \(Self.nameLimit) bytes")
        }
        return name
    }

    private mutating func setAside(_ name: String) {
        if others.count < Self.otherLimit { others.append(name) }
    }

    private mutating func enter(_ group: HDF5Group) throws(HDF5Error) {
        if !walked.insert(group.place).inserted { throw .repeated(path: file.file.path, position: group.place) }
    }

    /// Reads the numbered arrays of a layer, in the layer's own order.
    private mutating func readVariables(_ group: HDF5Group, name: String, path: String) throws {
        try enter(group)
        var arrays: [(number: String, array: HDF5Array, attributes: HDF5Attributes)] = []
        for (number, _) in group.links {
            if case .array(let array, let attributes)? = try file.object(number, in: group, path: path + number) {
                arrays.append((number, array, attributes))
            } else {
                setAside(path + number)
            }
        }
        let isNumbered = arrays.enumerated().allSatisfy { $0.element.number == "\($0.offset)" }
        let kinds = isNumbered ? Self.kinds(arrays.map(\.array.shape)) : nil
        for (index, part) in arrays.enumerated() {
            try append(name + (kinds?[index] ?? part.number), part.array, part.attributes)
        }
    }

    /// A layer's names for its variables, inferred from their shapes: convolutions and dense layers, batch normalisation.
    private static func kinds(_ shapes: [[Int]]) -> [String]? {
        switch shapes.map(\.count) {
        case [4], [2]: ["kernel"]
        case [4, 1], [2, 1]: ["kernel", "bias"]
        case [1, 1, 1, 1]: ["gamma", "beta", "moving_mean", "moving_variance"]
        default: nil
        }
    }

    // MARK: - Arrays

    /// Adds an array of numbers; others, such as a vocabulary, are not weights.
    private mutating func append(_ name: String, _ array: HDF5Array, _ attributes: HDF5Attributes) throws {
        switch array.type.kind {
        case .number(let type, let bigEndian): tensors.append((name, type, bigEndian, array))
        case .opaque where array.type.size == 2:
            if try attributes.texts("dtype") == ["bfloat16"] {
                tensors.append((name, .bfloat16, false, array))
            } else {
                setAside(name)
            }
        default: setAside(name)
        }
    }
}
