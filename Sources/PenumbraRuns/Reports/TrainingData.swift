import ImageDatasets

/// What a training reads from its data set, for the user and for `--json`.
package struct TrainingData: Encodable {
    var name: String
    var format: String
    var classes: [String]
    var split: String
    /// The numbers of images; those for training are all that the split has.
    var train: Int
    var val: Int
    var test: Int
    var splitsFrom: SplitOrigin

    package init(_ dataset: Dataset, split: Split) {
        (name, format, classes) = (dataset.name, dataset.format.rawValue, dataset.classes)
        self.split = "\(split)"
        train = split.indices(of: .train, in: dataset).count
        val = split.indices(of: .validation, in: dataset).count
        test = split.indices(of: .test, in: dataset).count
        splitsFrom = dataset.splitOrigin
    }

    /// `Shapes (dcic): 6 classes (bc, be, …); split 1: 36 train, 12 val, 12 test; splits: from the folders fold1, …`.
    package var line: String {
        "\(name) (\(format)): \(classes.count) classes (\(InputError.list(classes))); split \(split): "
            + "\(Decimals.grouped(train)) train, \(Decimals.grouped(val)) val, \(Decimals.grouped(test)) test"
            + (split == "\(Split.all)" ? "" : "; splits: \(splitsFrom)")
    }
}
