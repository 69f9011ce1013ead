import Foundation
import NeighborEmbedding
import TensorFiles

/// Features of samples, from an array (`.npy`, `.npz`, `.pt`, `.safetensors`, `.h5`) or a table (`.csv`, `.tsv`).
package struct FeatureTable: Sendable {
    let url: URL
    let ids: SampleIDs
    let matrix: FeatureMatrix
    /// The name of the array, for a file that may hold several; nil for other files.
    let array: String?
    /// Which array was read, in words, if the file holds several of numbers.
    let arrayRemark: String?
    /// Warnings of an array's columns; those of a table are in its `choice`.
    let arrayWarnings: [String]
    /// Whether the ids are the row numbers from 0, since there are no others.
    let idsAreRows: Bool
    /// Where the ids of an array come from: a file, or another array of the same file. Nil for row numbers and for tables, whose
    /// `choice` tells it.
    let idsSource: String?
    /// What was read from a table; nil for arrays.
    let choice: FeatureChoice?
    /// The column names, if the table has them.
    let columns: [String]?
    /// How the numbers were adjusted before conversion to single precision.
    let scaling: FeatureScaling
    /// The rows that `scaling` has pulled in.
    let farRows: [Int]

    /// The purpose of reading the features.
    struct Purpose {
        var metric = DistanceMetric.euclidean
        /// The features of the map in which these samples are placed: both have the same columns and the same scaling.
        var reference: FeatureTable?
    }

    /// Reads features and ids.
    ///
    /// - An array holds N × D numbers; any further dimensions have one element. In a file that may hold several arrays it is
    ///   the one that `reading` names, or else the only one of two dimensions. The ids are the column `id` of `idsFile`, or
    ///   else the array `ids` or `id` of texts or whole numbers in an `.npz`, or else those in the table that `embed` writes
    ///   beside the array (`SampleTable.url(besideFeatures:)`), or else the row numbers from 0.
    /// - In a table the columns are chosen by `FeatureColumns`, and the dialect is detected as far as `reading` does not give
    ///   it. The ids are its column of ids, or those of `idsFile`, or the row numbers. If a companion `X-gt.csv` is beside
    ///   `X-60.csv`, both are dumps without a header, and must have the same number of rows (`HeaderlessTable`).
    ///
    /// If a file has its own ids and `idsFile` is also given, both must hold the same ids. Throws `InputError` and what the
    /// readers throw.
    static func read(
        _ url: URL, _ reading: FeatureReading = FeatureReading(), idsFile: URL?, for purpose: Purpose = Purpose()
    ) throws -> FeatureTable {
        if ["csv", "tsv"].contains(url.pathExtension.lowercased()) {
            if let array = reading.array {
                throw InputError.unusable(
                    path: url.path, problem: "no array '\(array)', because a table holds no arrays; omit --array")
            }
            return try readTable(url, reading, idsFile: idsFile, for: purpose)
        }
        let ofTables = reading.optionsOfTables
        if !ofTables.isEmpty {
            throw InputError.unusable(
                path: url.path, problem: "\(ofTables.joined(separator: ", ")): for tables, but this file is an array")
        }
        let array = try FeatureArray(url, named: reading.array, readsOwnIDs: idsFile == nil)
        return try make(array, idsFile: idsFile, for: purpose)
    }

    private static func make(_ array: FeatureArray, idsFile: URL?, for purpose: Purpose) throws -> FeatureTable {
        let url = array.url
        let beside = SampleTable.url(besideFeatures: url)
        var idsFile = idsFile
        if idsFile == nil && array.ids == nil && FileManager.default.fileExists(atPath: beside.path) {
            idsFile = beside
        }
        let numbers = Numbers(
            values: array.numbers.values, count: array.shape[0], dimension: array.shape[1],
            columns: { try array.columns($0) }, name: { "column \($0) (counted from 0) of the features" },
            rowName: { "row \($0), " })
        return try make(
            url, numbers, array: array.name, arrayRemark: array.remark, arrayWarnings: array.columnWarnings,
            ids: try ids(own: array.ids, file: idsFile, rows: array.shape[0]),
            idsSource: idsFile?.lastPathComponent ?? array.ids?.path.replacing("\(url.path), ", with: ""), for: purpose)
    }

    private static func readTable(
        _ url: URL, _ reading: FeatureReading, idsFile: URL?, for purpose: Purpose
    ) throws -> FeatureTable {
        let companion = HeaderlessTable.companion(of: url)
        var hints = reading.hints
        let hasNoHeader = companion != nil || HeaderlessTable.isOfProjector(url)
        if hasNoHeader && hints.header == .auto { hints.header = .no }
        let table = try CSVTable.read(url, hints: hints, columns: "f")
        if table.rowCount == 0 { throw InputError.noRows(path: url.path) }
        if purpose.reference?.columns == nil { try MistakenMap.refuse(table, at: url, reading) }
        if let companion { try HeaderlessTable.check(table, against: companion) }
        let columns: FeatureColumns
        if let names = purpose.reference?.columns, table.dialect.hasHeader {
            columns = try FeatureColumns(table, exactly: names)
        } else {
            columns = try FeatureColumns(
                table, columns: reading.columns, skip: reading.skipColumns, isDump: companion != nil)
        }
        if table.dialect.hasDecimalCommas {
            try columns.requireCommas(CSVTable.read(url, hints: hints.withPoints(table)))
        }
        let numbers = try Numbers(table, columns)
        let own = try columns.ids.map { try SampleIDs(path: table.path, table.column($0)) }
        // Row names may be mere row numbers: other ids take precedence.
        let yields = columns.ids.map { table.header[$0].lowercased() != "id" } ?? true
        let ids = try ids(own: yields && idsFile != nil ? nil : own, file: idsFile, rows: numbers.count)
        let source =
            idsFile?.lastPathComponent ?? columns.ids.map { columns.name($0) } ?? FeatureChoice.rowNumbers
        return try make(
            url, numbers, ids: ids, for: purpose,
            choice: FeatureChoice(columns, of: table, count: numbers.dimension, ids: source, reading: reading),
            columns: table.dialect.hasHeader ? columns.taken.map { table.header[$0] } : nil)
    }

    /// The ids in the file itself, those of another file, or nil; if both exist they must be equal.
    private static func ids(own: SampleIDs?, file: URL?, rows: Int) throws -> SampleIDs? {
        let given = try file.map { try SampleIDs.read($0, rows: rows) }
        if let own, let given { try own.requireSame(as: given) }
        return own ?? given
    }

    private static func make(
        _ url: URL, _ numbers: Numbers, array: String? = nil, arrayRemark: String? = nil,
        arrayWarnings: [String] = [], ids: SampleIDs?, idsSource: String? = nil, for purpose: Purpose,
        choice: FeatureChoice? = nil, columns: [String]? = nil
    ) throws -> FeatureTable {
        // An array without columns could claim any number of rows.
        if numbers.dimension == 0 { throw InputError.noColumns(path: url.path, needed: "features") }
        if let ids, ids.ids.count != numbers.count {
            throw InputError.rowCount(path: ids.path, found: ids.ids.count, expected: numbers.count, of: url.path)
        }
        let idsAreRows = ids == nil
        let ids = ids ?? SampleIDs(path: url.path, numbersOf: numbers.count)
        try numbers.requireSinglePrecision(path: url.path)
        var numbers = numbers
        let (scaling, farRows) = try numbers.scale(for: purpose)
        do throws(FeatureMatrixError) {
            let matrix = try FeatureMatrix(count: numbers.count, dimension: numbers.dimension, values: numbers.values)
            return FeatureTable(
                url: url, ids: ids, matrix: matrix, array: array, arrayRemark: arrayRemark,
                arrayWarnings: arrayWarnings, idsAreRows: idsAreRows, idsSource: idsSource, choice: choice,
                columns: columns, scaling: scaling, farRows: farRows)
        } catch {
            throw InputError.unusable(path: url.path, problem: "\(error)")
        }
    }
}

