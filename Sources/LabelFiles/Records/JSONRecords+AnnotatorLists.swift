import Foundation
import TensorFiles

/// A list of annotators beside the list of their labels: a row per annotation.
extension JSONRecords {
    /// The rows of `records`, one per annotation where they hold a list of annotators and one of as many labels.
    func rows(ofAnnotatorLists records: [Record], _ lists: JSONLists) throws(LabelFileError) -> JSONRows {
        guard let annotators = listOfAnnotators(records), !lists.besideVotes.contains(annotators),
            let labels = try listOfLabels(records, beside: annotators, lists)
        else { return JSONRows(records) }
        if reading.form != nil, reading.form != .annotations {
            // The user says what the labels are, and that is nothing to which names of annotators belong.
            return JSONRows(records.map { $0.merging([annotators: "…"]) { _, text in text } })
        }
        let others = Self.keys(records).subtracting([annotators, labels]).filter(isKept)
        let otherLabels = others.filter { ColumnNames.labels.contains(ColumnNames.plain($0)) }
        if reading.labelColumn == nil, let other = ClassOrder.sorted(otherLabels).first {
            throw .doubtful(
                path: path, columns: [other, labels], problem: "each could hold the labels",
                options: "name one with --label-column")
        }
        let (annotator, label) = (reading.annotatorColumn ?? "annotator", reading.labelColumn ?? "label")
        var entries: [Record] = []
        for (index, record) in records.enumerated() {
            let values = [annotators, labels].map { record[$0] as? [Any] ?? [] }
            if values[0].count != values[1].count {
                throw problem(
                    "record \(index + 1)",
                    "found \(Count.of(values[1].count, "value", "values")) in '\(NameList.short(labels))' and "
                        + "\(values[0].count) in '\(NameList.short(annotators))'; expected a label for each annotator")
            }
            var record = record
            record[annotators] = nil
            record[labels] = zip(values[0], values[1]).map { name, text -> Record in
                [annotator: name].merging([label: text]) { _, label in label }
            }
            entries.append(record)
        }
        return try rows(
            entries, entriesOf: labels, remark: "the labels in '\(labels)' are by the annotators in '\(annotators)'")
    }

    /// The one list that names annotators; nil where there is none, several, or a key of one annotator beside it.
    private func listOfAnnotators(_ records: [Record]) -> String? {
        let keys = Self.keys(records).filter {
            isKept($0) && ($0 == reading.annotatorColumn || Self.namesAnnotators($0))
        }
        guard keys.count == 1, let key = keys.first, areLists(key, records) else { return nil }
        return key
    }

    /// The list of labels beside that of `annotators`. Throws where several could be it.
    private func listOfLabels(
        _ records: [Record], beside annotators: String, _ lists: JSONLists
    ) throws(LabelFileError) -> String? {
        let keys = ClassOrder.sorted(Self.keys(records)).filter { key in
            key != annotators && isKept(key) && areLists(key, records)
                && !JSONLists.votes.contains(ColumnNames.plain(key))
                && !lists.pairs.contains { $0.isKnown && [$0.names, $0.numbers].contains(key) }
                && !records.contains { Self.hasFractions($0[key]) || isBesideLabel(key, $0, lists) }
        }
        if let named = reading.labelColumn { return keys.first { $0 == named } }
        if keys.count < 2 { return keys.first }
        let named = keys.filter(Self.speaksOfLabels)
        if named.count == 1 { return named[0] }
        throw .doubtful(
            path: path, columns: keys, problem: "each could hold the labels of '\(NameList.short(annotators))'",
            options: "name one with --label-column")
    }

    /// Whether every record that has the key has a list of labels or numbers there, and one has some.
    private func areLists(_ key: String, _ records: [Record]) -> Bool {
        let values = records.compactMap { $0[key] }
        return values.allSatisfy { ($0 as? [Any])?.allSatisfy { Self.text($0) != nil } ?? false }
            && values.contains { ($0 as? [Any])?.isEmpty == false }
    }

    static func hasFractions(_ list: Any?) -> Bool {
        (list as? [Any] ?? []).contains { value in
            (value as? NSNumber).map { $0.doubleValue != $0.doubleValue.rounded() } ?? false
        }
    }

    /// Whether the name of a list is one of annotators: `annotators`, `worker_ids`.
    static func namesAnnotators(_ key: String) -> Bool {
        let plain = ColumnNames.plain(key)
        return ColumnNames.annotators.contains(plain)
            || plain.hasSuffix("s") && ColumnNames.annotators.contains(String(plain.dropLast()))
    }

    /// Whether the name of a list says that it holds labels or votes.
    static func speaksOfLabels(_ key: String) -> Bool {
        let plain = ColumnNames.plain(key)
        return JSONLists.annotations.contains(plain) || JSONLists.votes.contains(plain)
            || ColumnNames.words(key).contains {
                ["label", "labels", "annotation", "annotations", "votes"].contains($0)
            }
    }
}
