import LabelFiles

/// A set of images with label distributions, in a fixed order.
public struct Dataset: Sendable, Equatable {
    /// As its file or folder calls it.
    public let name: String
    /// K names in class order; a class may be without images.
    public let classes: [String]
    /// Every label is over `classes`.
    public let samples: [Sample]
    /// Paths, as the label file spells them or relative to the set's folder, of images that nobody gave a label to. They
    /// are not among `samples`.
    public let unlabelled: [String]
    /// How it was read.
    public let format: DatasetFormat
    /// What a user should know of how it was read: sentences on what was left out or assumed.
    public let notes: [String]
    /// What its table of labels was taken for; nil for other formats.
    public let labels: LabelInterpretation?

    /// Traps unless every label is over `classes`.
    public init(
        name: String, classes: [String], samples: [Sample], unlabelled: [String] = [],
        format: DatasetFormat = .dcic, notes: [String] = [], labels: LabelInterpretation? = nil
    ) {
        precondition(samples.allSatisfy { $0.label.classCount == classes.count }, "a label of other classes")
        self.name = name
        self.classes = classes
        self.samples = samples
        self.unlabelled = unlabelled
        self.format = format
        self.notes = notes
        self.labels = labels
    }

    /// The slices that `Split` may take: 1…5, or 1 alone where the set says itself which images are for training,
    /// validation and test.
    public var slices: ClosedRange<Int> { samples.contains { $0.subset != nil } ? 1...1 : 1...5 }
}
