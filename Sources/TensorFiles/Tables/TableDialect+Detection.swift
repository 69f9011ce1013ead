import Foundation

extension TableDialect {
    /// Finds the dialect in the first `sampleCount` records of a table.
    ///
    /// A separator is accepted if it splits all of these records into the same number of fields, at least two. If several do,
    /// the choice is the tab for a file called `.tsv`, else the only separator under which every field is a number; otherwise
    /// it is an error. `|` is accepted only where neither commas, semicolons nor tabs do that, because names contain it. A
    /// table of one column gets the separator of its file name.
    ///
    /// The first line is a header in any of these cases: it holds text, or nothing, above numbers, and beside that no
    /// out-of-order numbers with decimals, as in a row with one wrong field (which is an error); its numbers only count up (0,
    /// 1, 2 …, wavelengths) and those below do not; it contains one of `hints.columnNames`; or nothing speaks against it.
    ///
    /// Throws `CSVError`, for example `separatorDoubtful` and `headerDoubtful`.
    /// - Complexity: O(size of the first records).
    static func detect(
        _ bytes: [UInt8], path: String, isNamedTSV: Bool, hints: Hints
    ) throws(CSVError) -> TableDialect {
        let separator: Separator
        if let named = hints.separator {
            separator = named
        } else {
            separator = try self.separator(
                bytes, path: path, isNamedTSV: isNamedTSV, option: hints.options?.separator)
        }
        let records = sample(of: bytes, separator: separator) ?? []
        if records.isEmpty { return TableDialect(separator: separator, hasHeader: hints.header != .no) }
        let hasDecimalCommas =
            hints.hasDecimalCommas ?? (separator != .comma && TableSample.hasDecimalCommas(records))
        let sample = TableSample(records: records, hasDecimalCommas: hasDecimalCommas)
        let found: Bool? =
            switch hints.header {
            case .yes: true
            case .no: false
            case .auto: sample.hasHeader(columnNames: hints.columnNames) ?? hints.doubtfulHeader
            }
        guard let hasHeader = found else {
            let line = records[0].prefix(8).joined(separator: " ")
            throw .headerDoubtful(path: path, line: line, option: hints.options?.header)
        }
        return TableDialect(separator: separator, hasHeader: hasHeader, hasDecimalCommas: hasDecimalCommas)
    }

    /// The first records as that separator splits them, the first one without the mark of a comment; nil if it cannot.
    private static func sample(of bytes: [UInt8], separator: Separator) -> [[String]]? {
        guard var records = CSVScanner.records(of: bytes, separator: separator, limit: sampleCount) else { return nil }
        if let first = records.first {
            let second = separator == .blank && records.count > 1 ? records[1] : nil
            records[0] = CommentMark.removed(from: first, fieldsBelow: second?.count)
        }
        return records
    }

    private static func separator(
        _ bytes: [UInt8], path: String, isNamedTSV: Bool, option: String?
    ) throws(CSVError) -> Separator {
        var candidates: [(separator: Separator, records: [[String]])] = []
        for separator in Separator.allCases {
            guard let records = sample(of: bytes, separator: separator), let first = records.first, first.count > 1,
                records.allSatisfy({ $0.count == first.count })
            else { continue }
            candidates.append((separator, records))
        }
        // Names contain `|`.
        if candidates.contains(where: { ![.pipe, .blank].contains($0.separator) }) {
            candidates.removeAll { $0.separator == .pipe }
        }
        let pipes = candidates.first { $0.separator == .pipe }
        if let pipes, pipes.records.count > 1, pipes.records[1].joined().contains("-"),
            pipes.records[1].joined().allSatisfy({ "-: ".contains($0) })
        {
            throw .otherKind(path: path, found: "a table in Markdown", advice: "save it separated by commas")
        }
        // Blanks beside the commas of the first line separate nothing, even if other lines cannot be split at commas.
        let others: [Separator] = [.comma, .semicolon] + (pipes == nil ? [] : [.pipe])
        let marks = others.map { Character(UnicodeScalar($0.byte)) }
        candidates.removeAll { candidate in
            guard candidate.separator == .blank, let first = candidate.records.first else { return false }
            return marks.contains { mark in
                zip(first, first.dropFirst()).allSatisfy { $0.last == mark || $1.first == mark }
            }
        }
        if candidates.count <= 1 {
            return candidates.first?.separator ?? fallback(bytes, isNamedTSV: isNamedTSV)
        }
        if isNamedTSV && candidates.contains(where: { $0.separator == .tab }) { return .tab }
        let numeric = candidates.filter { candidate in
            let sample = TableSample(records: candidate.records, hasDecimalCommas: candidate.separator != .comma)
            return candidate.records.dropFirst().joined().allSatisfy(sample.isNumber)
        }
        if numeric.count == 1, candidates[0].records.count > 1 { return numeric[0].separator }
        throw .separatorDoubtful(path: path, candidates: candidates.map(\.separator), option: option)
    }

