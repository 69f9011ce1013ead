import ImageDatasets

/// One of several times that a run trains the same kinds: on another split, or with another seed.
package struct Repetition: Sendable, Hashable, CustomStringConvertible {
    /// Which samples are for training, validation and testing.
    package let split: Split
    /// The seed, if the run has trainings with several seeds on a split; otherwise nil.
    package let seed: UInt64?

    package init(split: Split, seed: UInt64? = nil) {
        self.split = split
        self.seed = seed
    }

    /// The repetition that a folder of this name belongs to; nil for other folders.
    init?(name: String) {
        let words = name.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 2 || words.count == 4, let split = Split(words[1]) else { return nil }
        self.init(split: split, seed: words.count == 4 ? UInt64(words[3]) : nil)
        // Other words, or numbers in another notation: not a folder of this program.
        if self.name != name { return nil }
    }

    /// The folder's name: `split-1`, `split-all`, `split-1-seed-2`.
    var name: String { "split-\(split)" + (seed.map { "-seed-\($0)" } ?? "") }

    /// For people: `split 1`, `split 1, seed 2`.
    package var description: String { "split \(split)" + (seed.map { ", seed \($0)" } ?? "") }

    /// By split, and then by seed, none before 0.
    static func precedes(_ first: Repetition, _ second: Repetition) -> Bool {
        let (one, two) = (first.split.description, second.split.description)
        if one != two { return one < two }
        guard let later = second.seed else { return false }
        return first.seed.map { $0 < later } ?? true
    }

    /// The number of splits and seeds, for people: `3 splits`, `3 seeds`, `3 splits × 2 seeds`.
    static func count(_ repetitions: [Repetition]) -> String {
        let splits = Set(repetitions.map(\.split)).count, seeds = Set(repetitions.compactMap(\.seed)).count
        func phrase(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
        return switch (splits, seeds) {
        case (_, 0), (_, 1): phrase(splits, "split")
        case (1, _): phrase(seeds, "seed")
        default: "\(phrase(splits, "split")) × \(phrase(seeds, "seed"))"
        }
    }
}
