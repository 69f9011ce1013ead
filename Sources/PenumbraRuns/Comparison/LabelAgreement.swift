import Foundation
import TensorFiles

/// Whether the tables that say what the spaces' samples are agree. Data sets often number their images in the same way, so that
/// the same ids do not show that the samples are the same.
struct LabelAgreement {
    /// Throws `InputError.otherLabels` if two spaces of a split are measured by different labels of the same sample.
    static func check(_ spaces: [ComparedSpace], wayOn: String) throws(InputError) {
        if let found = differences(between: spaces.map { ($0.split, $0.samples) }).first {
            throw .otherLabels(found.text, wayOn: wayOn)
        }
    }

    /// One sentence per space whose own table of samples, beside its features, labels a sample otherwise than that of the
    /// first space with such a table on its split: these may be features of another data set.
    static func ownDifferences(_ spaces: [ComparedSpace]) -> [String] {
        differences(between: spaces.compactMap { space in space.ownSamples.map { (space.split, $0) } }).map(\.text)
    }

    private let first: SampleTable
    private let second: SampleTable
    private let id: String
    private let labels: [[String: Double]]

    private static func differences(between tables: [(split: String, samples: SampleTable)]) -> [LabelAgreement] {
        var models: [String: SampleTable] = [:]
        return tables.compactMap { split, samples in
            guard let model = models[split] else {
                models[split] = samples
                return nil
            }
            return LabelAgreement(model, samples)
        }
    }

    /// The first difference of `second`; nil if there is none.
    private init?(_ first: SampleTable, _ second: SampleTable) {
        (self.first, self.second) = (first, second)
        if first.source?.table.path == second.source?.table.path { return nil }
        let known = Self.labels(of: first)
        let rows = Dictionary(known.map { ($0.id, $0.label) }) { one, _ in one }
        let different = Self.labels(of: second).lazy.compactMap { id, label in
            rows[id].flatMap { $0 == label ? nil : (id: id.text, labels: [$0, label]) }
        }
        guard let found = different.first else { return nil }
        (id, labels) = (found.id, found.labels)
    }

    /// The shares of each labelled sample by class; classes without a share are left out, as their order is.
    private static func labels(of samples: SampleTable) -> [(id: ExactText, label: [String: Double])] {
        zip(samples.ids.ids, samples.labelsOfSamples).compactMap { id, label in
            label.map { label in
                let shares = zip(samples.classes, label.probabilities).filter { $1 > 0 }
                return (ExactText(id), Dictionary(shares) { one, _ in one })
            }
        }
    }

    private var text: String {
        Self.sentence(
            [first, second].map { $0.source?.table.path ?? $0.ids.path }, id: id, labels: labels)
    }

    /// How two files label a sample; the shares of each by class.
    static func sentence(_ paths: [String], id: String, labels: [[String: Double]]) -> String {
        let words = labels.map { label in
            let sorted = label.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            return InputError.list(sorted.map { "\($0.key) \(Decimals.fixed($0.value, 3))" }, atMost: 3)
        }
        return "\(paths[0]) and \(paths[1]) label '\(id.displayed)' differently: \(words[0]) in the first, \(words[1]) "
            + "in the second"
    }
}