    /// The separator for a table of one column, or of unequal rows: the most frequent one in its first line.
    private static func fallback(_ bytes: [UInt8], isNamedTSV: Bool) -> Separator {
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        let usual: Separator = isNamedTSV ? .tab : .comma
        let counts = [usual, .comma, .tab, .semicolon].map { separator in
            (separator, line.count { $0 == separator.byte })
        }
        let most = counts.map(\.1).max() ?? 0
        return most == 0 ? usual : counts.first { $0.1 == most }?.0 ?? usual
    }
}

/// The first records of a table, whether or not they have equal lengths.
private struct TableSample {
    let records: [[String]]
    let hasDecimalCommas: Bool

    /// Whether fields are numbers with a decimal comma. Commas that only group three digits may be thousands separators, and
    /// beside decimal points they are.
    static func hasDecimalCommas(_ records: [[String]]) -> Bool {
        let fields = records.joined().map { $0.trimmingCharacters(in: .whitespaces) }
        let commas = fields.filter { DecimalComma.point(in: $0) != nil }
        let hasPoints = fields.contains { $0.contains(".") && isPlainNumber($0) }
        return !hasPoints && commas.contains { !DecimalComma.mayBeThousands($0) }
    }

    func isNumber(_ field: String) -> Bool {
        let text = field.trimmingCharacters(in: .whitespaces)
        return Self.isPlainNumber(text) || hasDecimalCommas && DecimalComma.point(in: text) != nil
    }

    /// Nil if the first line could be either.
    func hasHeader(columnNames: Set<String>) -> Bool? {
        let first = records[0].map { $0.trimmingCharacters(in: .whitespaces) }
        let rest = Array(records.dropFirst())
        if first.contains(where: { columnNames.contains(Self.plain($0)) }) { return true }
        if rest.isEmpty {
            return !first.allSatisfy(isNumber) || first.count > 1 && Self.counts(first)
        }
        let columns = first.indices.filter { column in rest.contains { column < $0.count } }
        let numeric = columns.filter { column in
            let fields = rest.filter { column < $0.count }.map { $0[column] }.filter { !Self.isGap($0) }
            return !fields.isEmpty && 10 * fields.count(where: isNumber) >= 9 * fields.count
        }
        // An unnamed first field above a filled column: pandas' row numbers or R's row names.
        let hasUnnamed = first.first?.isEmpty == true && rest.allSatisfy { $0.first.map { !$0.isEmpty } ?? false }
        if hasUnnamed { return true }
        if numeric.isEmpty { return hasHeaderOfTexts(first, rest) }
        if Self.areFiles(columns.filter { !numeric.contains($0) }, first, rest) { return false }
        let names = numeric.map { first[$0] }.filter { !isNumber($0) && !Self.isGap($0) }
        let numbers = numeric.map { first[$0] }.filter(isNumber)
        if names.contains(where: { !Self.beginsAsNumber($0) }) || !names.isEmpty && numbers.isEmpty {
            // Numbers beside names are names themselves if they count or run; others may be a row with one wrong field.
            return numbers.allSatisfy { Int($0) != nil } || Self.runs(numbers) ? true : nil
        }
        return hasHeaderOfNumbers(
            numbers, rest.map { record in numeric.compactMap { $0 < record.count ? record[$0] : nil } })
    }

