import Foundation
import LabelDistributions
import TensorFiles

/// Labels that are named in one or more columns: a class per row, a row per annotation, or a column per annotator.
struct NamedLabels {
    private let roles: ColumnRoles
    private let columns: [Int]
    private let classes: [String]
    private let indices: [String: Int]
    private let leftOut: Set<String>
    /// Whether whole numbers are written with a point, as pandas does where some are missing.
    private let areWholeNumbers: Bool
    private var table: RecordTable { roles.table }

    /// Takes the classes from the columns, or from the user. Throws `LabelFileError`.
    init(_ roles: ColumnRoles, _ columns: [Int]) throws(LabelFileError) {
        self.roles = roles
        self.columns = columns
        let table = roles.table
        let wanted = Set(roles.reading.classes ?? [])
        let profiles = columns.map { roles.profiles[$0] }
        areWholeNumbers = !profiles.contains(where: \.hasFractions)
        if wanted.isEmpty, profiles.allSatisfy({ $0.texts == 0 }), profiles.contains(where: \.hasFractions) {
            for column in columns {
                for row in 0..<table.rowCount {
                    guard let number = table.number(row, column), number != number.rounded() else { continue }
                    throw .fraction(
                        path: table.path, row: row + 1, column: table.header[column], found: table.text(row, column))
                }
            }
        }
        var found: Set<String> = []
        for column in columns {
            for row in 0..<table.rowCount {
                if let name = Self.name(
                    table.text(row, column), areWhole: areWholeNumbers, areSeveral: columns.count > 1, wanted: wanted)
                {
                    found.insert(name)
                }
            }
        }
        let names = ClassOrder.sorted(found)
        leftOut = try ColumnRoles.left(
            roles.reading.ignored, outOf: names, others: table.header, path: table.path
        ).intersection(names).subtracting(wanted)
        try Self.checkSeveral(names, wanted: wanted, leftOut: leftOut, columns, roles)
        if wanted.isEmpty { try Self.checkMinusOne(names, columns, roles) }
        classes = roles.reading.classes ?? names.filter { [leftOut] in !leftOut.contains($0) }
        if classes.isEmpty {
            throw .noClasses(path: table.path, header: table.header, ignored: leftOut.sorted())
        }
        indices = Dictionary(classes.enumerated().map { ($1, $0) }) { first, _ in first }
    }

    /// Throws where a field holds a list, or several labels with a separator between them.
    private static func checkSeveral(
        _ names: [String], wanted: Set<String>, leftOut: Set<String>, _ columns: [Int], _ roles: ColumnRoles
    ) throws(LabelFileError) {
        let table = roles.table
        let known = Set(names)
        let several = names.filter { !wanted.contains($0) && !leftOut.contains($0) && areSeveral($0, known: known) }
        guard let name = several.first else { return }
        let skipping = Self.skipping(
            several.count <= 3 && several.allSatisfy { $0.count <= 40 } ? several : [], of: known, roles)
        for column in columns {
            guard let row = (0..<table.rowCount).first(where: { table.text($0, column) == name }) else { continue }
            throw .doubtful(
                path: table.path, columns: [table.header[column]],
                problem:
                    "row \(row + 1) holds '\(NameList.short(name))', which could be several labels; expected one class",
                options: "write one row per annotation or one column per class, skip such labels with \(skipping), "
                    + "or name all classes with --classes")
        }
    }

    /// Whether a field looks like a list, or like several labels of which `known` holds one or all.
    private static func areSeveral(_ name: String, known: Set<String>) -> Bool {
        if let first = name.first, let last = name.last {
            if [["[", "]"], ["{", "}"]].contains([first, last]) { return true }
            if first == "(", last == ")" {
                // A tuple, but not "(can't tell)".
                let inside = name.dropFirst().drop(while: \.isWhitespace)
                if inside.contains(",") || inside.first == "'" || inside.first == "\"" { return true }
            }
        }
        // Two of them, with a comma and nothing else between them, could be a number.
        let mayBeNumber = name.contains(",") && !name.contains(where: \.isWhitespace)
        let numbers = name.split { $0 == "," || $0.isWhitespace }
        if numbers.count > (mayBeNumber ? 2 : 1), numbers.allSatisfy({ Int($0) != nil }) { return true }
        let parts = name.split { $0 == ";" || $0 == "|" }.map { $0.trimmingCharacters(in: .whitespaces) }
        if parts.count > 1, parts.contains(where: known.contains) { return true }
        // Names of one class have these, too, but hardly between the names of two others.
        return ["/", "+", "&", ",", " and ", " or "].contains { separator in
            let parts = name.components(separatedBy: separator).map { $0.trimmingCharacters(in: .whitespaces) }
            let isNumber = separator == "," && mayBeNumber && parts.allSatisfy { Int($0) != nil }
            return parts.count > 1 && parts.allSatisfy(known.contains) && !isNumber
        }
    }

    /// Throws where annotators' labels, in columns or rows of their own, are whole numbers from 0, and -1.
    private static func checkMinusOne(
        _ names: [String], _ columns: [Int], _ roles: ColumnRoles
    ) throws(LabelFileError) {
        if case .class = roles.labels { return }
        let values = names.compactMap { Int($0) }
        guard values.count == names.count, values.count > 1, values.contains(-1), values.allSatisfy({ $0 >= -1 }),
            roles.reading.ignored?.contains("-1") != true
        else { return }
        throw .doubtful(
            path: roles.table.path, columns: columns.map { roles.table.header[$0] },
            problem:
                "found -1 beside whole numbers from 0, which could be a class, or say that an annotator did not label",
            options:
                "skip it with \(skipping(["-1"], of: Set(names), roles)), or name all classes with "
                + "--classes \(names.prefix(5).joined(separator: " "))\(names.count > 5 ? " …" : "")")
    }

