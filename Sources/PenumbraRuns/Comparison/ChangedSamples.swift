import FeatureSpaces
import Foundation
import TensorFiles

/// `samples.csv` of a comparison: what changes for each image from one kind to another, sorted by the largest change.
///
/// One row per sample and pair of kinds: `rank`, `first`, `second`, `id`; `neighbors_changed`, the share of its nearest
/// neighbours that it loses; `fit_first` and `fit_second`, the divergence between its label and its neighbours' mean label in
/// nats, and `fit_change`, negative if the second kind places it better; then the label, one column per class.
package enum ChangedSamples {
    /// Throws `FileWriteError`.
    package static func write(_ result: Comparison.Result, to url: URL) throws {
        let samples = result.measured[0].kind.first.samples
        let header = [
            "rank", "first", "second", "id", "neighbors_changed", "fit_first", "fit_second", "fit_change",
        ]
        try CSVWriter.write(to: url, header: header + samples.classes) { table in
            for pair in result.pairs {
                let (first, second) = (result.measured[pair.first], result.measured[pair.second])
                let changes = pair.spaces.samples
                for (rank, index) in order(changes).enumerated() {
                    try table.append(
                        [
                            .integer(rank + 1), .text(first.kind.name), .text(second.kind.name),
                            .text(samples.ids.ids[index]), .double(1 - changes[index].neighborShare),
                            .double(first.mapped.features.labelFit[index]),
                            .double(second.mapped.features.labelFit[index]), .double(changes[index].labelFitChange),
                        ] + samples.labels[index].probabilities.map { .double($0) })
                }
            }
        }
    }

    /// By the share of changed neighbours; ties are ordered by the absolute change of the label fit.
    static func order(_ changes: [SpaceComparison.SampleChange]) -> [Int] {
        changes.indices.sorted { a, b in
            let (x, y) = (changes[a], changes[b])
            if x.neighborShare != y.neighborShare { return x.neighborShare < y.neighborShare }
            if abs(x.labelFitChange) != abs(y.labelFitChange) { return abs(x.labelFitChange) > abs(y.labelFitChange) }
            return a < b
        }
    }
}
