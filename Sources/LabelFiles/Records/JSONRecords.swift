import Foundation
import TensorFiles

/// Turns a JSON file of labels into a table.
///
/// - A list of records, also one per line (JSONL): a column per key. A nested object becomes columns of its own keys, a list
///   of numbers the columns of classes, a list of texts columns of annotators.
/// - An object of ids: with a label each (a class), an object of classes and numbers each (votes or shares), an object of
///   annotators and labels each (annotations), or a list each.
/// - Label Studio's export, the raw votes of the DCIC benchmark, and records or ids with a list of objects: a row per annotation.
///
/// JSON objects have no order: ids and keys are sorted by `ClassOrder`.
struct JSONRecords {
    let path: String
    let reading: LabelReading

    init(path: String, _ reading: LabelReading) {
        self.path = path
        self.reading = reading
    }

    typealias Record = [String: Any]

    /// Throws `LabelFileError.json`.
    func table(_ bytes: [UInt8]) throws(LabelFileError) -> RecordTable {
        let value = try parsed(Self.quotingLongNumbers(bytes))
        if let records = value as? [Record] { return try table(ofRecords: records) }
        if let object = value as? Record { return try table(ofObject: object) }
        throw problem("", "expected a list of records or an object of ids")
    }

    private func parsed(_ bytes: [UInt8]) throws(LabelFileError) -> Any {
        if let whole = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed) {
            try checkKeys(bytes)
            return whole
        }
        var records: [Record] = []
        for (number, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
        {
            if line.allSatisfy({ $0 <= 0x20 }) { continue }
            let place = "line \(number + 1)"
            guard let record = (try? JSONSerialization.jsonObject(with: Data(line))) as? Record else {
                throw problem(place, "not JSON, or not a record")
            }
            try checkKeys(Array(line), line: place)
            records.append(record)
        }
        return records
    }

    /// Throws where an object has two values of one key, of which the parser keeps one.
    private func checkKeys(_ bytes: [UInt8], line: String? = nil) throws(LabelFileError) {
        guard let repeated = ForeignJSON.repeatedKey(in: bytes) else { return }
        let steps = repeated.path.enumerated().map { depth, step in
            step.intValue.map { "\(depth == 0 ? "record" : "entry") \($0 + 1)" }
                ?? "'\(NameList.short(step.stringValue))'"
        }
        let place = ([line].compactMap(\.self) + steps).joined(separator: ", ")
        throw problem(place, "the key '\(NameList.short(repeated.key))' occurs twice; expected one value")
    }

    func problem(_ place: String, _ problem: String) -> LabelFileError {
        .json(path: path, place: place, problem: problem)
    }

    private func doubtful(_ keys: [String], _ text: String) -> LabelFileError {
        .doubtful(
            path: path, columns: keys, problem: text,
            options: "say which with --label-format votes, distribution or annotators")
    }

    // MARK: - Records

    private func table(ofRecords records: [Record]) throws(LabelFileError) -> RecordTable {
        if records.contains(where: { isTask($0) }) { return try tasks(records) }
        var labelled: [Record] = []
        for (index, record) in records.enumerated() {
            labelled.append(try withChoice(record, "record \(index + 1)"))
        }
        return try table(of: rows(labelled))
    }

    private func table(of source: JSONRows) throws(LabelFileError) -> RecordTable {
        let records = source.records
        let lists = JSONLists(records, ignoring: reading.ignored)
        let pair = try namedNumbers(lists, records)
        var rows: [[String: String]] = []
        var keys: Set<String> = []
        for (place, record) in zip(source.places, records) {
            var row: [String: String] = [:]
            for key in ClassOrder.sorted(record.keys) {
                var found: [(String, String)]?
                if let pair { found = fields(key, of: record, pair) }
                if found == nil {
                    found = try fields(key, record[key]!, of: record, lists, place: place)
                }
                for (name, text) in found ?? [] {
                    if row.updateValue(text, forKey: name.trimmingCharacters(in: .whitespaces)) != nil {
                        try checkOtherLists(than: key, record, lists)
                        throw problem(place, "two values of '\(name)'")
                    }
                }
            }
            keys.formUnion(row.keys)
            rows.append(row)
        }
        let header = ClassOrder.sorted(keys)
        guard let pair else {
            return RecordTable(
                path: path, header: header, records: rows.map { row in header.map { row[$0] ?? "" } },
                remarks: source.remarks, unlabelled: source.unlabelled)
        }
        // Classes that a record does not name have no votes in it.
        let classes = Set(lists.classes)
        let table = zip(records, rows).map { record, row in
            header.map { row[$0] ?? (record[pair.names] != nil && classes.contains($0) ? "0" : "") }
        }
        return RecordTable(
            path: path, header: header, records: table,
            remarks: source.remarks
                + ["the numbers in '\(pair.numbers)' are those of the classes in '\(pair.names)'"],
            unlabelled: source.unlabelled)
    }