/// The numbers of a file before they are scaled.
private struct Numbers {
    var values: [Float]
    let count: Int
    let dimension: Int
    /// Columns in double precision; nil if they are no more precise.
    let columns: ([Int]) throws -> [[Double]]?
    /// The name of a column in messages.
    let name: (Int) -> String
    let rowName: (Int) -> String

    /// Throws if a number is beyond the range of `Float`, since it would become infinite. Throws `InputError.unusable`.
    func requireSinglePrecision(path: String) throws {
        guard let place = values.firstIndex(where: \.isInfinite) else { return }
        let (row, column) = (place / dimension, place % dimension)
        guard let number = try columns([column])?[0][row], number.isFinite else { return }
        throw InputError.unusable(
            path: path,
            problem: "\(rowName(row))\(name(column)) is \(number), which is too large for float32 (at most 3.4e38); "
                + "divide the column by a constant")
    }

    /// Subtracts offsets and pulls in far rows, unless the metric depends only on directions from the origin.
    mutating func scale(for purpose: FeatureTable.Purpose) throws -> (FeatureScaling, farRows: [Int]) {
        var scaling = purpose.reference?.scaling ?? FeatureScaling()
        guard purpose.metric == .euclidean, purpose.reference == nil || purpose.reference?.matrix.dimension == dimension
        else { return (scaling, []) }
        let narrow =
            purpose.reference == nil
            ? FeatureScaling.narrowColumns(values, count: count, dimension: dimension) : scaling.offsets.keys.sorted()
        if !narrow.isEmpty {
            let exact = try columns(narrow)
            let known = purpose.reference == nil ? nil : narrow.map(single)
            if let numbers = exact ?? known {
                scaling.center(
                    &values, dimension: dimension, columns: zip(narrow, numbers).map { ($0, $1) })
            }
        }
        if purpose.reference == nil {
            (scaling.farRows, scaling.farCrowd) = FeatureScaling.FarRows.found(
                in: values, count: count, dimension: dimension)
        }
        let far = scaling.farRows?.drawIn(&values, count: count) ?? []
        return (scaling, far)
    }

