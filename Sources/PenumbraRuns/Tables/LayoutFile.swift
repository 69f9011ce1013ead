import Foundation
import NeighborEmbedding
import Parameters
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

/// How a map was made, in a JSON file beside it.
package struct LayoutReport: Codable, Sendable {
    var version = PenumbraVersion.current
    /// The file of features as the command line named it, and its SHA-256.
    var features: String
    var featuresDigest: String
    /// The array that was read, from a file that may hold several.
    var array: String?
    /// Where the ids of an array come from; nil for row numbers.
    var ids: String?
    /// What was read from a table.
    var columns: FeatureChoice?
    /// The positions of columns whose common offset was subtracted in double precision.
    var centeredColumns: [Int]?
    /// The ids of rows that were far beyond all others and were pulled in.
    var farRows: [String]?
    /// The number of rows far beyond the others if there were too many to pull in.
    var farCrowd: Int?
    /// The number of rows that are all zeros, if the metric is the cosine.
    var zeroVectors: Int?
    /// The number of samples, and of features per sample.
    package var points: Int
    package var dimension: Int
    var parameters: ProjectionParameters
    /// The method that `auto` selected.
    package var method: String
    var learningRate: Double
    var earlyLearningRate: Double
    var learningRateConvention = Layout.learningRateConvention
    /// The achieved perplexity for each requested one.
    package var perplexity: [AchievedPerplexity]
    /// The share of true nearest neighbours that the search found.
    var neighborRecall: Double
    /// The iteration at which the run resumed after an interruption, from which the seconds are counted; otherwise nil.
    var resumedAt: Int?
    /// Completed iterations, out of those requested.
    package var iterations: Int
    var isComplete: Bool
    /// How often the repulsive forces were computed.
    var repulsionEvaluations: Int
    /// Without exaggeration, in nats.
    package var klDivergence: Double
    var klTrace: [Layout.TracePoint]
    var seconds: Layout.Seconds

    /// Whether the map's ids are only the row numbers of features that have no ids.
    var idsAreRows: Bool { columns.map { $0.ids == FeatureChoice.rowNumbers } ?? (ids == nil) }

    /// Reads a report. Throws `FileReadError`, or `InputError.malformedJSON`, also for a number that is impossible for a map.
    static func read(_ url: URL) throws -> LayoutReport {
        let report = try JSONText.read(LayoutReport.self, as: .layoutReport, from: url)
        for (key, found, least) in [
            ("points", report.points, 1), ("dimension", report.dimension, 1), ("iterations", report.iterations, 0),
            ("repulsion_evaluations", report.repulsionEvaluations, 0), ("resumed_at", report.resumedAt ?? 0, 0),
        ] where !(least...Int(Int32.max)).contains(found) {
            throw InputError.malformedJSON(
                path: url.path, problem: "\(key): found \(found); expected \(least) to \(Int32.max)")
        }
        do throws(ParameterError) { try report.parameters.checkRanges() } catch {
            throw InputError.malformedJSON(path: url.path, problem: "parameters: \(error)")
        }
        return report
    }
}