    /// The columns that a value of a record makes.
    private func fields(
        _ key: String, _ value: Any, of record: Record, _ lists: JSONLists, place: String
    ) throws(LabelFileError) -> [(String, String)] {
        if let text = Self.text(value) { return [(key, text)] }
        // Whatever it holds, it is left out: the column only has to be known by its name.
        if reading.ignored?.contains(key) == true { return [(key, "…")] }
        if let list = value as? [Any], list.isEmpty || isBesideLabel(key, record, lists) {
            return [(key, list.map { Self.text($0) ?? "…" }.joined(separator: " "))]
        }
        if let object = value as? Record {
            var fields: [(String, String)] = []
            for name in ClassOrder.sorted(object.keys) {
                guard let text = Self.text(object[name]!) else {
                    throw problem(place, "'\(key)' holds more than a label")
                }
                fields.append((name, text))
            }
            return fields
        }
        guard let list = value as? [Any] else { throw problem(place, "'\(key)' does not hold a label") }
        if let other = list.first(where: { Self.text($0) == nil }) {
            throw problem(
                place,
                "found \(other is Record ? "an object" : "a list") in the list '\(NameList.short(key))'; expected labels or "
                    + "numbers (or leave it out with \(leavingOut([key])))")
        }
        let isOfClasses = try isOfClasses(list, key) { () throws(LabelFileError) in
            try checkOtherLists(than: key, record, lists)
        }
        if !isOfClasses { try checkSeveralLabels(key, lists) }
        return try Self.columns(list, isOfClasses: isOfClasses, place: place, path: path)
    }

    /// Whether a list holds a number per class, rather than a label per annotator. `check` throws where it may be neither.
    private func isOfClasses(
        _ list: [Any], _ key: String, check: () throws(LabelFileError) -> Void = {}
    ) throws(LabelFileError) -> Bool {
        switch reading.form {
        case .votes, .distribution: return true
        case .annotations, .annotators, .class: return false
        case nil: break
        }
        if list.contains(where: { $0 is String || $0 is NSNull }) { return false }
        let numbers = list.compactMap { ($0 as? NSNumber)?.doubleValue }
        if numbers.contains(where: { $0 != $0.rounded() }) { return true }
        let name = ColumnNames.plain(key)
        if JSONLists.votes.contains(name) { return true }
        if JSONLists.annotations.contains(name) { return false }
        try check()
        throw doubtful([key], "its whole numbers could be votes or annotators' labels")
    }

    private static func columns(
        _ list: [Any], isOfClasses: Bool, place: String, path: String
    ) throws(LabelFileError) -> [(String, String)] {
        var fields: [(String, String)] = []
        for (index, value) in list.enumerated() {
            guard let text = text(value) else {
                throw .json(
                    path: path, place: place, problem: "found a list of lists; expected a list of labels or numbers")
            }
            fields.append((isOfClasses ? "\(index)" : "annotator_\(index + 1)", text))
        }
        return fields
    }

    // MARK: - An object of ids

    private func table(ofObject object: Record) throws(LabelFileError) -> RecordTable {
        // A wrapper around the list of records.
        if let only = object.first, object.count == 1, let records = only.value as? [Record],
            !SampleName.isImage(only.key)
        {
            return try table(ofRecords: records)
        }
        if object.isEmpty { throw .noRows(path: path) }
        let ids = ClassOrder.sorted(object.keys)
        if object.values.allSatisfy({ Self.text($0) != nil }) {
            return RecordTable(
                path: path, header: ["id", "label"], records: ids.map { [$0, Self.text(object[$0]!) ?? ""] })
        }
        if let inner = object as? [String: Record] { return try table(ids, ofObjects: inner) }
        guard let lists = object as? [String: [Any]] else {
            throw problem("", "found values of several kinds; expected a label, an object or a list for each id")
        }
        if let records = ids.first(where: { lists[$0]!.contains { $0 is Record } }) {
            if let rows = try rows(ids, lists) { return try table(of: rows) }
            throw problem(
                "'\(NameList.short(records))'",
                "found a list of objects beside other lists; expected that list alone, or one "
                    + "list of labels or numbers for each id")
        }
        try checkSeveralLabels("labels", JSONLists(ids.map { ["labels": lists[$0]!] }))
        var isOfClasses = false
        if let telling = ids.first(where: { id in
            lists[id]!.contains { ($0 as? NSNumber).map { $0.doubleValue != $0.doubleValue.rounded() } ?? false }
        }) ?? ids.first(where: { !lists[$0]!.isEmpty }) {
            isOfClasses = try self.isOfClasses(lists[telling]!, telling)
        }
        var records: [Record] = []
        for id in ids {
            var record: Record = ["id": id]
            for (name, text) in try Self.columns(lists[id]!, isOfClasses: isOfClasses, place: "'\(id)'", path: path) {
                record[name] = text
            }
            records.append(record)
        }
        return try table(ofRecords: records)
    }

