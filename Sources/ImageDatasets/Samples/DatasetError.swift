import LabelDistributions
import LabelFiles
import RasterImages
import TensorFiles

/// Why a folder is not a usable data set. `path` is the file or folder at fault; `place` is the entry in it, such as
/// `images[12]`, counted from 0.
public enum DatasetError: Error, Equatable, CustomStringConvertible {
    /// The folder does not exist.
    case folderMissing(path: String)
    /// Neither the folder nor a subfolder contains folds and a label file.
    case noDataset(path: String)
    /// The folder contains nothing that any reader supports.
    case noKnownDataset(path: String, tables: [String] = [])
    /// The folder contains nothing in the requested format; `expected` says what that would be.
    case notOfFormat(path: String, format: DatasetFormat, expected: String)
    /// The folder contains the labels of several published sets.
    case severalFormats(path: String, formats: [DatasetFormat])
    /// Options for tables were given for another format.
    case notATable(path: String, format: DatasetFormat)
    /// Several folders in this one contain data sets.
    case severalDatasets(path: String, names: [String])
    /// Several files could be the label file; `remedy` says how to choose one.
    case severalLabelFiles(path: String, names: [String], remedy: String = "move the others to another folder")
    /// A file could not be read.
    case unreadable(FileReadError)
    /// A file that is not JSON, or not of the expected structure.
    case malformed(path: String, place: String, problem: String)
    /// A table beside the labels that cannot be used.
    case table(CSVError)
    /// The label file contains no image with a label.
    case noImages(path: String)
    /// No class, or two with the same name.
    case classes(path: String, found: [String])
    /// The number of values in a label is not the number of classes.
    case labelSize(path: String, place: String, found: Int, expected: Int)
    /// Numbers that are not a label distribution.
    case label(path: String, place: String, LabelDistributionError)
    /// A class that the set does not have.
    case unknownClass(path: String, place: String, found: String, expected: [String])
    /// An image path that is absolute or leads out of the folder.
    case pathLeavesRoot(path: String, place: String, image: String)
    /// An image path that is not of the form `Name/fold1/image.png`, with folds 1 to 5.
    case pathWithoutFold(path: String, place: String, image: String)
    /// The label file names an image that does not exist; `found` is one that does, if no row names any.
    case imageMissing(path: String, place: String, image: String, found: String? = nil)
    /// The label file names an image in an unsupported format.
    case imageFormat(path: String, place: String, image: String, format: String)
    /// Class folders whose images are all in unsupported formats, with the numbers of images by format.
    case unreadClasses(path: String, folders: [String], formats: String)
    /// Classes of a table for which all images with that majority are in unsupported formats.
    case unreadMajority(path: String, classes: [String], formats: String)
    /// Folders with images beside the folders of subsets.
    case foldersBesideSubsets(path: String, subsets: [String], others: [String])
    /// A folder with subfolders that have the same names as the folders beside it, or as subsets.
    case nestedCopy(path: String, folder: String, names: [String])
    /// Folders that would be classes but all contain folders with the same names.
    case sameFoldersInside(path: String, folders: [String], names: [String])
    /// Folders of which none holds images itself; one, called `name`, holds folders that may be the classes.
    case classesInside(path: String, folders: [String], name: String, names: [String])
    /// A folder of images whose name is not that of a class.
    case noClassName(path: String, folder: String)
    /// An excluded folder that does not exist.
    case unknownFolder(path: String, name: String, known: [String])
    /// Folders were excluded from a set whose format defines where its images are.
    case noFoldersToIgnore(path: String, format: DatasetFormat)
    /// Two images with the same id.
    case duplicateID(path: String, id: String, places: [String])
    /// `samples.csv` and the label file name different images; `id` is the first that only one of them has.
    case idsDiffer(path: String, id: String, labelFile: String)
    /// A split other than the one defined by the set itself.
    case onlySplit(path: String, found: Int)
    /// A label file does not count a test image as one, or counts another image as one.
    case subset(path: String, place: String, found: String, expected: String)
    /// A hue or ellipse share out of range.
    case appearance(path: String, row: Int, column: String, found: Double, expected: String)

