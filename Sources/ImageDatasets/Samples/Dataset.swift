import LabelFiles

/// A set of images with label distributions, in a fixed order.
public struct Dataset: Sendable, Equatable {
    /// The name given by its file or folder.
    public let name: String
    /// K names in class order; a class may have no images.
    public let classes: [String]
    /// The samples; every label is over `classes`.
    public let samples: [Sample]
    /// Paths of images without a label, as spelled in the label file or relative to the set's folder. They are not among
    /// `samples`.
    public let unlabelled: [String]
    /// The format in which it was read.
    public let format: DatasetFormat
    /// Where its splits come from.
    public let splitOrigin: SplitOrigin
    /// Notes for the user on how it was read: sentences on what was left out or assumed.
    public internal(set) var notes: [String]
    /// How its table of labels was interpreted; nil for other formats.
    public let labels: LabelInterpretation?

    /// Traps unless every label is over `classes`.
    public init(
        name: String, classes: [String], samples: [Sample], unlabelled: [String] = [],
        format: DatasetFormat = .dcic, splitOrigin: SplitOrigin = .foldFolders, notes: [String] = [],
        labels: LabelInterpretation? = nil
    ) {
        precondition(samples.allSatisfy { $0.label.classCount == classes.count }, "a label of other classes")
        self.name = name
        self.classes = classes
        self.samples = samples
        self.unlabelled = unlabelled
        self.format = format
        self.splitOrigin = splitOrigin
        self.notes = notes
        self.labels = labels
    }

    /// The slices that `Split` may take: 1…5, or only 1 if the set itself says which images are for training, validation and
    /// testing.
    public var slices: ClosedRange<Int> { samples.contains { $0.subset != nil } ? 1...1 : 1...5 }
}
