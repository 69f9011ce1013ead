/// How the tensors of a file match those of a network.
public struct CheckpointMatch: Sendable, Equatable, Codable {
    /// A tensor by name and shape.
    public struct Tensor: Sendable, Equatable, Codable {
        /// The name in the network, or in the file if the network has no such tensor.
        public let name: String
        /// The extent of each dimension.
        public let shape: [Int]
    }

    /// A tensor with different shapes in the file and in the network.
    public struct Misfit: Sendable, Equatable, Codable {
        /// The name in the network.
        public let name: String
        /// The shape in the file.
        public let found: [Int]
        /// The shape in the network.
        public let expected: [Int]
    }

    /// The tensors that the network uses.
    public var matched: [Tensor] = []
    /// The tensors that the network does not use. Batch counters (`num_batches_tracked`) are not listed.
    public var skipped: [Tensor] = []
    /// The tensors that the file lacks.
    public var missing: [Tensor] = []
    /// Tensors with different shapes.
    public var misfits: [Misfit] = []

    /// A match without tensors.
    package init() {}

    /// Whether the network gets all its tensors from the file.
    public var isComplete: Bool { missing.isEmpty && misfits.isEmpty }

    /// One line, such as `362 tensors matched, 2 skipped, 1 missing`.
    public var summary: String {
        var parts = ["\(matched.count) tensors matched"]
        if !skipped.isEmpty { parts.append("\(skipped.count) skipped") }
        if !missing.isEmpty { parts.append("\(missing.count) missing") }
        if !misfits.isEmpty { parts.append("\(misfits.count) of a different shape") }
        return parts.joined(separator: ", ")
    }

    /// One line per tensor that was not matched, at most `limit` of each kind.
    public func details(limit: Int = 20) -> [String] {
        func lines<Element>(_ elements: [Element], _ kind: String, _ text: (Element) -> String) -> [String] {
            let rest = elements.count - limit
            return elements.prefix(limit).map { "\(kind) \(text($0))" }
                + (rest > 0 ? ["\(kind) … and \(rest) more"] : [])
        }
        return lines(misfits, "shape  ") { "\($0.name) is \($0.found); expected \($0.expected)" }
            + lines(missing, "missing") { "\($0.name) \($0.shape)" }
            + lines(skipped, "skipped") { "\($0.name) \($0.shape)" }
    }
}
