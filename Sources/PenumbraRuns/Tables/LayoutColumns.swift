import Foundation
import LabelFiles
import TensorFiles

/// The table of a map and its columns of coordinates: `x` and `y`, or the only two whose names differ only by 1 and 2, 0 and 1,
/// or x and y after a name that maps have (`tsne_1`, `UMAP2`, `dim1`).
struct LayoutColumns {
    let table: CSVTable
    /// The positions of the two coordinates.
    let coordinates: [Int]
    /// How the table differs from this program's own, one sentence each.
    let remarks: [String]

    private static let stems: Set = [
        "", "tsne", "t_sne", "umap", "dim", "pc", "pca", "component", "comp", "coord", "coordinate", "axis", "d", "c",
        "embedding", "emb", "map", "layout", "latent",
    ]
    private static let endings = [("x", "y"), ("1", "2"), ("0", "1")]
    /// Stems that also other columns have.
    private static let vagueStems: Set = ["", "c", "d"]

    /// Throws `CSVError`, `FileReadError`, or `InputError` for several pairs of coordinates.
    init(of url: URL) throws {
        table = try Self.table(url)
        if ["x", "y"].allSatisfy(table.header.contains) {
            coordinates = try ["x", "y"].map(table.column(named:))
        } else {
            let header = table.header, plain = Self.plainPair(in: header)
            let pairs = plain.map { [$0] } ?? Self.pairs(in: header, isOfMap: Self.stems.contains)
            if pairs.count > 1 {
                let names = pairs.map { $0.map { header[$0] }.joined(separator: ", ") }.joined(separator: " and ")
                throw InputError.unusable(
                    path: url.path,
                    problem: "\(names) could all be the coordinates of the map; call two columns x and y")
            }
            coordinates = try pairs.first ?? ["x", "y"].map(table.column(named:))
        }
        let table = table, coordinates = coordinates
        var parts = table.dialect.remarks
        let names = coordinates.map { table.header[$0] }
        let others = Self.pairs(in: table.header, isOfMap: { !Self.vagueStems.contains($0) }).filter {
            $0 != coordinates
        }
        if names != ["x", "y"] || !others.isEmpty {
            let passed = others.map { ", not \($0.map { table.header[$0] }.joined(separator: " and "))" }.joined()
            parts.append("coordinates in \(names.joined(separator: " and "))\(passed)")
        }
        if let ids = SampleIDs.column(in: table), table.header[ids] != "id" {
            parts.append("ids in \(table.header[ids].isEmpty ? "the unnamed first column" : table.header[ids])")
        }
        remarks = parts.isEmpty ? [] : ["\(url.relativePath): \(parts.joined(separator: ", "))"]
    }

    /// The table as this program writes it, or else with the separator that is detected.
    private static func table(_ url: URL) throws -> CSVTable {
        let plain = Result { try CSVTable.read(url) }
        if case .success(let table) = plain, table.header.count > 1 { return table }
        do {
            return try CSVTable.read(url, hints: TableDialect.Hints(header: .yes))
        } catch { return try plain.get() }
    }

    /// Columns that are `x` and `y` but for their spelling.
    private static func plainPair(in header: [String]) -> [Int]? {
        let names = header.map(ColumnName.plain)
        guard let x = names.firstIndex(of: "x"), let y = names.firstIndex(of: "y") else { return nil }
        return [x, y]
    }

    /// The pairs whose names begin with a stem of maps that is one `isOfMap` takes.
    private static func pairs(in header: [String], isOfMap: (String) -> Bool) -> [[Int]] {
        let names = header.map(ColumnName.plain)
        return endings.flatMap { first, second in
            names.indices.compactMap { place -> [Int]? in
                guard names[place].hasSuffix(first) else { return nil }
                let stem = String(names[place].dropLast(first.count))
                let word = stem.hasSuffix("_") ? String(stem.dropLast()) : stem
                guard stems.contains(word), isOfMap(word), let other = names.firstIndex(of: stem + second) else {
                    return nil
                }
                return [place, other]
            }
        }
    }
}
