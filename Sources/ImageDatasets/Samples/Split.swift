/// How the samples of a data set are divided among training, validation and testing.
public enum Split: Sendable, Hashable {
    /// One of the DCIC benchmark's five ways to divide five folds, 1…5: slice v tests on fold v + 2 and validates on fold v +
    /// 1, with folds counted cyclically from 1 to 5; it trains on the other three. Slices 1 to 3 are the paper's three splits.
    /// A set that itself assigns its samples to subsets has only slice 1.
    case slice(Int)
    /// Every sample is for training, whatever its fold and whatever the set says; none is left for validation and testing.
    case all

    /// Throws `SplitError` unless `slice` is 1…5.
    public init(slice: Int) throws(SplitError) {
        if !(1...5).contains(slice) { throw SplitError(slice: slice) }
        self = .slice(slice)
    }

    /// What the samples of `fold` (1…5) are used for.
    public func subset(ofFold fold: Int) -> Subset {
        switch self {
        case .all: .train
        case .slice(let slice): fold == (slice + 1) % 5 + 1 ? .test : fold == slice % 5 + 1 ? .validation : .train
        }
    }

    /// What `sample` is used for, according to its data set or else its fold.
    public func subset(of sample: Sample) -> Subset {
        self == .all ? .train : sample.subset ?? subset(ofFold: sample.fold)
    }

    /// Throws `DatasetError.onlySplit` unless `dataset` can be split in this way; `path` is the set's, for the error.
    public func check(_ dataset: Dataset, path: String) throws(DatasetError) {
        if case .slice(let slice) = self, !dataset.slices.contains(slice) {
            throw .onlySplit(path: path, found: slice)
        }
    }

    /// The indices of those samples of `dataset` that belong to `subset`, ascending.
    public func indices(of subset: Subset, in dataset: Dataset) -> [Int] {
        dataset.samples.indices.filter { self.subset(of: dataset.samples[$0]) == subset }
    }
}

/// The word used on the command line or in a record: `1` to `5`, or `all`.
extension Split: LosslessStringConvertible {
    /// Nil for other words.
    public init?(_ word: String) {
        if word == Self.everything {
            self = .all
        } else if let slice = Int(word), "\(slice)" == word, let split = try? Split(slice: slice) {
            self = split
        } else {
            return nil
        }
    }

    /// `1` to `5`, or `all`.
    public var description: String {
        switch self {
        case .slice(let slice): "\(slice)"
        case .all: Self.everything
        }
    }

    private static let everything = "all"
}

/// In JSON, slices are numbers, as they were before `all` was introduced.
extension Split: Codable {
    /// Throws `DecodingError` if there is neither a slice nor `all`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let slice = try? container.decode(Int.self) {
            do {
                try self.init(slice: slice)
            } catch {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(error)")
            }
        } else {
            let word = try container.decode(String.self)
            guard word == Self.everything else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "the split is '\(word)'; expected 1 to 5 or 'all'")
            }
            self = .all
        }
    }

    /// Writes a number, or the word `all`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .slice(let slice): try container.encode(slice)
        case .all: try container.encode(Self.everything)
        }
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

/// The requested slice does not exist.
public struct SplitError: Error, Equatable, CustomStringConvertible {
    /// The requested slice.
    public let slice: Int

    /// What was found and what was expected.
    public var description: String { "the split is \(slice); expected a number from 1 to 5" }
}