    private func table(_ ids: [String], ofObjects object: [String: Record]) throws(LabelFileError) -> RecordTable {
        let kept = object.mapValues { $0.filter { reading.ignored?.contains($0.key) != true } }
        let keys = Set(kept.values.flatMap(\.keys))
        let plain = Set(keys.map(ColumnNames.plain))
        if keys.contains(where: SampleName.isImage) {
            throw .imagesAsClasses(path: path, names: ClassOrder.sorted(keys).filter(SampleName.isImage))
        }
        try checkColumns(ids, kept, keys)
        if areRowNumbers(ids, of: kept, keys) {
            return try table(
                ofRecords: ids.map { id in object[id]!.merging(["index": id]) { own, _ in own } })
        }
        let isRecord =
            kept.values.contains { $0.values.contains { Self.text($0) == nil } }
            || !plain.isDisjoint(with: ColumnNames.labels + ColumnNames.splits)
        if !isRecord, try areAnnotations(kept, keys) {
            var records: [[String]] = []
            for id in ids {
                for annotator in ClassOrder.sorted(object[id]!.keys) {
                    records.append([id, annotator, Self.text(object[id]![annotator]!) ?? ""])
                }
            }
            return RecordTable(path: path, header: ["id", "annotator", "label"], records: records)
        }
        return try table(
            ofRecords: ids.map { id in object[id]!.merging(["id": id]) { own, _ in own } })
    }

    /// Whether the keys under the ids are annotators and not classes.
    private func areAnnotations(_ object: [String: Record], _ keys: Set<String>) throws(LabelFileError) -> Bool {
        switch reading.form {
        // A column per annotator is one of the table of ids.
        case .votes, .distribution, .class, .annotators: return false
        case .annotations: return true
        case nil: break
        }
        let values = object.values.flatMap(\.values).compactMap(Self.text).filter { !MissingField.isOne($0) }
        let numbers = values.compactMap { Double($0) }
        if numbers.count < values.count {
            let rows = object.values.map { $0.values.compactMap(Self.text) }
            return
                !(object.values.allSatisfy { Set($0.keys) == keys } && TruthWords.all.contains { $0.areOneHot(rows) })
        }
        if numbers.contains(where: { $0 != $0.rounded() }) { return false }
        if keys.allSatisfy({ ColumnNames.stem($0).map(ColumnNames.annotatorStems.contains) ?? false }) { return true }
        if object.values.allSatisfy({ Set($0.keys) == keys }),
            !object.values.contains(where: { $0.values.contains { $0 is NSNull } })
        {
            let names = ClassOrder.sorted(keys)
            let records = Array(object.values)
            let ratings = Ratings(rowCount: records.count, columnCount: names.count) { row, column in
                (records[row][names[column]] as? NSNumber)?.doubleValue ?? 0
            }
            if !ratings.arePossible { return false }
            throw doubtful(
                Array(names.prefix(3)),
                "the same few whole numbers, with sums that differ as those of ratings do, could be votes or annotators' labels"
            )
        }
        throw doubtful(
            Array(ClassOrder.sorted(keys).prefix(3)),
            "whole numbers that not every id has could be votes or annotators' labels")
    }

    /// A text, number or truth value as a table would hold it, nothing for null; nil for lists and objects.
    static func text(_ value: Any) -> String? {
        switch value {
        case let text as String: return text
        case is NSNull: return ""
        case let number as NSNumber:
            if String(cString: number.objCType) == "c" { return number.boolValue ? "true" : "false" }
            let value = number.doubleValue
            return value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)"
        default: return nil
        }
    }
}
