import LabelDistributions
import TensorFiles

/// Why a folder is not a data set that can be used. `path` is the file or folder at fault; `place` is the entry in it, as
/// in `images[12]`, counted from 0.
public enum DatasetError: Error, Equatable, CustomStringConvertible {
    /// There is no such folder.
    case folderMissing(path: String)
    /// Neither the folder nor a folder in it holds folds and a label file.
    case noDataset(path: String)
    /// Several folders in this one hold data sets.
    case severalDatasets(path: String, names: [String])
    /// Several files could be the label file.
    case severalLabelFiles(path: String, names: [String])
    /// A file could not be read.
    case unreadable(FileReadError)
    /// A file that is not JSON, or not of the expected structure.
    case malformed(path: String, place: String, problem: String)
    /// A table beside the labels that cannot be used.
    case table(CSVError)
    /// The label file names no image with a label.
    case noImages(path: String)
    /// No class, or two of one name.
    case classes(path: String, found: [String])
    /// A label of more or fewer numbers than classes.
    case labelSize(path: String, place: String, found: Int, expected: Int)
    /// Numbers that are no label distribution.
    case label(path: String, place: String, LabelDistributionError)
    /// A class that is none of the set's.
    case unknownClass(path: String, place: String, found: String, expected: [String])
    /// An image path that is absolute or climbs out of the folder.
    case pathLeavesRoot(path: String, place: String, image: String)
    /// An image path that is not of the form `Name/fold1/image.png`, with folds 1 to 5.
    case pathWithoutFold(path: String, place: String, image: String)
    /// The label file names an image that is not there.
    case imageMissing(path: String, place: String, image: String)
    /// Two images of one id.
    case duplicateID(path: String, id: String, places: [String])
    /// `samples.csv` names other images than the label file; `id` is the first that only one of them has.
    case idsDiffer(path: String, id: String, labelFile: String)
    /// A hue or ellipse share out of range.
    case appearance(path: String, row: Int, column: String, found: Double, expected: String)

    /// The file, the place, what was found and what was expected.
    public var description: String {
        switch self {
        case .folderMissing(let path):
            "\(path): there is no such folder"
        case .noDataset(let path):
            "\(path): no data set found, it or one folder in it was expected to hold fold1 to fold5 and a label file "
                + "(annotations.json or a DCIC JSON)"
        case .severalDatasets(let path, let names):
            "\(path): several data sets found (\(names.joined(separator: ", "))), name one of these folders"
        case .severalLabelFiles(let path, let names):
            "\(path): several label files found (\(names.joined(separator: ", "))), one was expected"
        case .unreadable(let error):
            error.description
        case .malformed(let path, let place, let problem):
            "\(path): \(place): \(problem)"
        case .table(let error):
            error.description
        case .noImages(let path):
            "\(path): no image with a label found, at least one was expected"
        case .classes(let path, let found):
            "\(path): the classes are [\(found.joined(separator: ", "))], different names were expected"
        case .labelSize(let path, let place, let found, let expected):
            "\(path): \(place): the label has \(found) numbers, \(expected) were expected, one a class"
        case .label(let path, let place, let error):
            "\(path): \(place): \(error)"
        case .unknownClass(let path, let place, let found, let expected):
            "\(path): \(place): the class is \"\(found)\", one of \(expected.joined(separator: ", ")) was expected"
        case .pathLeavesRoot(let path, let place, let image):
            "\(path): \(place): the image path \"\(image)\" leaves the data set's folder"
        case .pathWithoutFold(let path, let place, let image):
            "\(path): \(place): the image path is \"\(image)\", one like Name/fold1/image.png was expected (fold1 to fold5)"
        case .imageMissing(let path, let place, let image):
            "\(path): \(place): the image \(image) does not exist"
        case .duplicateID(let path, let id, let places):
            "\(path): the id \"\(id)\" belongs to two images (\(places.joined(separator: " and ")))"
        case .idsDiffer(let path, let id, let labelFile):
            "\(path): the id \"\(id)\" is in only one of this file and \(labelFile), the same images were expected"
        case .appearance(let path, let row, let column, let found, let expected):
            "\(path): row \(row): \(column) is \(found), \(expected) was expected"
        }
    }
}
