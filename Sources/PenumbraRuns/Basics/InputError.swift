import Numerics
import ImageDatasets
import LabelDistributions
import TensorFiles

/// What can be wrong with a command's input, beyond the content of a single file, which its reader checks.
package enum InputError: Error, Equatable, CustomStringConvertible {
    /// Two files hold different samples, or the same in a different order. `row` is counted from 1; a nil id is past a file's
    /// end.
    case idsDiffer(first: String, second: String, row: Int, firstID: String?, secondID: String?)
    /// A file whose rows are only numbered, to be joined to one with ids.
    case noIDs(path: String, other: String)
    /// An id that occurs twice in a file; rows are counted from 1.
    case duplicateID(path: String, id: String, firstRow: Int, secondRow: Int)
    /// A row of numbers that is not a label distribution.
    case label(path: String, row: Int, LabelDistributionError)
    /// Samples without a label, although each needs one.
    case unlabelled(path: String, samples: String, ids: [String], wayOn: String? = nil)
    /// A row of predicted probabilities that are negative, not finite, or do not sum to 1.
    case prediction(path: String, row: Int, sum: Double)
    /// A cell of a table that is not what its column needs.
    case cell(path: String, row: Int, column: String, found: String, expected: String)
    /// A number outside the range that its column may have.
    case outOfRange(path: String, row: Int, column: String, found: Double, expected: String)
    /// A table without rows.
    case noRows(path: String)
    /// A table without any column that could hold what is needed.
    case noColumns(path: String, needed: String)
    /// Features that are not one row of numbers per sample.
    case notAMatrix(path: String, shape: [Int])
    /// A file whose extension is not that of a known format.
    case unknownFormat(path: String, known: [String])
    /// Numbers in a file that a computation cannot use; the problem names their position.
    case unusable(path: String, problem: String)
    /// A computation on a file that takes more memory than is available, in bytes, and the options with which it would fit.
    case notEnoughMemory(path: String, needed: Int, available: Int, options: [String])
    /// A network whose batches take more memory than is available: the figures, and the options with which they would fit.
    case networkTooLarge(figures: String, options: [String])
    /// More or fewer rows of ids than of features.
    case rowCount(path: String, found: Int, expected: Int, of: String)
    /// Ids that an option names but no sample has.
    case unknownIDs(path: String, option: String, ids: [String])
    /// A palette that is neither a known name nor a file.
    case unknownPalette(found: String, known: [String])
    /// An unknown preset.
    case unknownPreset(String, known: [String])
    /// A folder that holds no run, or nothing that the command needs.
    case nothingInRun(path: String, needed: String)
    /// The results in a run were made with different parameters or inputs.
    case otherParameters(path: String, differences: [String])
    /// Predictions are requested from a training that left no sample of its data set for them.
    case trainedOnAll(path: String)
    /// A subset that has no samples under a split.
    case emptySubset(path: String, subset: String, split: Split)
    /// A checkpoint or predictions whose classes are not those of the labels, or of the labels in a file.
    case otherClasses(path: String, found: [String], expected: [String], of: String = "the labels")
    /// A checkpoint without a classifier, although predictions are needed.
    case noClassifier(path: String, head: [String]?)
    /// Logits were asked for, but the checkpoint has no classifier; `head` as above.
    case noLogits(path: String, head: [String]?)
    /// A layer that the network does not have, or whose outputs are not available.
    case unknownLayer(path: String, found: String, known: [String])
    /// A checkpoint, or predictions without labels, but no data set to predict on or compare with.
    case noData(path: String)
    /// The same for a file that may hold an array of features instead, with those of two dimensions in words.
    case noDataOrArray(path: String, matrices: [String])
    /// A path of no known kind at which there is nothing.
    case nothingThere(path: String)
    /// A run has trainings of one split and kind both with and without the seed in their names.
    case seedsMixed(path: String, found: String, expected: String)
    /// Options that apply only to checkpoints were given for something else.
    case optionsOfCheckpoints(path: String, options: [String])
    /// Fewer than two kinds of spaces; each as `name (paths)`.
    case nothingToCompare(found: [String])
    /// Features without labels to measure them by.
    case noLabels(features: String, expected: String)
    /// Too few samples for a meaningful result.
    case tooFewSamples(path: String, found: Int, expected: Int)
    /// Trainings that differ in more than what is being compared.
    case differentTrainings([String])
    /// Samples that only some of the spaces have.
    case otherSamples(path: String, onlyHere: [String], other: String, onlyThere: [String])
    /// A map where features are expected; the features that it was made of, if known; the option settles it.
    case mapAsFeatures(path: String, features: String?, option: String)
    /// Two tables label a sample differently, in a sentence; `wayOn` says what to do.
    case otherLabels(String, wayOn: String)
    /// A majority class that does not exist or that no sample has.
    case noSuchClass(name: String, known: [String])
    /// Kinds of spaces that have different splits.
    case otherSplits(first: String, [String], second: String, [String])
    /// The same file named twice, or for two purposes.
    case usedTwice(path: String)
    /// A file that a command would read and write, perhaps under two names.
    case inputIsOutput(input: String, output: String)
    /// The initial layout is an array whose shape is not one row of coordinates per sample.
    case initialShape(path: String, found: [Int], expected: [Int])
    /// More maps than the grid of a figure has cells.
    case tooManyPanels(found: Int, columns: Int, rows: Int)
    /// A column with no values, or with more values than a figure can have panels.
    case tooManyFacets(path: String, column: String, found: Int, limit: Int)
    /// A file written by a newer version, in a format version that this one does not know.
    case newerFormat(path: String, FileFormat, found: Int)
    /// A training's data set is not where the run's record says it is.
    case dataSetMoved(path: String, recorded: String)
    /// The data set found is not the one that the training used; the digests of both.
    case otherDataSet(path: String, data: String, found: String, expected: String)
    /// Two trainings of a run, each with its data set, which differ; `wayOn` says what to do.
    case severalDataSets(path: String, first: String, second: String, wayOn: String)
    /// A JSON file with a different structure.
    case malformedJSON(path: String, problem: String)

    package var description: String {
        switch self {
        case .idsDiffer(let first, let second, let row, let firstID, let secondID):
            switch (firstID, secondID) {
            case (let firstID?, let secondID?):
                "\(first) and \(second) hold different samples: row \(row) is '\(firstID.displayed)' in the first and "
                    + "'\(secondID.displayed)' in the second"
            default:
                "\(first) and \(second) hold different samples: row \(row) is '\((firstID ?? secondID ?? "").displayed)' in "
                    + "\(firstID == nil ? second : first); the other file ends before it"
            }
        case .noIDs(let path, let other):
            "\(path): has no ids, but \(other) has; expected ids in both or in neither: add a column 'id' to a table, an array "
                + "'ids' to an .npz"
        case .duplicateID(let path, let id, let firstRow, let secondRow):
            "\(path): the id '\(id.displayed)' is in rows \(firstRow) and \(secondRow); expected each id once"
        case .label(let path, let row, let error):
            "\(path), row \(row): \(error)"
        case .unlabelled(let path, let samples, let ids, let wayOn):
            "\(path): \(ids.count) samples of \(samples) have no label (the first is '\(ids[0].displayed)'); expected a "
                + "label for each" + (wayOn.map { "; \($0)" } ?? "")
        case .prediction(let path, let row, let sum):
            "\(path), row \(row): the predicted probabilities sum to \(sum); expected numbers of at least 0 that sum to 1"
        case .cell(let path, let row, let column, let found, let expected):
            "\(path), row \(row), column '\(column)': found "
                + (found.isEmpty ? "an empty cell" : "'\(found.count <= 40 ? found : found.prefix(40) + "…")'")
                + "; expected \(expected)"
        case .outOfRange(let path, let row, let column, let found, let expected):
            "\(path), row \(row), column '\(column.displayed)': found \(found); expected \(expected)"
        case .noRows(let path):
            "\(path): no rows; expected at least one"
        case .noColumns(let path, let needed):
            "\(path): found no columns that could be \(needed)"
        case .notAMatrix(let path, let shape):
            "\(path): found an array of shape \(shape); expected two dimensions (samples, features)"
                + (Self.wayToMatrix(shape) ?? "")
        case .unknownFormat(let path, let known):
            "\(path): unknown extension; expected \(known.joined(separator: " or "))"
        case .unknownIDs(let path, let option, let ids):
            "\(path): \(option): no sample has the id \(Self.list(ids.map { "'\($0)'" }, atMost: 5)); expected ids of this file, or one column=value"
        case .unknownPalette(let found, let known):
            "--palette is '\(found)'; expected \(known.joined(separator: ", ")), or an existing JSON file of colours"
        case .unusable(let path, let problem):
            "\(path): \(problem)"
        case .notEnoughMemory(let path, let needed, let available, let options):
            "\(path): needs about \(MemoryAmount(needed)) of memory, but only \(MemoryAmount(available)) is available; "
                + (options.isEmpty ? "use fewer points" : "it fits with \(options.joined(separator: " "))")
        case .networkTooLarge(let figures, let options):
            figures + "; "
                + (options.isEmpty
                    ? "use a smaller --image-size" : "it fits with \(options.joined(separator: " or with "))")
        case .rowCount(let path, let found, let expected, let other):
            "\(path): found \(found) row\(found == 1 ? "" : "s"); expected \(expected), as in \(other)"
        case .unknownPreset(let name, let known):
            "unknown preset '\(name)'; expected one of \(known.joined(separator: ", "))"
        case .nothingInRun(let path, let needed):
            "\(path): no \(needed) found"
        case .otherParameters(let path, let differences):
            "\(path) was made with other settings: \(differences.joined(separator: "; ")). "
                + "Choose another folder, or use --fresh to start again"
        case .trainedOnAll(let path):
            "\(path) was trained on every image of its data set (--split all), which leaves none to measure on; name other "
                + "images with --data"
        case .emptySubset(let path, let subset, let split):
            "\(path): split \(split) has no sample in the subset '\(subset)'"
        case .nothingToCompare(let found):
            "found \(found.isEmpty ? "nothing" : found.joined(separator: "; ")); expected two or more kinds to compare "
                + "(spaces of the same name can be renamed with --names)"
        case .noLabels(let features, let expected):
            "\(features): found no labels (looked for \(expected)); name a file of labels with --labels"
        case .tooFewSamples(let path, let found, let expected):
            "\(path): found \(found) sample\(found == 1 ? "" : "s"); comparing spaces needs at least \(expected)"
        case .differentTrainings(let differences):
            "the trainings differ in more than their kind: \(differences.joined(separator: "; ")). Compare trainings that are "
                + "alike, or use --allow-different, which lists the differences in the report"
        case .otherSamples(let path, let onlyHere, let other, let onlyThere):
            "\(path) and \(other) hold different samples: "
                + [(onlyHere, path), (onlyThere, other)].filter { !$0.0.isEmpty }.map { ids, place in
                    "\(ids.count) only in \(place) (\(Self.list(ids, atMost: 3)))"
                }.joined(separator: ", ") + "; compare the samples they share with --common-samples"
        case .mapAsFeatures(let path, let features, let option):
            "\(path): found a map (id, x, y)\(features.map { " of \($0.displayed(atMost: 200))" } ?? ""); expected features: name the "
                + "file that the map was made of, or, if x and y are features, say so with \(option) x y"
        case .otherLabels(let difference, let wayOn):
            "\(difference); expected the same samples with the same labels: \(wayOn)"
        case .noSuchClass(let name, let known):
            "--only-class is '\(name.displayed)'; expected a class that occurs in the samples: \(Self.list(known))"
        case .otherSplits(let first, let expected, let second, let found):
            "\(second) has \(found.joined(separator: ", ")), but \(first) has \(expected.joined(separator: ", ")); expected "
                + "the same splits"
        case .otherClasses(let path, let found, let expected, let source):
            "\(path): its classes are \(Self.list(found)); expected those of \(source): \(Self.list(expected))"
        case .noClassifier(let path, nil):
            "\(path): the checkpoint has no classifier, so it makes no predictions; extract features with 'penumbra embed'"
        case .noClassifier(let path, let head?):
            "\(path): the head (\(Self.list(head))) is neither a dense layer nor two with ReLU between them, so it makes no "
                + "predictions; extract features with 'penumbra embed'"
        case .noLogits(let path, let head):
            (head.map { "\(path): the head (\(Self.list($0))) is neither a dense layer nor two with ReLU between them" }
                ?? "\(path): the checkpoint has no classifier")
                + ", so it has no logits; omit --logits, or name another layer"
        case .unknownLayer(let path, let found, let known):
            "\(path): no layer \(found.displayed) with outputs; expected one of \(known.joined(separator: ", "))"
        case .noData(let path):
            "\(path): needs a data set with the true labels; name one with --data"
        case .noDataOrArray(let path, let matrices):
            "\(path): read as a checkpoint: name its images with --data (for an array of features: --array"
                + (matrices.isEmpty ? "" : "; of two dimensions: \(matrices.prefix(3).joined(separator: "; "))")
                + (matrices.count > 3 ? " …)" : ")")
        case .nothingThere(let path):
            "\(path): no such file or folder"
        case .seedsMixed(let path, let found, let expected):
            "\(path): \(found) is already trained, next to \(expected); the trainings of a split are made either all with "
                + "--seeds or all without, so that none is counted twice; choose another --out"
        case .optionsOfCheckpoints(let path, let options):
            "\(path): not a checkpoint, which \(options.joined(separator: ", ")) \(options.count == 1 ? "requires" : "require"); leave "
                + "\(options.count == 1 ? "it" : "them") out, or name the checkpoint"
        case .usedTwice(let path):
            "\(path): given twice; name each file once"
        case .inputIsOutput(let input, let output):
            input == output
                ? "\(output): an input that is also an output; choose another name for the output"
                : "\(output): an output that is the same file as the input \(input); choose another name for the output"
        case .initialShape(let path, let found, let expected):
            "\(path): found an array of shape \(found); expected \(expected) (samples, axes)"
        case .tooManyPanels(let found, let columns, let rows):
            "found \(found) layouts; a figure of \(columns)x\(rows) panels shows at most \(columns * rows)"
        case .tooManyFacets(let path, let column, let found, let limit):
            "\(path): --facet: the column '\(column)' has \(Decimals.grouped(found)) values; expected 1 to \(limit): choose "
                + "another column, or colour by it with --color"
        case .newerFormat(let path, let format, let found):
            "\(path): a \(format.title) of format \(found), written by a newer version; this one reads up to "
                + "\(format.version): use the version that wrote it, or a later one"
        case .dataSetMoved(let path, let recorded):
            "\(path): its data set is not at \(recorded), where run.json says it is; name the folder with --data"
        case .otherDataSet(let path, let data, let found, let expected):
            "\(path): \(data) is not the data set that it was trained on (found fingerprint \(found.prefix(12)); "
                + "expected \(expected.prefix(12))); name a folder with --data"
        case .severalDataSets(let path, let first, let second, let wayOn):
            "\(path): found \(first) and \(second), whose images, labels or folds differ; expected one data set in a run, "
                + "because its trainings are compared; \(wayOn)"
        case .malformedJSON(let path, let problem):
            "\(path): \(problem)"
        }
    }

    /// How features of more than two dimensions become a matrix, after a semicolon; nil for other shapes.
    static func wayToMatrix(_ shape: [Int]) -> String? {
        if NumericArray.withoutOnes(shape).count < 3 { return nil }
        if shape[0] == 1 { return "; drop the first dimension, such as by x[0]" }
        let axes = shape.count == 3 ? "1" : "(\((2..<shape.count).map(String.init).joined(separator: ", ")))"
        return "; average over the places of each sample first, such as by x.mean(axis=\(axes))"
    }

    /// At most `count` of the names, joined.
    static func list(_ names: [String], atMost count: Int = 12) -> String {
        let shown = names.prefix(count).map(\.displayed).joined(separator: ", ")
        return names.count <= count ? shown : "\(shown) … (\(names.count) in all)"
    }
}
