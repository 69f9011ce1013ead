import FeatureSpaces
import Foundation
import ImageDatasets
import LabelDistributions
import LabelFiles
import NeighborEmbedding
import TensorFiles

/// The features of one trained network, or of a file, as one of the compared spaces.
package struct ComparedSpace {
    /// Its name on the command line or in the run.
    let path: String
    /// `split-1`, or empty if the split is unknown.
    let split: String
    /// The file of features.
    let features: URL
    /// How it is read.
    let reading: FeatureReading
    /// The table of labels.
    let labels: URL
    /// Whether the features may be another program's, and so may the file of predictions beside them.
    private(set) var isForeign: Bool
    /// The file that would hold predictions for these samples, and perhaps for more.
    let predictions: URL
    package let samples: SampleTable
    /// The table that this program wrote beside the features, even if other labels are used; nil without one.
    let ownSamples: SampleTable?
    /// What was read, also if only some of it is compared.
    private(set) var input: SpaceInput
    let table: FeatureTable
    /// What is to be said about it, one line each.
    private(set) var lines: [String]
    /// The images, if known.
    package let data: DatasetSource?
    /// Everything recorded about its training; nil without a record.
    private(set) var training: [String: JSONValue]?

    /// Reads features and labels, which may be in any order. Each sample needs a label; with `allowsUnlabelled`, only some do.
    /// `isForeign` says whether the file may be another program's. Throws what the readers throw, and `InputError`.
    init(
        path: String, split: String = "", features: URL, reading: FeatureReading = FeatureReading(),
        samples file: URL, labelReading: LabelReading = LabelReading(), data: DatasetSource? = nil,
        training: [String: JSONValue]? = nil, predictions: URL? = nil, allowsUnlabelled: Bool = false,
        isForeign: Bool = false
    ) throws {
        self.path = path
        self.split = split
        self.features = features
        self.reading = reading
        self.isForeign = isForeign
        labels = file
        self.data = data
        self.training = training
        self.predictions =
            predictions ?? features.deletingLastPathComponent().appendingPathComponent("predictions.csv")
        table = try FeatureTable.read(features, reading, idsFile: nil)
        let facts = FeatureFacts(table, for: TSNEParameters())
        lines = ((isForeign ? facts.readingLines : []) + facts.numberLines).map { "\(path): \($0)" }
        samples = try SampleTable.read(file, as: labelReading, for: table.ids, samplesAreRows: table.idsAreRows)
        try table.requireApart(from: samples)
        try samples.requireLabels(
            allowsUnlabelled: allowsUnlabelled, wayOn: "compare those that have one with --common-samples")
        input = SpaceInput(table, labels: file, training: training)
        let beside = SampleTable.url(besideFeatures: features)
        // A table that cannot be read, or is not this program's, says nothing about the features.
        let own = beside.path == file.path ? samples : try? SampleTable.read(beside, for: table.ids)
        ownSamples = own?.isOwn == true ? own : nil
    }

    /// The same space with only these rows, in this order, written to files in `folder`. Throws `FileWriteError`, and what
    /// reading them again throws.
    func picking(_ rows: [Int], into folder: URL) throws -> ComparedSpace {
        try OutputFolder.create(folder)
        let (file, labels) = (
            folder.appendingPathComponent("embeddings.npy"), folder.appendingPathComponent("samples.csv")
        )
        let width = table.matrix.dimension
        try NPYFile.write(
            NumericArray(
                shape: [rows.count, width],
                values: rows.flatMap { table.matrix.values[$0 * width..<($0 + 1) * width] }), to: file)
        try samples.write(rows, to: labels)
        var picked = try ComparedSpace(
            path: path, split: split, features: file, samples: labels, data: data, training: training,
            predictions: predictions)
        (picked.input, picked.lines, picked.isForeign) = (input, lines, isForeign)
        return picked
    }

    /// The space for the measures. Throws `FeatureSpaceError` with the name of the file.
    func space() throws -> FeatureSpace {
        do throws(FeatureSpaceError) {
            return try FeatureSpace(
                features: table.matrix.values, dimension: table.matrix.dimension, labels: samples.labels,
                ids: table.ids.ids)
        } catch {
            throw InputError.unusable(path: features.path, problem: "\(error)")
        }
    }
}

/// All spaces of one kind: of several splits, and of several seeds on a split.
package struct ComparedKind {
    /// `hard labels`, or a file's name.
    package let name: String
    var spaces: [ComparedSpace]

    /// The space that is mapped and drawn.
    package var first: ComparedSpace { spaces[0] }

    /// A part of file names: the letters and digits of the name, joined by hyphens.
    var fileName: String { SpaceNames.fileName(name) }

    /// Fewer samples than this do not allow a conclusion.
    static let leastSamples = 20

    /// Groups spaces by their names, in order of first appearance, and checks that all kinds have the same samples on the same
    /// splits, and enough of them. Their labels must agree (`LabelAgreement`). Throws `InputError`.
    static func group(_ spaces: [(name: String, space: ComparedSpace)]) throws(InputError) -> [ComparedKind] {
        var kinds: [ComparedKind] = []
        for (name, space) in spaces {
            if let index = kinds.firstIndex(where: { $0.name == name }) {
                kinds[index].spaces.append(space)
            } else {
                kinds.append(ComparedKind(name: name, spaces: [space]))
            }
        }
        if kinds.count < 2 {
            throw .nothingToCompare(
                found: kinds.map { "\($0.name) (\($0.spaces.map(\.path).joined(separator: ", ")))" })
        }
        for kind in kinds {
            let splits = Set(kind.spaces.map(\.split)), expected = Set(kinds[0].spaces.map(\.split))
            if splits != expected {
                throw .otherSplits(
                    first: kinds[0].name, expected.sorted(), second: kind.name, splits.sorted())
            }
        }
        for space in kinds.flatMap(\.spaces) where space.samples.ids.ids.count < leastSamples {
            throw .tooFewSamples(
                path: space.path, found: space.samples.ids.ids.count, expected: leastSamples)
        }
        let model = Dictionary(kinds[0].spaces.map { ($0.split, $0.samples) }) { first, _ in first }
        for space in kinds.flatMap(\.spaces) {
            let expected = model[space.split]!
            try expected.ids.requireSame(as: space.samples.ids)
            if expected.classes != space.samples.classes {
                throw .otherClasses(
                    path: space.samples.ids.path, found: space.samples.classes, expected: expected.classes)
            }
        }
        return kinds
    }
}
