import Foundation
import NeighborEmbedding

/// What was read from a file of features, as `project` records it beside a layout.
struct FeatureRecord: Codable, Equatable, Sendable {
    /// The file as the command line named it.
    var features: String
    /// The array that was read, from a file that may hold several.
    var array: String?
    /// Where the ids of an array come from; nil for row numbers.
    var ids: String?
    /// What was read from a table.
    var columns: FeatureChoice?

    init(_ table: FeatureTable) {
        features = table.url.relativePath
        (array, ids, columns) = (table.array, table.idsSource, table.choice)
    }
}

extension FeatureTable {
    /// Throws `InputError` if a feature has the name of a class of these labels.
    func requireApart(from samples: SampleTable) throws(InputError) {
        try choice?.requireApart(
            from: samples.classes, labels: samples.interpretation?.file ?? samples.ids.path, features: url.path)
    }

    /// One line each, with the file's name: what was read, and what is unusual about the numbers.
    var lines: [String] { FeatureFacts(self, for: TSNEParameters()).lines.map { "\(url.relativePath): \($0)" } }
}