    private func hasHeaderOfTexts(_ first: [String], _ rest: [[String]]) -> Bool {
        let recurs = first.indices.contains { column in
            !first[column].isEmpty && rest.contains { column < $0.count && $0[column] == first[column] }
        }
        return !recurs && !Self.areFiles(Array(first.indices), first, rest)
    }

    /// Whether the first line names a file of the same type as all the others do.
    private static func areFiles(_ columns: [Int], _ first: [String], _ rest: [[String]]) -> Bool {
        func ending(_ name: String) -> String { PathText.fileExtension(of: name).lowercased() }
        return columns.contains { column in
            let own = ending(first[column])
            return (2...4).contains(own.count) && rest.allSatisfy { column < $0.count && ending($0[column]) == own }
        }
    }

    private func hasHeaderOfNumbers(_ first: [String], _ rest: [[String]]) -> Bool? {
        if first.count == 2 && Self.counts(first) {
            // 0, 1 above rows of shares, one-hot labels or whole numbers could be such a row itself.
            let areShares = rest.allSatisfy { Self.values($0).allSatisfy { (0...1).contains($0) } }
            return !areShares && rest.allSatisfy { $0.contains { $0.contains(".") } } ? true : nil
        }
        if first.count < 3 { return false }
        // Columns that pandas numbered, in another order, above numbers with decimals; a few could be a row of small numbers.
        let hasDecimals = rest.allSatisfy { $0.contains { $0.contains { ".,".contains($0) } } }
        if hasDecimals, Self.isPermutation(first), !Self.counts(first) { return first.count >= 8 ? true : nil }
        if !Self.runs(first) { return false }
        let others = rest.count(where: Self.runs)
        if others == 0 { return true }
        return Self.counts(first) ? nil : 2 * others >= rest.count ? false : nil
    }

    private static func values(_ fields: [String]) -> [Double] {
        fields.compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
    }

    /// 0, 1, 2 … or 1, 2, 3 …
    private static func counts(_ fields: [String]) -> Bool {
        guard let start = fields.first.flatMap({ Int($0) }), start == 0 || start == 1 else { return false }
        return fields.enumerated().allSatisfy { $1 == "\(start + $0)" }
    }

    /// 0, 1, 2 … or 1, 2, 3 … in any order.
    private static func isPermutation(_ fields: [String]) -> Bool {
        let numbers = fields.compactMap { Int($0) }.sorted()
        return numbers.count == fields.count && counts(numbers.map(String.init))
    }

    /// Whether numbers increase or decrease as wavelengths or times do.
    private static func runs(_ fields: [String]) -> Bool {
        hasEqualSteps(fields) || fields.count >= 6 && isMonotone(fields)
    }

    private static func hasEqualSteps(_ fields: [String]) -> Bool {
        let values = values(fields)
        guard values.count == fields.count, values.count >= 3 else { return false }
        let step = values[1] - values[0]
        return step != 0
            && zip(values.dropFirst(), values).allSatisfy { abs($0 - $1 - step) <= 1e-6 * step.magnitude }
    }

    private static func isMonotone(_ fields: [String]) -> Bool {
        let values = values(fields)
        let pairs = zip(values.dropFirst(), values)
        return values.count == fields.count && (pairs.allSatisfy { $0 > $1 } || pairs.allSatisfy { $0 < $1 })
    }

    private static func isPlainNumber(_ text: String) -> Bool {
        guard let first = text.utf8.first, first != UInt8(ascii: "n"), first != UInt8(ascii: "N") else { return false }
        return Double(text) != nil && !text.lowercased().contains("x")
    }

    private static func isGap(_ text: String) -> Bool { MissingField.isOne(text) }

    private static func beginsAsNumber(_ text: String) -> Bool {
        text.drop { "+-$€£".contains($0) }.first.map { "0123456789".contains($0) } ?? false
    }

    private static func plain(_ name: String) -> String { ColumnName.plain(name) }
}