    /// A table whose content cannot be used, although it is a valid CSV file.
    case labels(LabelFileError)
    /// A value that is not training, validation or test; `ignored` names what is skipped anyway.
    case unknownSplit(path: String, row: Int, column: String, found: String, ignored: [String] = [])
    /// A value that is not a fold from 1 to 5; `ignored` names what is skipped anyway.
    case unknownFold(path: String, row: Int, column: String, found: String, ignored: [String] = [])
    /// A column that is skipped, though it holds only words for training, validation and test; `ignored` as above.
    case unnamedSplit(path: String, column: String, words: [String], ignored: [String])
    /// A column of folds and one of splits that both divide the images; `ignored` names what is skipped anyway.
    case foldAndSplit(path: String, columns: [String], ignored: [String])
    /// A row or an entry that could refer to several images.
    case severalImages(path: String, place: String, id: String, images: [String])
    /// Images without a label, although all should have one.
    case unlabelled(path: String, image: String, count: Int)
    /// Two rows that name the same image in different spellings.
    case twoRows(path: String, image: String, places: [String])

    /// A file that is not a whole number of CIFAR's records.
    case recordSize(path: String, found: Int)
    /// A record whose label is not a class of CIFAR-10.
    case recordLabel(path: String, record: Int, found: Int)
    /// An array file that cannot be used.
    case array(NPYError)
    /// An array of a different shape.
    case arrayShape(path: String, found: [Int], expected: String)
    /// The number of rows of votes differs from the number of images.
    case rowCount(path: String, found: Int, imageFile: String, expected: Int)
    /// Votes that agree so rarely with the labels beside the images that they belong to other images.
    case otherImages(path: String, imageFile: String, agreeing: Int, of: Int, first: Int)
    /// A number of votes that is negative or not whole, in its spelling.
    case voteCount(path: String, place: String, column: String, found: String)
    /// A pickle that names something that no array needs.
    case forbiddenName(path: String, name: String, position: Int)
    /// A pickle that cannot be read.
    case pickle(PyTorchError)

