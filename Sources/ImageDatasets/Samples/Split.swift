/// One of the five ways of the DCIC benchmark to share five folds among training, validation and test.
///
/// Slice v tests on fold v + 2 and validates on fold v + 1, folds counted cyclically from 1 to 5; it trains on the other
/// three. Slices 1 to 3 are the paper's three splits.
public struct Split: Sendable, Equatable {
    /// 1…5.
    public let slice: Int

    /// Throws `SplitError` unless `slice` is 1…5.
    public init(slice: Int) throws(SplitError) {
        if !(1...5).contains(slice) { throw SplitError(slice: slice) }
        self.slice = slice
    }

    /// 1…5.
    public var testFold: Int { (slice + 1) % 5 + 1 }

    /// 1…5.
    public var validationFold: Int { slice % 5 + 1 }

    /// What the samples of `fold` (1…5) are used for.
    public func subset(ofFold fold: Int) -> Subset {
        fold == testFold ? .test : fold == validationFold ? .validation : .train
    }

    /// What `sample` is used for: what its data set says, or else its fold.
    public func subset(of sample: Sample) -> Subset { sample.subset ?? subset(ofFold: sample.fold) }

    /// Throws `DatasetError.onlySplit` unless `dataset` can be split in this way; `path` is the set's, for the error.
    public func check(_ dataset: Dataset, path: String) throws(DatasetError) {
        if !dataset.slices.contains(slice) { throw .onlySplit(path: path, found: slice) }
    }

    /// The indices of those samples of `dataset` that belong to `subset`, ascending.
    public func indices(of subset: Subset, in dataset: Dataset) -> [Int] {
        dataset.samples.indices.filter { self.subset(of: dataset.samples[$0]) == subset }
    }
}

/// What a sample is used for under a `Split`. The raw values are the names that the DCIC format uses.
public enum Subset: String, Sendable, CaseIterable {
    /// Three of five folds.
    case train
    /// One fold, for choosing parameters.
    case validation = "val"
    /// One fold, for the final figures.
    case test
}

/// A slice was asked for that there is not.
public struct SplitError: Error, Equatable, CustomStringConvertible {
    /// What was asked for.
    public let slice: Int

    /// What was found and what was expected.
    public var description: String { "the split is \(slice), a number from 1 to 5 was expected" }
}
