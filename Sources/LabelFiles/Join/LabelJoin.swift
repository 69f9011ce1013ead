import TensorFiles

/// Which row of a table of labels belongs to which sample of another file.
public struct LabelJoin: Sendable, Equatable {
    /// For each sample, its position in `LabelTable.rows`; nil where it has none.
    public let rows: [Int?]
    /// Whether rows were joined by order, because one of the files has no ids.
    public let isByOrder: Bool
    /// The ids of samples without a row.
    public let unmatched: [String]
    /// The ids of rows without a sample.
    public let unused: [String]
    /// What a user should know, one sentence each.
    public let remarks: [String]

    /// Joins by id, in any order. If one of the files has no ids, rows are joined by order, provided the numbers of
    /// rows are equal, and no column of the table holds the samples' ids in another order.
    ///
    /// Samples that have only row numbers are found by them in whole-numbered ids if these count the rows in order, or if the
    /// user has named their column, then also from 1; if all row numbers are there in another order, either way could be meant, which is an
    /// error. If only some are there, that is chance, and the order counts.
    ///
    /// - Parameters:
    ///   - samples: The samples' ids, all different.
    ///   - samplesPath: The file that they are from.
    ///   - samplesAreRows: Whether the ids are only row numbers from 0. If nil (not known), they are taken as row
    ///     numbers if they count from 0 and the table has other ids.
    ///   - isStrict: Whether every sample and every row must find its partner.
    ///     Rows are then not joined by order.
    /// - Throws: `LabelFileError.nothingJoined`, `rowCount`, `otherOrder`, `orderOnly`, `doubtful` or `incomplete`.
    /// - Complexity: O(number of samples and rows).
    public init(
        _ samples: [String], of samplesPath: String, samplesAreRows: Bool? = nil, with table: LabelTable,
        isStrict: Bool = false
    ) throws(LabelFileError) {
        let ids = table.rows.map(\.id)
        if !ids.isEmpty, !table.idsAreRows, ExactText.areSame(ids, samples) {
            rows = samples.indices.map { $0 }
            (isByOrder, unmatched, unused, remarks) = (false, [], [], [])
            return
        }
        let places = Dictionary(ids.enumerated().map { (ExactText($1), $0) }) { first, _ in first }
        let found = samples.map { places[ExactText($0)] }
        let hasCommon = found.contains { $0 != nil }
        let countsRows = samplesAreRows ?? samples.enumerated().allSatisfy { $1 == "\($0)" }
        let isByChance = samplesAreRows == true && !table.idsAreRows && !table.idsAreNamed && hasCommon
        if isByChance { try Self.refuseRowNumbers(ids, of: table, samples: samples.count, path: samplesPath) }
        // Rows that count from 1 beside samples that count from 0 are their neighbours' by id.
        let countsFromOne =
            countsRows && ids.count == samples.count && Set(ids) == Set((1...ids.count).map(String.init))
        if countsFromOne, table.idsAreNamed, samplesAreRows != false {
            rows = (1...ids.count).map { places[ExactText("\($0)")] }
            (isByOrder, unmatched, unused) = (false, [], [])
            remarks = ["\(table.path): its ids are taken as the row numbers of \(samplesPath), from 1"]
            return
        }
        if countsFromOne, ids != (1...ids.count).map(String.init) {
            throw .incomplete(
                path: table.path, samples: samplesPath, unlabelled: ["0"], unused: ["\(ids.count)"],
                hint: "ids count from 1 in one file and from 0 in the other; number both the same way")
        }
        let isUnlike = !hasCommon && samplesAreRows != true && Self.hint(samples, ids) != nil
        if table.idsAreRows || countsFromOne || isByChance || countsRows && !hasCommon && !isUnlike {
            if table.rows.count != samples.count {
                throw .rowCount(
                    path: table.path, found: table.rows.count, samples: samplesPath, expected: samples.count)
            }
            if !countsFromOne, let column = table.columnOfIDs(samples, countRows: countsRows) {
                throw .otherOrder(path: table.path, column: column, samples: samplesPath)
            }
            let reason = table.idsAreRows ? "it has no ids" : "\(samplesPath) only numbers its rows"
            if isStrict { throw .orderOnly(path: table.path, samples: samplesPath, reason: reason) }
            rows = samples.indices.map { $0 }
            isByOrder = true
            unmatched = []
            unused = []
            remarks = ["\(table.path): joined to \(samplesPath) by row order, because \(reason)"]
            return
        }
        rows = found
        isByOrder = false
        unmatched = zip(samples, found).filter { $1 == nil }.map(\.0)
        let used = Set(found.compactMap(\.self))
        unused = table.rows.indices.filter { !used.contains($0) }.map { table.rows[$0].id }
        let hint = Self.hint(unmatched, unused)
        if !hasCommon {
            throw .nothingJoined(
                path: table.path, samples: samplesPath, ids: table.rows.prefix(4).map(\.id),
                otherIDs: Array(samples.prefix(4)),
                hint: hint)
        }
        if isStrict, !unmatched.isEmpty || !unused.isEmpty {
            throw .incomplete(
                path: table.path, samples: samplesPath, unlabelled: unmatched, unused: unused, hint: hint)
        }
        var remarks: [String] = []
        if countsRows, !ExactText.areSame(ids, samples) {
            remarks.append("\(table.path): its ids are taken as the row numbers of \(samplesPath), from 0")
        }
        if !unmatched.isEmpty {
            remarks.append(
                "\(table.path): \(Count.of(unmatched.count, "sample", "samples")) of \(samples.count) in \(samplesPath) without "
                    + "a row (\(LabelFileError.few(unmatched)))")
        }
        if !unused.isEmpty {
            remarks.append(
                "\(table.path): \(Count.of(unused.count, "row", "rows")) of \(table.rows.count) without a sample in "
                    + "\(samplesPath) (\(LabelFileError.few(unused)))")
        }
        if let hint, !remarks.isEmpty { remarks.append("\(table.path): \(hint)") }
        self.remarks = remarks
    }

