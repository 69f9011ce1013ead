/// A set of images with label distributions, in a fixed order.
public struct Dataset: Sendable, Equatable {
    /// As its file or folder calls it.
    public let name: String
    /// K names in class order; a class may be without images.
    public let classes: [String]
    /// Every label is over `classes`.
    public let samples: [Sample]
    /// Paths, as the label file spells them, of images that nobody gave a label to. They are not among `samples`.
    public let unlabelled: [String]

    /// Traps unless every label is over `classes`.
    public init(name: String, classes: [String], samples: [Sample], unlabelled: [String] = []) {
        precondition(samples.allSatisfy { $0.label.classCount == classes.count }, "a label of other classes")
        self.name = name
        self.classes = classes
        self.samples = samples
        self.unlabelled = unlabelled
    }
}
