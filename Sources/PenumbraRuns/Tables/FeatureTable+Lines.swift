import NeighborEmbedding

extension FeatureTable {
    /// Throws `InputError` if a feature has the name of a class of these labels.
    func requireApart(from samples: SampleTable) throws(InputError) {
        try choice?.requireApart(
            from: samples.classes, labels: samples.interpretation?.file ?? samples.ids.path, features: url.path)
    }

    /// One line each, with the file's name: what was read, and what is unusual about the numbers.
    var lines: [String] { FeatureFacts(self, for: TSNEParameters()).lines.map { "\(url.relativePath): \($0)" } }
}
