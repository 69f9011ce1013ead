import Foundation
import TensorFiles

/// What the lists in the records of a JSON file hold, as far as all records together say it.
///
/// A list of texts can name the classes whose votes or shares another list gives (`labels` and `counts`), be the choices that
/// annotators had, which are the same in every record, or hold several labels of one image.
struct JSONLists {
    /// A list of names of classes, and the list of as many numbers that goes with it.
    struct Pair {
        let names: String
        let numbers: String
        /// Whether the numbers are known to be votes or shares: by their name, or because they sum to 1.
        let isKnown: Bool
    }

    private(set) var pairs: [Pair] = []
    /// Lists that are the same in every record.
    private(set) var constant: Set<String> = []
    /// Lists of texts beside votes, which are labels of nobody.
    private(set) var besideVotes: Set<String> = []
    /// Lists without a repetition in any record, of which some have several entries.
    private(set) var distinct: Set<String> = []
    /// Those of `distinct` that hold several labels of one image, rather than the labels of annotators, who agree now and then.
    private(set) var severalLabels: Set<String> = []
    private var repeated: Set<String> = []
    /// The classes that the lists of names hold.
    private(set) var classes: [String] = []

    /// Names of lists of numbers of votes or of shares.
    static let votes: Set = [
        "votes", "counts", "vote_counts", "label_counts", "label_count", "distribution", "label_dist", "soft_label",
        "soft_labels", "probs",
    ]
    /// Names of lists of annotators' labels.
    static let annotations: Set = ["annotations", "labels", "annotator_labels", "choices"]
    /// Names of lists of annotators' labels, and of nothing else.
    static let onlyAnnotations: Set = ["annotations", "annotator_labels"]

    /// A list of one record.
    private struct Entry<Value> {
        let record: Int
        let values: [Value]
    }

    /// The lists of `records`, apart from those with keys that the user leaves out.
    /// - Complexity: O(size of the records).
    init(_ records: [[String: Any]], ignoring ignored: [String]? = nil) {
        var texts: [String: [Entry<String>]] = [:]
        var numbers: [String: [Entry<Double>]] = [:]
        var hasVotes = false
        for (index, record) in records.enumerated() {
            for (key, value) in record where ignored?.contains(key) != true {
                let isNamed = Self.votes.contains(ColumnNames.plain(key))
                hasVotes = hasVotes || isNamed && value is [String: NSNumber]
                guard let list = value as? [Any], !list.isEmpty else { continue }
                if let list = list as? [String] {
                    texts[key, default: []].append(Entry(record: index, values: list))
                } else if let list = list as? [NSNumber] {
                    hasVotes = hasVotes || isNamed
                    numbers[key, default: []].append(Entry(record: index, values: list.map(\.doubleValue)))
                }
            }
        }
        constant = Set(
            texts.filter { _, lists in
                lists.count > 2 && lists.count == records.count && lists.allSatisfy { $0.values == lists[0].values }
            }.keys)
        for (key, lists) in texts { findDistinct(key, lists.map(\.values)) }
        for (key, lists) in numbers { findDistinct(key, lists.map(\.values)) }
        for names in ClassOrder.sorted(texts.keys) where Self.canNameClasses(names) && !repeated.contains(names) {
            let lists = texts[names]!
            let partners = numbers.filter { _, others in
                others.count == lists.count
                    && zip(others, lists).allSatisfy { $0.record == $1.record && $0.values.count == $1.values.count }
            }
            guard let partner = ClassOrder.sorted(partners.keys).min(by: { Self.rank($0) < Self.rank($1) }) else {
                continue
            }
            let areShares = partners[partner]!.allSatisfy {
                abs($0.values.reduce(0, +) - 1) <= LabelTable.shareTolerance
            }
            pairs.append(Pair(names: names, numbers: partner, isKnown: Self.isAmount(partner) || areShares))
            classes += lists.flatMap(\.values)
        }
        classes = ClassOrder.sorted(Set(classes))
        if hasVotes {
            besideVotes = Set(texts.keys).subtracting(pairs.map(\.names)).filter {
                !Self.annotations.contains(ColumnNames.plain($0))
            }
        }
    }

    private mutating func findDistinct(_ key: String, _ lists: [[some Hashable]]) {
        let several = lists.count { $0.count > 1 }
        if lists.contains(where: { Set($0).count < $0.count }) {
            repeated.insert(key)
        } else if several > 0 {
            distinct.insert(key)
            let plain = ColumnNames.plain(key)
            if Self.onlyAnnotations.contains(plain) { return }
            let isOfOne = ColumnNames.labels.contains(plain)
            if isOfOne || several >= ColumnRoles.tellingRows { severalLabels.insert(key) }
        }
    }

    /// Whether the number of votes or the share of each class is in the list, by its name.
    private static func isAmount(_ key: String) -> Bool {
        votes.contains(ColumnNames.plain(key)) || ColumnNames.isAmount(key)
    }

    private static func rank(_ key: String) -> Int { isAmount(key) ? 0 : 1 }

    private static func canNameClasses(_ key: String) -> Bool {
        let plain = ColumnNames.plain(key)
        if onlyAnnotations.contains(plain) { return false }
        return ColumnNames.labels.contains(plain) || KnownArrays.areClasses(key)
            || plain.hasSuffix("s") && ColumnNames.labels.contains(String(plain.dropLast()))
            || ["choices", "options", "names"].contains(plain)
    }
}
