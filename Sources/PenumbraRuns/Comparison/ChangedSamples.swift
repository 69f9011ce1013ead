import FeatureSpaces
import Foundation
import TensorFiles

/// `samples.csv` of a comparison: what changes for each image from one kind to another, sorted by the largest change.
///
/// One row per sample and pair of kinds: `rank`, `first`, `second`, `id`; `neighbors_changed`, the share of its nearest
/// neighbours that it loses; `misfit_first` and `misfit_second`, the divergence between its label and its neighbours' mean label in
/// nats, and `misfit_change`, negative if the second kind places it better; then the label, one column per class.
package enum ChangedSamples {
    /// Throws `FileWriteError`.
    package static func write(_ result: Comparison.Result, to url: URL) throws {
        let samples = result.measured[0].kind.first.samples
        let header = [
            "rank", "first", "second", "id", "neighbors_changed", "misfit_first", "misfit_second", "misfit_change",
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
                            .double(first.mapped.features.labelMisfit[index]),
                            .double(second.mapped.features.labelMisfit[index]),
                            .double(changes[index].labelMisfitChange),
                        ] + samples.labels[index].probabilities.map { .double($0) })
                }
            }
        }
    }

    /// By the share of changed neighbours; ties are ordered by the absolute change of the label misfit.
    static func order(_ changes: [SpaceComparison.SampleChange]) -> [Int] {
        changes.indices.sorted { a, b in
            let (x, y) = (changes[a], changes[b])
            if x.neighborShare != y.neighborShare { return x.neighborShare < y.neighborShare }
            if abs(x.labelMisfitChange) != abs(y.labelMisfitChange) {
                return abs(x.labelMisfitChange) > abs(y.labelMisfitChange)
            }
            return a < b
        }
    }
}
