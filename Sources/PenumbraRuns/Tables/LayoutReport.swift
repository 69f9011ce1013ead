import Foundation
import NeighborEmbedding
import Parameters

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

extension LayoutReport {
    /// The report of a map of `table`, read from `features`, which have that SHA-256.
    init(
        of features: URL, digest: String, _ table: FeatureTable, _ facts: FeatureFacts,
        parameters: ProjectionParameters,
        method: String, learningRate: Double, earlyLearningRate: Double, perplexity: [AchievedPerplexity],
        neighborRecall: Double, resumedAt: Int?, iterations: Int, isComplete: Bool, repulsionEvaluations: Int,
        klDivergence: Double, klTrace: [Layout.TracePoint], seconds: Layout.Seconds
    ) {
        self.init(
            features: features.relativePath, featuresDigest: digest, array: table.array, ids: table.idsSource,
            columns: table.choice, centeredColumns: facts.centeredColumns, farRows: facts.farRows,
            farCrowd: facts.farCrowd, zeroVectors: facts.zeroVectors, points: table.matrix.count,
            dimension: table.matrix.dimension, parameters: parameters, method: method, learningRate: learningRate,
            earlyLearningRate: earlyLearningRate, perplexity: perplexity, neighborRecall: neighborRecall,
            resumedAt: resumedAt, iterations: iterations, isComplete: isComplete,
            repulsionEvaluations: repulsionEvaluations, klDivergence: klDivergence, klTrace: klTrace, seconds: seconds)
    }
}
