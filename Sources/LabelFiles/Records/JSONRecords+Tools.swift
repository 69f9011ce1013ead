import Foundation
import TensorFiles

/// The exports of annotation tools: a row per annotation.
extension JSONRecords {
    func isTask(_ record: Record) -> Bool {
        guard let annotations = (record["annotations"] ?? record["completions"]) as? [Record] else { return false }
        return record["data"] is Record || annotations.contains { $0["image_path"] != nil }
    }

    func tasks(_ records: [Record]) throws(LabelFileError) -> RecordTable {
        var rows: [[String]] = []
        let question = try question(records)
        var truths = 0
        for (index, record) in records.enumerated() {
            let place = "record \(index + 1)"
            let data = record["data"] as? Record
            for (number, annotation) in Self.annotations(record).enumerated() {
                if let image = annotation["image_path"].flatMap(Self.text) {
                    let annotator = (record["user_mail"] ?? record["name"]).flatMap(Self.text) ?? "\(index + 1)"
                    rows.append([image, annotator, annotation["class_label"].flatMap(Self.text) ?? ""])
                } else if annotation["ground_truth"] as? Bool == true {
                    truths += 1
                } else if let data {
                    let annotator = annotation["completed_by"].flatMap(Self.annotator) ?? "\(number + 1)"
                    // What answers only another question is no annotation without a class.
                    guard let choice = try choice(annotation, question, "\(place), annotation \(number + 1)")
                    else { continue }
                    rows.append([try image(data, place), annotator, choice])
                }
            }
        }
        if rows.isEmpty, truths > 0 {
            throw problem(
                "", "all annotations are marked as ground truth, which is no annotator's vote; expected others")
        }
        return RecordTable(
            path: path, header: ["image", "annotator", question ?? "label"], records: rows,
            remarks: truths == 0
                ? [] : ["\(Count.of(truths, "annotation", "annotations")) marked as ground truth skipped"])
    }

    private static func annotations(_ record: Record) -> [Record] {
        (record["annotations"] ?? record["completions"]) as? [Record] ?? []
    }

    /// The question whose answers are the labels, by its name in Label Studio (`from_name`); nil where there is only one.
    private func question(_ records: [Record]) throws(LabelFileError) -> String? {
        let answers = records.flatMap(Self.annotations).flatMap { $0["result"] as? [Record] ?? [] }
        let names = ClassOrder.sorted(
            Set(answers.filter { !Self.choices($0).isEmpty }.compactMap { $0["from_name"] as? String }))
        if let named = reading.labelColumn {
            if names.contains(named) { return named }
            if names.count < 2, named == "label" { return nil }
            throw .noColumn(
                path: path, option: "--label-column", name: named, header: names.isEmpty ? ["label"] : names)
        }
        if names.count < 2 { return nil }
        throw .doubtful(
            path: path, columns: names, problem: "each is a question of its own, and its answers could be the labels",
            options: "name one with --label-column")
    }

    /// The name of the image in Label Studio's task: the first text of a known name, or the only one.
    private func image(_ data: Record, _ place: String) throws(LabelFileError) -> String {
        let texts = data.compactMapValues { $0 as? String }
        var known: String?
        for name in ColumnNames.ids where known == nil {
            let keys = texts[name] == nil ? texts.keys.filter { ColumnNames.plain($0) == name } : [name]
            if keys.count > 1 {
                throw problem(
                    place, "found \(ClassOrder.sorted(keys).joined(separator: ", ")) in 'data'; expected one of them")
            }
            known = keys.first.flatMap { texts[$0] }
        }
        guard let text = known ?? (texts.count == 1 ? texts.first?.value : nil) else {
            throw problem(place, "found no image in 'data' (\(ClassOrder.sorted(data.keys).joined(separator: ", ")))")
        }
        // Of files that are served from a folder.
        guard let local = text.range(of: "?d=") else { return text }
        return String(text[local.upperBound...])
    }

    /// The one answer of an annotation to `question`; empty where the annotator skipped the task, nil where only other questions
    /// are answered.
    private func choice(_ annotation: Record, _ question: String?, _ place: String) throws(LabelFileError) -> String? {
        if annotation["was_cancelled"] as? Bool == true || annotation["skipped"] as? Bool == true { return "" }
        let results = (annotation["result"] as? [Record] ?? []).filter { !Self.choices($0).isEmpty }
        let own = results.filter { question == nil || $0["from_name"] as? String == question }
        if own.isEmpty, !results.isEmpty { return nil }
        return try only(own.flatMap(Self.choices), place) ?? ""
    }

    private static func choices(_ result: Record) -> [String] {
        let value = result["value"] as? Record ?? [:]
        return value["choices"] as? [String] ?? value["rating"].flatMap(text).map { [$0] } ?? []
    }

    private func only(_ choices: [String], _ place: String) throws(LabelFileError) -> String? {
        if choices.count > 1 {
            throw problem(place, "found \(choices.count) choices (\(NameList.short(choices))); expected one")
        }
        return choices.first
    }

    static func annotator(_ value: Any) -> String? {
        if let text = text(value) { return text }
        let person = value as? Record
        return (person?["email"] ?? person?["id"]).flatMap(text)
    }

    // MARK: - Prodigy

    /// A record of Prodigy's view of choices with the accepted one as its label, and with its annotator; without a label where it
    /// was rejected or ignored. All other records as they are.
    func withChoice(_ record: Record, _ place: String) throws(LabelFileError) -> Record {
        guard let accepted = record["accept"] as? [Any], let answer = record["answer"] as? String else { return record }
        let others: Set = ["accept", "answer", "options", "label", "config"]
        var labelled = record.filter { key, value in
            !key.hasPrefix("_") && !others.contains(key) && Self.text(value) != nil
        }
        labelled["label"] = answer == "accept" ? try only(accepted.compactMap(Self.text), place) ?? "" : ""
        if let annotator = record["_annotator_id"] ?? record["_session_id"] { labelled["annotator"] = annotator }
        // The image itself, beside the name of its file.
        if (labelled["image"] as? String)?.hasPrefix("data:") == true, labelled["path"] != nil {
            labelled["image"] = nil
        }
        return labelled
    }
}
