import Foundation
import NeighborEmbedding
import TensorFiles

/// Features of samples, from an array (`.npy`, `.npz`) or a table (`.csv`, `.tsv`).
struct FeatureTable: Sendable {
    let url: URL
    let ids: SampleIDs
    let matrix: FeatureMatrix
    /// The array of an `.npz` that the features are; nil for other files.
    let array: String?
    /// Whether the ids are the numbers of the rows from 0, since there are no others.
    let idsAreRows: Bool

    /// Reads features and ids.
    ///
    /// - An `.npy` holds N × D numbers; the ids are the column `id` of `idsFile`, or else of the table that `embed` writes
    ///   beside (`SampleTable.url(besideFeatures:)`), or else the numbers of the rows from 0.
    /// - An `.npz` holds such an array: the one named `array`, or else its only one of two dimensions and of numbers. The
    ///   ids are its array of texts `ids` or `id`, where it has one, or else found as an `.npy`'s. An array of that name
    ///   that holds no texts is refused unless `idsFile` is given: its ids shall not be lost unnoticed.
    /// - A CSV without a header, as the DCIC benchmark's `X-60.csv` (`HeaderlessTable`), holds features alone; the ids are
    ///   those of `idsFile` or the numbers of the rows from 0. Where `X-gt.csv` lies beside it, it has as many rows.
    /// - Any other CSV or TSV holds the columns `f0`, `f1` … as features, or, where there are none such, all columns but `id`,
    ///   `split`, `fold` and `annotators` whose first field is a number; ids are its column `id`, or those of `idsFile`,
    ///   or the numbers of the rows.
    ///
    /// Where a file has ids of its own and `idsFile` is given too, both hold the same. Throws `InputError` and what the
    /// readers throw.
    static func read(_ url: URL, array: String? = nil, idsFile: URL?) throws -> FeatureTable {
        let format = url.pathExtension.lowercased()
        if let array, format != "npz" {
            throw InputError.unusable(path: url.path, problem: "array '\(array)' expected, which only an .npz can hold")
        }
        switch format {
        case "npy": return try make(url, NPYFile.read(url), ownIDs: nil, idsFile: idsFile)
        case "npz": return try readArchive(url, array: array, idsFile: idsFile)
        case "csv", "tsv": return try readTable(url, idsFile: idsFile)
        default: throw InputError.unknownFormat(path: url.path, known: [".npy", ".npz", ".csv", ".tsv"])
        }
    }

    private static func readArchive(_ url: URL, array name: String?, idsFile: URL?) throws -> FeatureTable {
        let archive = try NPZFile(url)
        let features = try name.map { try archive.member(named: $0) } ?? onlyMatrix(of: archive)
        let ids = try ids(of: archive, beside: features, isNeeded: idsFile == nil)
        return try make(url, archive.numbers(of: features), array: features.name, ownIDs: ids, idsFile: idsFile)
    }

    private static func onlyMatrix(of archive: NPZFile) throws -> NPZFile.Member {
        let matrices = archive.members.filter { $0.isNumeric && $0.shape.count == 2 }
        guard let matrix = matrices.first, matrices.count == 1 else {
            let found = NPZFile.list(archive.members.map(\.description))
            throw InputError.unusable(
                path: archive.path,
                problem: "\(matrices.count) arrays of two dimensions and of numbers found, 1 expected or --array with "
                    + "the name of one; there are \(found)")
        }
        return matrix
    }

    private static func ids(
        of archive: NPZFile, beside features: NPZFile.Member, isNeeded: Bool
    ) throws -> SampleIDs? {
        let candidates = ["ids", "id"].compactMap { name in
            archive.members.first { $0.name == name && $0 != features }
        }
        if let texts = candidates.first(where: { $0.isText && $0.shape.count == 1 }) {
            return try SampleIDs(path: "\(archive.path), array '\(texts.name)'", archive.texts(of: texts))
        }
        guard isNeeded, let other = candidates.first else { return nil }
        throw InputError.unusable(
            path: archive.path,
            problem: "array \(other) found, ids are one dimension of texts (type U or S); --ids names others")
    }