    /// The option that skips these labels, or any labels if there are none, beside those that are skipped by their names.
    private static func skipping(_ labels: [String], of known: Set<String>, _ roles: ColumnRoles) -> String {
        if labels.isEmpty { return "--ignore-columns" }
        let usual = known.union(roles.table.header).filter { ColumnNames.nonClasses.contains(ColumnNames.plain($0)) }
        return ShellText.ignoring((roles.reading.ignored ?? ClassOrder.sorted(usual)) + labels)
    }

    /// The class as it is compared; nil where nobody labelled.
    private static func name(
        _ text: String, areWhole: Bool, areSeveral: Bool, wanted: Set<String>
    ) -> String? {
        if wanted.contains(text) { return text }
        // A class may be called "missing", but annotators who did not label are more likely.
        if MissingField.isOne(text) || areSeveral && text.lowercased() == "missing" { return nil }
        if areWhole, text.contains("."), let value = Double(text), value.magnitude < 1e15 { return "\(Int(value))" }
        return text
    }

    /// The position of a field's class, or nil where it is none: nobody labelled, or what was said is left out. Throws where
    /// the user names the classes and this is not among them.
    private func index(_ row: Int, _ column: Int, missing: inout Int) throws(LabelFileError) -> Int? {
        let wanted = Set(roles.reading.classes ?? [])
        guard
            let name = Self.name(
                table.text(row, column), areWhole: areWholeNumbers, areSeveral: columns.count > 1, wanted: wanted)
        else {
            missing += 1
            return nil
        }
        if let index = indices[name] { return index }
        if leftOut.contains(name) { return nil }
        throw .unknownLabel(
            path: table.path, row: row + 1, column: table.header[column], found: name, classes: classes)
    }

    /// A row per image: one class, or one per annotator. Throws `LabelFileError`.
    func content(form: LabelForm) throws(LabelFileError) -> LabelContent {
        var collector = RowCollector(roles)
        var missing = 0
        for row in 0..<table.rowCount {
            var votes = classes.map { _ in 0 }
            for column in columns {
                if let index = try index(row, column, missing: &missing) { votes[index] += 1 }
            }
            try collector.append(
                row: row, label: try? LabelDistribution(counts: votes), votes: form == .class ? nil : votes
            ) { entry in
                guard let votes = entry.votes else { return entry.label.map { classes[$0.hardClass] } ?? "" }
                return classes.indices.filter { votes[$0] > 0 }.map { "\(classes[$0]) \(votes[$0])" }.joined(
                    separator: ", ")
            }
        }
        let unlabelled = form == .class ? "rows without a class" : "fields in which an annotator did not label"
        return content(form, rows: collector.rows, missing: missing, unlabelled, collector.remarks)
    }

    /// A row per annotation. The same row twice is taken once where annotators are named. Throws `LabelFileError`.
    func annotations(annotator: Int?) throws(LabelFileError) -> LabelContent {
        var collector = RowCollector(roles)
        var samples: [(row: Int, id: String, votes: [Int])] = []
        var places: [ExactText: Int] = [:]
        var rowByVote: [AnnotatorVote: Int] = [:]
        var missing = 0
        var repeated: [Int] = []
        for row in 0..<table.rowCount {
            let isUnlabelled = table.unlabelled.contains(row)
            let index = isUnlabelled ? nil : try index(row, columns[0], missing: &missing)
            guard let id = try collector.id(ofRow: row, hasLabel: index != nil) else { continue }
            let place = places[ExactText(id)] ?? samples.count
            if place == samples.count {
                places[ExactText(id)] = place
                samples.append((row, id, classes.map { _ in 0 }))
            } else {
                try RowCollector.requireOneSplit(
                    roles.entry(samples[place].row, id, []), roles.entry(row, id, []), path: table.path)
            }
            if let annotator, !isUnlabelled {
                let name = table.text(row, annotator)
                if name.isEmpty { throw .empty(path: table.path, row: row + 1, column: table.header[annotator]) }
                if let first = rowByVote.updateValue(row, forKey: AnnotatorVote(id: ExactText(id), annotator: name)) {
                    let said = [first, row].map { table.text($0, columns[0]) }
                    if said[0] != said[1] {
                        throw .annotatorTwice(
                            path: table.path, annotator: name, id: id, rows: [first + 1, row + 1], found: said)
                    }
                    repeated.append(row + 1)
                    continue
                }
            }
            if let index { samples[place].votes[index] += 1 }
        }
        var remarks = collector.remarks
        if !repeated.isEmpty {
            remarks.append(
                "\(Count.of(repeated.count, "repeated annotation is", "repeated annotations are")) "
                    + "counted once (row \(repeated[0])\(repeated.count > 1 ? " …" : ""))")
        }
        return content(
            .annotations, rows: samples.map { roles.entry($0.row, $0.id, $0.votes) }, missing: missing,
            "annotations without a class", remarks)
    }

    private func content(
        _ form: LabelForm, rows: [LabelTable.Row], missing: Int, _ what: String, _ remarks: [String]
    ) -> LabelContent {
        var content = LabelContent(form: form, classes: classes, rows: rows, remarks: remarks)
        content.skipped = ClassOrder.sorted(leftOut).map {
            .init(name: $0, reason: LabelInterpretation.Skipped.notAClass)
        }
        if missing > 0 { content.remarks.append("\(missing) \(what) skipped") }
        content.remarks += ClassOrder.remarksOnCase(classes)
        return content
    }
}
