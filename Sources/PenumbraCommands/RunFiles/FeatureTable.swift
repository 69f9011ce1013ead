import Foundation
import NeighborEmbedding
import TensorFiles

/// Features of samples, from an `.npy` or a CSV file.
struct FeatureTable: Sendable {
    let url: URL
    let ids: SampleIDs
    let matrix: FeatureMatrix

    /// Reads features and ids.
    ///
    /// - An `.npy` holds N × D numbers; the ids are the column `id` of `idsFile`, or else of the table that `embed` writes
    ///   beside (`SampleTable.url(besideFeatures:)`), or else the numbers of the rows from 0.
    /// - A CSV holds the columns `f0`, `f1` … as features, or, where there are none such, all columns but `id`, `split`,
    ///   `fold` and `annotators` whose first field is a number; ids are its column `id`, or those of `idsFile`, or the
    ///   numbers of the rows.
    ///
    /// Throws `InputError` and what the readers throw.
    static func read(_ url: URL, idsFile: URL?) throws -> FeatureTable {
        switch url.pathExtension.lowercased() {
        case "npy": try readArray(url, idsFile: idsFile)
        case "csv": try readTable(url, idsFile: idsFile)
        default: throw InputError.unknownFormat(path: url.path, known: [".npy", ".csv"])
        }
    }

    private static func readArray(_ url: URL, idsFile: URL?) throws -> FeatureTable {
        let array = try NPYFile.read(url)
        guard array.shape.count == 2 else { throw InputError.notAMatrix(path: url.path, shape: array.shape) }
        var idsFile = idsFile
        let beside = SampleTable.url(besideFeatures: url)
        if idsFile == nil && FileManager.default.fileExists(atPath: beside.path) { idsFile = beside }
        return try make(
            url, ids: try idsFile.map { try SampleIDs(of: CSVTable.read($0)) }, count: array.shape[0],
            dimension: array.shape[1], values: array.values)
    }

    private static func readTable(_ url: URL, idsFile: URL?) throws -> FeatureTable {
        let table = try CSVTable.read(url)
        if table.rowCount == 0 { throw InputError.noRows(path: url.path) }
        let columns = featureColumns(of: table)
        if columns.isEmpty { throw InputError.noColumns(path: url.path, needed: "features (f0, f1 … or numbers)") }
        var values: [Float] = []
        values.reserveCapacity(table.rowCount * columns.count)
        for row in 0..<table.rowCount {
            for column in columns { values.append(try table.float(row, column)) }
        }
        let own = table.header.contains("id") ? try SampleIDs(of: table) : nil
        let given = try idsFile.map { try SampleIDs(of: CSVTable.read($0)) }
        if let own, let given { try own.requireSame(as: given) }
        return try make(
            url, ids: own ?? given, count: table.rowCount, dimension: columns.count, values: values)
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
        _ url: URL, ids: SampleIDs?, count: Int, dimension: Int, values: [Float]
    ) throws -> FeatureTable {
        if let ids, ids.ids.count != count {
            throw InputError.rowCount(path: ids.path, found: ids.ids.count, expected: count, of: url.path)
        }
        let ids = try ids ?? SampleIDs(path: url.path, (0..<count).map(String.init))
        do throws(TSNEError) {
            let matrix = try FeatureMatrix(count: count, dimension: dimension, values: values)
            return FeatureTable(url: url, ids: ids, matrix: matrix)
        } catch {
            throw InputError.unusable(path: url.path, problem: "\(error)")
        }
    }
}