    private func single(_ column: Int) -> [Double] {
        (0..<count).map { Double(values[$0 * dimension + column]) }
    }
}

extension Numbers {
    /// The numbers of the feature columns. Throws `CSVError`.
    init(_ table: CSVTable, _ columns: FeatureColumns) throws(CSVError) {
        if columns.areLists {
            let lists = (0..<table.rowCount).map { NumberList.numbers(table[$0, columns.taken[0]])! }
            let dimension = lists[0].count
            self.init(
                values: lists.flatMap { $0.map { Float($0) } }, count: table.rowCount, dimension: dimension,
                columns: { wanted in wanted.map { column in lists.map { $0[column] } } },
                name: { "number \($0 + 1) of '\(columns.name(columns.taken[0]))'" }, rowName: { "row \($0 + 1), " })
            return
        }
        var values: [Float] = []
        values.reserveCapacity(table.rowCount * columns.taken.count)
        for row in 0..<table.rowCount {
            for column in columns.taken { values.append(try table.float(row, column)) }
        }
        self.init(
            values: values, count: table.rowCount, dimension: columns.taken.count,
            columns: { wanted in
                wanted.map { place in
                    (0..<table.rowCount).map { table.double($0, columns.taken[place]) ?? .nan }
                }
            }, name: { "column '\(columns.name(columns.taken[$0]))'" }, rowName: { "row \($0 + 1), " })
    }
}

extension TableDialect.Hints {
    /// Hints that read a table in the same way, but with its numbers as written.
    fileprivate func withPoints(_ table: CSVTable) -> TableDialect.Hints {
        var hints = self
        (hints.separator, hints.header) = (table.dialect.separator, table.dialect.hasHeader ? .yes : .no)
        hints.hasDecimalCommas = false
        return hints
    }
}
