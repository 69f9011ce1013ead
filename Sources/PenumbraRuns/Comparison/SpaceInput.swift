import Foundation

/// What a compared space was read from, for the report.
struct SpaceInput: Codable, Sendable {
    /// The array that was read, from a file that may hold several.
    var array: String?
    /// Where the ids of an array come from; nil for row numbers.
    var ids: String?
    /// What was read from a table.
    var columns: FeatureChoice?
    /// The number of samples in the file, of which some may be left out of the comparison.
    var samples: Int
    /// The number of features of a sample.
    var dimension: Int
    /// The file of labels.
    var labels: String
    /// The seed of the training; nil if it is unknown.
    var seed: String?

    init(_ table: FeatureTable, labels: URL, training: [String: JSONValue]?) {
        (array, ids, columns) = (table.array, table.idsSource, table.choice)
        samples = table.matrix.count
        dimension = table.matrix.dimension
        self.labels = labels.relativePath
        seed = training?["seed"]?.text
    }

    /// The array or the columns in a few words; nil for an array that is alone in its file.
    var content: String? { array.map { "array \($0)" } ?? columns.map { FeatureChoice.list($0.features) } }
}
