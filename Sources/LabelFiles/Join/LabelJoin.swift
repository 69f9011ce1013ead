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
    /// - Parameters:
    ///   - samples: The samples' ids, all different.
    ///   - samplesPath: The file that they are from.
    ///   - samplesAreRows: Whether the ids are only row numbers from 0. If nil (not known), they are taken as row
    ///     numbers if they count from 0 and the table has other ids.
    ///   - isStrict: Whether every sample and every row must find its partner.
    ///     Rows are then not joined by order.
    /// - Throws: `LabelFileError.nothingJoined`, `rowCount`, `otherOrder`, `orderOnly` or `incomplete`.
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
        // Rows that count from 1 beside samples that count from 0 are their neighbours' by id.
        let countsFromOne =
            countsRows && ids.count == samples.count && Set(ids) == Set((1...ids.count).map(String.init))
        if countsFromOne, ids != (1...ids.count).map(String.init) {
            throw .incomplete(
                path: table.path, samples: samplesPath, unlabelled: ["0"], unused: ["\(ids.count)"],
                hint: "ids count from 1 in one file and from 0 in the other; number both the same way")
        }
        let isUnlike = !hasCommon && samplesAreRows != true && Self.hint(samples, ids) != nil
        if table.idsAreRows || countsFromOne || countsRows && !hasCommon && !isUnlike {
            if table.rows.count != samples.count {
                throw .rowCount(
                    path: table.path, found: table.rows.count, samples: samplesPath, expected: samples.count)
            }
            if !countsFromOne, let column = table.columnOfIDs(samples) {
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
