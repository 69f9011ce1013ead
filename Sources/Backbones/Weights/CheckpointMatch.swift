/// Which tensors of a file a network takes.
public struct CheckpointMatch: Sendable, Equatable, Codable {
    /// A tensor by name and shape.
    public struct Tensor: Sendable, Equatable, Codable {
        /// In the network, or in the file where the network has none such.
        public let name: String
        /// The extent of each dimension.
        public let shape: [Int]
    }

    /// A tensor whose shape in the file is not the network's.
    public struct Misfit: Sendable, Equatable, Codable {
        /// In the network.
        public let name: String
        /// The shape in the file.
        public let found: [Int]
        /// The shape in the network.
        public let expected: [Int]
    }

    /// What the network takes.
    public var matched: [Tensor] = []
    /// What the network has no use for. Counters of batches (`num_batches_tracked`) are not listed.
    public var skipped: [Tensor] = []
    /// What the file lacks.
    public var missing: [Tensor] = []
    /// Tensors of another shape.
    public var misfits: [Misfit] = []

    /// Of no tensors.
    package init() {}

    /// Whether the network takes all its tensors from the file.
    public var isComplete: Bool { missing.isEmpty && misfits.isEmpty }

    /// One line, such as `362 tensors matched, 2 skipped, 1 missing`.
    public var summary: String {
        var parts = ["\(matched.count) tensors matched"]
        if !skipped.isEmpty { parts.append("\(skipped.count) skipped") }
        if !missing.isEmpty { parts.append("\(missing.count) missing") }
        if !misfits.isEmpty { parts.append("\(misfits.count) of a different shape") }
        return parts.joined(separator: ", ")
    }

    /// A line for each tensor that was not matched, at most `limit` of each kind.
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