    /// Throws `doubtful` if the ids of a table may be the row numbers of samples that have no ids: if they are all of them, from 0
    /// or from 1, in another order, or more or fewer of them. Some whole numbers among other ids are row numbers by chance.
    private static func refuseRowNumbers(
        _ ids: [String], of table: LabelTable, samples count: Int, path: String
    ) throws(LabelFileError) {
        let numbers = ids.compactMap { Int($0) }
        guard numbers.count == ids.count else { return }
        let column = table.interpretation.idColumn ?? "id"
        let start = !numbers.contains(0) && numbers.contains(count) ? 1 : 0
        let options = "--id-column \(ShellText.quoted(column)) takes them as its row numbers from \(start)"
        if ids.count != count {
            throw .doubtful(
                path: table.path, columns: [column],
                problem: "holds whole numbers in \(ids.count) rows, but \(path) has \(count) rows and no ids",
                options: options)
        }
        let counts = [Array(0..<count), Array(1...count)]
        if !counts.contains(numbers), counts.contains(numbers.sorted()) {
            throw .doubtful(
                path: table.path, columns: [column],
                problem:
                    "holds the row numbers of \(path) in another order, which has no ids of its own: they may be its ids, "
                    + "or the rows may be in the same order already",
                options:
                    "\(options), \(ShellText.ignoring(table.interpretation.leftOutClasses + [column])) joins the rows by their order"
            )
        }
    }

    /// The first two names that are one but for their spelling, in words.
    private static func hint(_ samples: [String], _ rows: [String]) -> String? {
        let cores = Dictionary(rows.map { (SampleName.core($0), $0) }) { first, _ in first }
        for sample in samples {
            guard let row = cores[SampleName.core(sample)] else { continue }
            return "'\(NameList.short(row))' and '\(NameList.short(sample))' differ only in "
                + "\(SampleName.difference(row, sample)); spell both the same way"
        }
        return nil
    }
}
