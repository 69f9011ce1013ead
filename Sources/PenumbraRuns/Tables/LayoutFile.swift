import Foundation
import TensorFiles

/// A map on disk: a CSV of `id`, `x`, `y`.
package struct LayoutFile: Sendable {
    package private(set) var ids: SampleIDs
    /// N × 2, row by row, finite.
    let coordinates: [Float]
    /// How a table of another program was read, in words.
    private(set) var remarks: [String] = []

    package init(
        ids: SampleIDs, coordinates: [Float]
    ) {
        self.ids = ids
        self.coordinates = coordinates
    }

    /// Reads a map of this program, or of another one: separators are then detected, and coordinates and ids have other names
    /// (`LayoutColumns`). The ids may be those of `known`. Throws `CSVError`, `FileReadError` or `InputError`.
    static func read(_ url: URL, known: SampleIDs? = nil) throws -> LayoutFile {
        if let format = FeatureArray.formats.first(where: { url.path.lowercased().hasSuffix($0) }),
            ![".csv", ".tsv"].contains(format)
        {
            throw InputError.unusable(
                path: url.path, problem: "an array; expected a table (.csv) of a map with the columns id, x and y")
        }
        let found = try LayoutColumns(of: url)
        let (table, columns) = (found.table, found.coordinates)
        let ids = try SampleIDs(of: table, known: known)
        var coordinates: [Float] = []
        coordinates.reserveCapacity(2 * table.rowCount)
        for row in 0..<table.rowCount {
            for column in columns {
                let value = try table.float(row, column)
                if !value.isFinite {
                    throw InputError.outOfRange(
                        path: url.path, row: row + 1, column: table.header[column], found: Double(value),
                        expected: "a finite number")
                }
                coordinates.append(value)
            }
        }
        var layout = LayoutFile(ids: ids, coordinates: coordinates)
        layout.remarks = found.remarks
        return layout
    }

    /// The same map of samples that have no ids of their own, as its report says.
    func numbered() -> LayoutFile {
        var layout = self
        layout.ids = ids.takenAsRows()
        return layout
    }

    /// Writes a map. Throws `FileWriteError`.
    static func write(ids: [String], coordinates: [Float], to url: URL) throws {
        try CSVWriter.write(to: url, header: ["id", "x", "y"]) { table in
            for (row, id) in ids.enumerated() {
                try table.append([.text(id), .float(coordinates[2 * row]), .float(coordinates[2 * row + 1])])
            }
        }
    }

    /// The report of a map: the file with the same name ending in `.json`.
    package static func report(of layout: URL) -> URL {
        layout.deletingPathExtension().appendingPathExtension("json")
    }
}
