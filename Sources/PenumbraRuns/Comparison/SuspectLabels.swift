import FeatureSpaces
import Foundation
import TensorFiles

/// `suspects.csv` of a comparison: the images whose labels disagree most with their neighbours in every space, by descending
/// disagreement.
///
/// One row per image: `rank`, `id`; `disagreement`, the smallest divergence over the spaces between its label and its
/// neighbours' mean, in nats; `suspicion`, `mislabelled` or `ambiguous`; `label`, its majority class; `neighbors_label`, the
/// neighbours' majority class, and `neighbors_share`, the share of that class in their labels; then one column per kind,
/// `misfit_` plus its name, with the divergence there.
package enum SuspectLabels {
    /// Throws `FileWriteError`.
    package static func write(_ result: Comparison.Result, to url: URL) throws {
        let samples = result.measured[0].kind.first.samples
        let spaces = result.measured.map(\.mapped.features)
        let header = [
            "rank", "id", "disagreement", "suspicion", "label", "neighbors_label", "neighbors_share",
        ]
        try CSVWriter.write(to: url, header: header + result.measured.map { "misfit_\($0.fileName)" }) { table in
            for (rank, suspect) in LabelSuspect.ranked(spaces).enumerated() {
                try table.append(
                    [
                        .integer(rank + 1), .text(samples.ids.ids[suspect.sample]), .double(suspect.disagreement),
                        .text(suspect.suspicion.rawValue),
                        .text(samples.classes[samples.labels[suspect.sample].hardClass]),
                        .text(samples.classes[suspect.neighborClass]), .double(suspect.neighborShare),
                    ] + spaces.map { .double($0.labelMisfit[suspect.sample]) })
            }
        }
    }
}