    private static func make(
        _ url: URL, _ numbers: NumericArray, array: String? = nil, ownIDs: SampleIDs?, idsFile: URL?
    ) throws -> FeatureTable {
        guard numbers.shape.count == 2 else { throw InputError.notAMatrix(path: url.path, shape: numbers.shape) }
        var idsFile = idsFile
        let beside = SampleTable.url(besideFeatures: url)
        if idsFile == nil && ownIDs == nil && FileManager.default.fileExists(atPath: beside.path) { idsFile = beside }
        return try make(
            url, array: array, ids: try ids(own: ownIDs, file: idsFile), count: numbers.shape[0],
            dimension: numbers.shape[1], values: numbers.values)
    }

    /// The ids that a file holds itself, those of another file, or nil; where there are both they are the same.
    private static func ids(own: SampleIDs?, file: URL?) throws -> SampleIDs? {
        let given = try file.map { try SampleIDs(of: CSVTable.read($0)) }
        if let own, let given { try own.requireSame(as: given) }
        return own ?? given
    }

    private static func readTable(_ url: URL, idsFile: URL?) throws -> FeatureTable {
        if try HeaderlessTable.isOne(url) { return try readHeaderless(url, idsFile: idsFile) }
        let table = try CSVTable.read(url)
        if table.rowCount == 0 { throw InputError.noRows(path: url.path) }
        let columns = featureColumns(of: table)
        if columns.isEmpty { throw InputError.noColumns(path: url.path, needed: "features (f0, f1 … or numbers)") }
        let own = table.header.contains("id") ? try SampleIDs(of: table) : nil
        return try make(
            url, ids: try ids(own: own, file: idsFile), count: table.rowCount, dimension: columns.count,
            values: try values(of: table, columns: columns))
    }

    private static func readHeaderless(_ url: URL, idsFile: URL?) throws -> FeatureTable {
        let table = try CSVTable.read(url, hints: .init(header: .no), columns: "f")
        try HeaderlessTable.checkPair(of: table, url)
        return try make(
            url, ids: try ids(own: nil, file: idsFile), count: table.rowCount, dimension: table.header.count,
            values: try values(of: table, columns: Array(table.header.indices)))
    }

    private static func values(of table: CSVTable, columns: [Int]) throws(CSVError) -> [Float] {
        var values: [Float] = []
        values.reserveCapacity(table.rowCount * columns.count)
        for row in 0..<table.rowCount {
            for column in columns { values.append(try table.float(row, column)) }
        }
        return values
    }

    private static let notFeatures: Set = ["id", "split", "fold", "annotators"]

    private static func featureColumns(of table: CSVTable) -> [Int] {
        let named = table.header.indices.filter { column in
            let name = table.header[column]
            return name.first == "f" && name.count > 1 && name.dropFirst().allSatisfy { ("0"..."9").contains($0) }
        }
        if !named.isEmpty { return named }
        return table.header.indices.filter { column in
            !notFeatures.contains(table.header[column]) && (try? table.number(0, column)) != nil
        }
    }

    private static func make(
        _ url: URL, array: String? = nil, ids: SampleIDs?, count: Int, dimension: Int, values: [Float]
    ) throws -> FeatureTable {
        // An array without columns may claim any number of rows.
        if dimension == 0 { throw InputError.noColumns(path: url.path, needed: "features") }
        if let ids, ids.ids.count != count {
            throw InputError.rowCount(path: ids.path, found: ids.ids.count, expected: count, of: url.path)
        }
        let idsAreRows = ids == nil
        let ids = ids ?? SampleIDs(path: url.path, numbersOf: count)
        do throws(TSNEError) {
            let matrix = try FeatureMatrix(count: count, dimension: dimension, values: values)
            return FeatureTable(url: url, ids: ids, matrix: matrix, array: array, idsAreRows: idsAreRows)
        } catch {
            throw InputError.unusable(path: url.path, problem: "\(error)")
        }
    }
}