    /// The file, the position, what was found and what was expected.
    public var description: String {
        switch self {
        case .folderMissing(let path):
            "\(path): there is no such folder"
        case .noDataset(let path):
            "\(path): no data set found; expected fold1 to fold5 and a label file, in this folder or in one inside it "
                + "(annotations.json or a DCIC JSON)"
        case .noKnownDataset(let path, let tables):
            "\(path): no data set found; expected fold1 to fold5 with annotations.json or a DCIC JSON, CIFAR-10's batches with the labels "
                + "of CIFAR-10H, CIFAR-10N or CIFAR-10S, FER2013Train with label.csv, images with labels.csv or with JSON "
                + "annotations, or one folder of images per class"
                + (tables.isEmpty
                    ? ""
                    : "; if \(Self.list(tables)) \(tables.count == 1 ? "holds" : "hold") the labels, name it with --votes")
        case .notOfFormat(let path, let format, let expected):
            "\(path): no data set of format \(format.rawValue) found; expected \(expected)"
        case .severalFormats(let path, let formats):
            "\(path): found labels of several formats (\(formats.map(\.rawValue).joined(separator: ", "))); choose one with --format"
        case .notATable(let path, let format):
            "\(path): the format is \(format.rawValue), to which options for a table of votes do not apply"
        case .severalDatasets(let path, let names):
            "\(path): found several data sets (\(names.joined(separator: ", "))); name one of these folders"
        case .severalLabelFiles(let path, let names, let remedy):
            "\(path): found several label files (\(names.joined(separator: ", "))); expected one: \(remedy)"
        case .unreadable(let error):
            error.description
        case .malformed(let path, let place, let problem):
            "\(path): \(place): \(problem)"
        case .table(let error):
            error.description
        case .noImages(let path):
            "\(path): found no image with a label; expected at least one"
        case .classes(let path, let found):
            "\(path): the classes are [\(found.isEmpty ? "" : Self.list(found))]; expected at least one class, each with its own name"
        case .labelSize(let path, let place, let found, let expected):
            "\(path): \(place): the label has \(found) numbers; expected \(expected), one per class"
        case .label(let path, let place, let error):
            "\(path): \(place): \(error)"
        case .unknownClass(let path, let place, let found, let expected):
            "\(path): \(place): the class is \"\(found.displayed)\"; expected one of \(Self.list(expected))"
        case .pathLeavesRoot(let path, let place, let image):
            "\(path): \(place): the image path \"\(image.displayed(atMost: 200))\" points outside the data set's folder"
        case .pathWithoutFold(let path, let place, let image):
            "\(path): \(place): the image path is \"\(image.displayed(atMost: 200))\"; expected one like Name/fold1/image.png (fold1 to fold5)"
        case .imageMissing(let path, let place, let image, let found):
            "\(path): \(place): the image \(image.displayed(atMost: 4096)) does not exist"
                + (found.map { "; the folder holds \($0.displayed)" } ?? "")
        case .imageFormat(let path, let place, let image, let format):
            "\(path): \(place): the image \(image) is \(format); expected \(ImageFormat.wordsForRead): convert it"
        case .unreadClasses(let path, let folders, let formats):
            "\(path): no image in \(Self.list(folders)) has a supported format (\(formats)); "
                + "expected \(ImageFormat.wordsForRead): convert them, or leave the folders out with --ignore-folders "
                + folders.prefix(5).joined(separator: ",")
        case .unreadMajority(let path, let classes, let formats):
            "\(path): no image whose majority is \(Self.list(classes)) has a supported format (\(formats)); "
                + "expected \(ImageFormat.wordsForRead): convert them"
        case .foldersBesideSubsets(let path, let subsets, let others):
            "\(path): \(Self.list(others)) \(others.count == 1 ? "holds" : "hold") images next to the subsets "
                + "\(Self.list(subsets)); expected only training, validation and test folders: leave "
                + "\(others.count == 1 ? "it" : "them") out with --ignore-folders \(others.prefix(5).joined(separator: ","))"
        case .nestedCopy(let path, let folder, let names):
            "\(path): \(folder) holds no images itself but folders called \(Self.list(names)); expected one folder of images per "
                + "class: if it is a copy, leave it out with --ignore-folders \(folder)"
        case .sameFoldersInside(let path, let folders, let names):
            "\(path): \(Self.list(folders)) all hold folders called \(Self.list(names)), which look like the classes; expected one "
                + "folder of images per class: name one of them as the data set, call them train, val and test, or leave "
                + "folders out with --ignore-folders"
        case .classesInside(let path, let folders, let name, let names):
            "\(path): \(Self.list(folders)) hold no images themselves but folders (\(name) holds \(Self.list(names))), which may be "
                + "the classes; expected one folder of images per class: name an inner folder as the data set, or read the outer "
                + "ones as the classes with --format folders (embed: --data-format folders)"
        case .noClassName(let path, let folder):
            "\(path): found images in '\(folder)', which is not the name of a class; expected one folder of images per class: name "
                + "a file of labels with --votes, leave the folder out with --ignore-folders, or read it as a class with "
                + "--format folders (embed: --data-format folders)"
        case .unknownFolder(let path, let name, let known):
            "\(path): --ignore-folders names \(name), which is not a folder there; the folders are \(Self.list(known))"
        case .noFoldersToIgnore(let path, let format):
            "\(path): the format is \(format.rawValue), which itself says where the images are; --ignore-folders does not apply"
        case .duplicateID(let path, let id, let places):
            "\(path): the id \"\(id.displayed)\" belongs to two images (\(places.joined(separator: " and ")))"
        case .idsDiffer(let path, let id, let labelFile):
            "\(path): the id \"\(id.displayed)\" is in only one of this file and \(labelFile); expected the same images"
        case .onlySplit(let path, let found):
            "\(path): the split is \(found); expected 1: the data set itself says which images are for training, validation "
                + "and test"
        case .subset(let path, let place, let found, let expected):
            "\(path): \(place): the split is \(found); expected \(expected): an image is either a test image or not"
        case .labels(let error):
            error.description
        case .unknownSplit(let path, let row, let column, let found, let ignored):
            "\(path), row \(row), column '\(column)': found '\(found)'; expected train, val or test, or \(Self.notASplit) with "
                + ShellText.ignoring([column] + ignored)
        case .unknownFold(let path, let row, let column, let found, let ignored):
            "\(path), row \(row), column '\(column)': found '\(found)'; expected a fold from 1 to 5, or \(Self.notASplit) with "
                + ShellText.ignoring([column] + ignored)
        case .unnamedSplit(let path, let column, let words, let ignored):
            "\(path), column '\(column)': holds \(Self.list(words)), but its name is not that of a split; call it 'split', or "
                + "\(Self.notASplit) with \(ShellText.ignoring([column] + ignored))"
        case .foldAndSplit(let path, let columns, let ignored):
            "\(path): columns \(columns.map { "'\($0)'" }.joined(separator: " and ")) both say which images are for testing; "
                + "expected one: leave the other out with "
                + columns.reversed().map { ShellText.ignoring([$0] + ignored) }.joined(separator: " or ")
        case .severalImages(let path, let place, let id, let images):
            "\(path): \(place): the id \"\(id.displayed)\" could be any of \(images.count) images (\(images.prefix(3).joined(separator: ", "))\(images.count > 3 ? " …" : "")); "
                + "include its folder in the id"
        case .unlabelled(let path, let image, let count):
            "\(path): \(count) images have no label (the first is \(image)); --strict expects a label for each"
        case .twoRows(let path, let image, let places):
            "\(path): the image \(image) is named twice (\(places.joined(separator: " and ")))"
        case .recordSize(let path, let found):
            "\(path): found \(found) bytes; expected a multiple of \(CIFARBatch.recordSize) (a label and 3 x 32 x 32 bytes per image)"
        case .recordLabel(let path, let record, let found):
            "\(path): record \(record): the label is \(found); expected 0 to 9"
        case .array(let error):
            error.description
        case .arrayShape(let path, let found, let expected):
            "\(path): found an array of shape \(found); expected \(expected)"
        case .rowCount(let path, let found, let imageFile, let expected):
            "\(path): found \(found) rows of votes; expected \(expected), the number of images in \(imageFile)"
        case .otherImages(let path, let imageFile, let agreeing, let count, let first):
            "\(path): the majority is the label in \(imageFile) for only \(agreeing) of \(count) images (the first to differ is "
                + "row \(first), counted from 0); expected the same images in the same order"
        case .voteCount(let path, let place, let column, let found):
            "\(path): \(place): \(column) has \(found) votes; expected a whole number from 0 to \(VoteCounts.largest)"
        case .forbiddenName(let path, let name, let position):
            "\(path): the pickle names \"\(name)\" (at byte \(position)), which no array needs; nothing was executed"
        case .pickle(let error):
            error.description
        case .appearance(let path, let row, let column, let found, let expected):
            "\(path): row \(row): \(column) is \(found); expected \(expected)"
        }
    }

    private static let notASplit = "leave the column out and deal the images"

    /// At most twelve of the names, joined.
    private static func list(_ names: [String]) -> String {
        if names.isEmpty { return "none" }
        let shown = names.prefix(12).map(\.displayed).joined(separator: ", ")
        return names.count <= 12 ? shown : "\(shown) … (\(names.count) in all)"
    }
}

extension DatasetError {
    /// The error for what a reader of the file at `path` threw.
    init(_ error: any Error, path: String) {
        self =
            switch error {
            case let error as FileReadError: .unreadable(error)
            case let error as LabelFileError: .labels(error)
            case let error as CSVError: .labels(.csv(error))
            case let error as NPYError: .array(error)
            case PyTorchError.forbiddenName(let path, let position, let name):
                .forbiddenName(path: path, name: name, position: position)
            case let error as PyTorchError: .pickle(error)
            default: .malformed(path: path, place: "the file", problem: "\(error)")
            }
    }
}
