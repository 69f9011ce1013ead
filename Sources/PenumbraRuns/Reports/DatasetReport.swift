import ImageDatasets
import LabelDistributions
import LabelFiles

/// The content of a data set, for people and for programs.
package struct DatasetReport: Encodable {
    struct Class: Encodable, Equatable {
        var name: String
        /// The number of images with this class as the majority, and their share.
        var majority: Int
        var majorityShare: Double
        /// The mean over images of its share of the votes.
        var meanShare: Double
    }

    struct Votes: Encodable, Equatable {
        var total: Int
        /// Per image.
        var mean: Double
        var least: Int
        var most: Int
    }

    struct Ties: Encodable, Equatable {
        var count: Int
        /// At most 100.
        var ids: [String]
    }

    struct Entropy: Encodable, Equatable {
        /// In nats.
        var mean: Double
        var median: Double
        var largestPossible: Double
        /// The edges of the intervals, one more than `counts`.
        var edges: [Double]
        var counts: [Int]
    }

    struct Agreement: Encodable, Equatable {
        /// Nil if undefined.
        var fleissKappa: Double?
        var krippendorffAlpha: Double?
        /// The number of images with two or more votes.
        var images: Int
    }

    struct SplitSizes: Encodable, Equatable {
        var split: Int
        var train: Int
        var val: Int
        var test: Int
        /// The best attainable result on the test images, if they are simulated fibres.
        var ceiling: FibresOracle.Ceiling?
    }

    /// Images whose pixels also occur in another data set.
    package struct Shared: Encodable, Equatable {
        /// The folder of the other data set.
        var folder: String
        var count: Int
        /// Pairs of ids, in this set and in the other; at most 100.
        var ids: [[String]]

        /// `pairs` are indices into `dataset` and into `other`, whose folder is named.
        package init(_ pairs: [(index: Int, other: Int)], of dataset: Dataset, in other: Dataset, folder: String) {
            self.folder = folder
            count = pairs.count
            ids = pairs.prefix(100).map { [dataset.samples[$0.index].id, other.samples[$0.other].id] }
        }
    }

    struct Ambiguous: Encodable, Equatable {
        var id: String
        /// In nats.
        var entropy: Double
        var label: [Double]
    }

    var name: String
    var folder: String
    var format: String
    var images: Int
    /// The size of the first image, in pixels.
    var width: Int
    var height: Int
    var unlabelled: Int
    var classes: [Class]
    /// Nil if only shares are known.
    var votes: Votes?
    var ties: Ties
    var entropy: Entropy
    /// Nil if only shares are known.
    var agreement: Agreement?
    var splits: [SplitSizes]
    var splitsFrom: SplitOrigin
    /// At most ten, by descending entropy.
    var mostAmbiguous: [Ambiguous]
    /// Groups of ids of identical images; nil if they were not searched for.
    var identical: [[String]]?
    /// How many of these groups have images in several folds or subsets.
    var identicalAcrossFolds: Int?
    /// Nil if this was not searched for.
    var shared: Shared?
    var notes: [String]
    /// How the table of labels was interpreted; nil for other formats.
    var labels: LabelInterpretation?

    /// Reads the first image's size. `ceiling` returns the best attainable result on images with these ids. Throws
    /// `ImageFileError`.
    package init(
        _ dataset: Dataset, folder: String, identical groups: [[Int]]?, shared: Shared? = nil,
        ceiling: (_ ids: [String]) -> FibresOracle.Ceiling? = { _ in nil }
    ) throws {
        let samples = dataset.samples
        let summary = LabelSummary(samples.map(\.label))
        let size = try samples[0].imageSize()
        name = dataset.name
        self.folder = folder
        format = dataset.format.rawValue
        images = samples.count
        (width, height) = (size.width, size.height)
        unlabelled = dataset.unlabelled.count
        classes = dataset.classes.indices.map { index in
            Class(
                name: dataset.classes[index], majority: summary.majorityCounts[index],
                majorityShare: Double(summary.majorityCounts[index]) / Double(samples.count),
                meanShare: summary.meanShares[index])
        }
        let rows = samples.compactMap(\.votes)
        if rows.count == samples.count {
            let counts = rows.map { $0.reduce(0, +) }
            let total = counts.reduce(0, +)
            votes = Votes(
                total: total, mean: Double(total) / Double(counts.count), least: counts.min()!, most: counts.max()!)
            agreement = Agreement(
                fleissKappa: AnnotatorAgreement.fleissKappa(rows),
                krippendorffAlpha: AnnotatorAgreement.krippendorffAlpha(rows), images: counts.count { $0 > 1 })
        }
        ties = Ties(count: summary.ties.count, ids: summary.ties.prefix(100).map { samples[$0].id })
        let histogram = summary.entropy
        entropy = Entropy(
            mean: histogram.mean, median: histogram.median, largestPossible: histogram.edges.last!,
            edges: histogram.edges, counts: histogram.counts)
        splits = try dataset.slices.map { slice in
            let split = try Split(slice: slice)
            let sizes = Subset.allCases.map { split.indices(of: $0, in: dataset).count }
            let tested = split.indices(of: .test, in: dataset).map { samples[$0].id }
            return SplitSizes(
                split: slice, train: sizes[0], val: sizes[1], test: sizes[2], ceiling: ceiling(tested))
        }
        splitsFrom = dataset.splitOrigin
        mostAmbiguous = Self.byEntropy(dataset).prefix(10).map { index in
            Ambiguous(
                id: samples[index].id, entropy: samples[index].label.entropy,
                label: samples[index].label.probabilities)
        }
        identical = groups.map { $0.map { group in group.map { samples[$0].id } } }
        identicalAcrossFolds = groups.map { groups in
            groups.count { group in
                group.contains { index in
                    samples[index].fold != samples[group[0]].fold && samples[index].subset == nil
                        || samples[index].subset != samples[group[0]].subset
                }
            }
        }
        self.shared = shared
        notes = dataset.notes
        labels = dataset.labels
    }

    /// The indices of the samples by descending entropy; ties keep their order.
    package static func byEntropy(_ dataset: Dataset) -> [Int] {
        let entropies = dataset.samples.map(\.label.entropy)
        return entropies.indices.sorted { (entropies[$1], $0) < (entropies[$0], $1) }
    }
}
