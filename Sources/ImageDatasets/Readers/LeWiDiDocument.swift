import Foundation
import LabelFiles

/// The labels of the shared tasks "Learning with Disagreements" (LeWiDi, 2023 and 2025): an object keyed by the items' ids,
/// with the annotators' answers for each.
///
/// Annotations are a comma-separated text (2023: `"annotations": "0,1,1"`, beside `"annotators": "Ann1,Ann2,Ann3"`) or an
/// object keyed by annotator (2025: `"annotations": {"Ann1": "0"}`). If there are none, `soft_label` gives the shares of the
/// classes.
struct LeWiDiDocument {
    struct Item: Equatable {
        let id: String
        /// The text that the annotators saw, if it is a text; for images, their file.
        let text: String?
        /// In the order of the file if it has one, otherwise sorted by annotator.
        let annotations: [Annotation]
        /// By class; empty if not given.
        let shares: [String: Double]
        /// `train`, `dev` or `test`.
        let split: String?

        /// Whether both are given, and a share differs by more than `tolerance` from that among the annotations.
        func sharesContradictAnnotations(tolerance: Double) -> Bool {
            if annotations.isEmpty || shares.isEmpty { return false }
            let counts = Dictionary(grouping: annotations, by: \.label).mapValues(\.count)
            return Set(counts.keys).union(shares.keys).contains { name in
                let share = Double(counts[name] ?? 0) / Double(annotations.count)
                return !(abs(share - (shares[name] ?? 0)) <= tolerance)
            }
        }
    }

    struct Annotation: Equatable {
        /// Nil if annotators are not named.
        let annotator: String?
        let label: String
    }

    /// Numeric ids are sorted by value, other ids by their scalars.
    let items: [Item]
    /// Every label that occurs: whole numbers sorted by value, other labels by their scalars.
    let classes: [String]

    /// Whether the JSON text that begins with `start` looks like one of these files.
    static func isHeld(in start: [UInt8]) -> Bool {
        let text = String(decoding: start, as: UTF8.self)
        return text.contains("\"annotation task\"") || text.contains("\"number of annotat")
    }

    /// Reads the file at `url`. Throws `DatasetError`.
    init(contentsOf url: URL) throws(DatasetError) {
        let entries = try JSONFile.decode([String: Entry].self, from: url)
        var items: [Item] = []
        for id in ClassOrder.sorted(entries.keys) {
            let entry = entries[id]!
            func malformed(_ problem: String) -> DatasetError {
                .malformed(path: url.path, place: "\"\(id)\"", problem: problem)
            }
            let annotations: [Annotation]
            switch entry.annotations {
            case .list(let labels):
                let annotators = entry.annotators.map(Self.parts) ?? []
                if !annotators.isEmpty && annotators.count != labels.count {
                    throw malformed(
                        "found \(labels.count) annotations by \(annotators.count) annotators; expected one from each")
                }
                annotations = labels.enumerated().map { index, label in
                    Annotation(annotator: annotators.isEmpty ? nil : annotators[index], label: label)
                }
            case .byAnnotator(let labels):
                annotations = labels.keys.sorted().map { Annotation(annotator: $0, label: labels[$0]!) }
                    .filter { !$0.label.isEmpty }
            case nil: annotations = []
            }
            if let several = annotations.first(where: { $0.label.contains(",") }) {
                throw malformed(
                    "annotator \(several.annotator ?? "unknown") gives the labels \(several.label); expected one label")
            }
            items.append(
                Item(
                    id: id, text: entry.text, annotations: annotations, shares: entry.shares, split: entry.split))
        }
        self.items = items
        classes = ClassOrder.sorted(Set(items.flatMap { $0.annotations.map(\.label) + $0.shares.keys }))
    }

    /// A class in the form used for comparison: some files spell whole numbers as 1 in the annotations and as 1.0 in
    /// `soft_label`.
    fileprivate static func label(_ text: String) -> String {
        let text = text.trimmingCharacters(in: .whitespaces)
        guard text.hasSuffix(".0"), let number = Int(text.dropLast(2)) else { return text }
        return "\(number)"
    }

    fileprivate static func parts(_ text: String) -> [String] {
        text.split(separator: ",", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }
}

/// An item as stored in the file.
private struct Entry: Decodable {
    enum Annotations {
        case list([String])
        case byAnnotator([String: String])
    }

    let annotations: Annotations?
    let annotators: String?
    let shares: [String: Double]
    let split: String?
    let text: String?

    private enum Key: String, CodingKey {
        case annotations, annotators, split, text
        case shares = "soft_label"
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        if !values.contains(.annotations) {
            annotations = nil
        } else if let labels = try? values.decode([String: Label].self, forKey: .annotations) {
            annotations = .byAnnotator(labels.mapValues(\.text))
        } else if let labels = try? values.decode([Label].self, forKey: .annotations) {
            annotations = .list(labels.map(\.text))
        } else {
            let labels = LeWiDiDocument.parts(try values.decode(String.self, forKey: .annotations))
            annotations = .list(labels.map(LeWiDiDocument.label))
        }
        annotators = try? values.decode(String.self, forKey: .annotators)
        // For test items that the task keeps secret it is an empty text.
        let hidden = try? values.decode(String.self, forKey: .shares)
        let given = values.contains(.shares) && hidden == nil
        let spelled = given ? try values.decode([String: Double].self, forKey: .shares) : [:]
        // Spellings of one class are added in a fixed order, since the sum depends on it.
        shares = Dictionary(
            spelled.sorted { $0.key.precedesByScalars($1.key) }.map { (LeWiDiDocument.label($0.key), $0.value) },
            uniquingKeysWith: +)
        split = try? values.decode(String.self, forKey: .split)
        text = try? values.decode(String.self, forKey: .text)
    }
}

/// A class: a text or a number.
private struct Label: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let number = try? value.decode(Int.self) {
            text = "\(number)"
        } else {
            text = LeWiDiDocument.label(try value.decode(String.self))
        }
    }
}
