import LabelFiles
import TensorFiles

/// The role of an image in training and test, as given by a table of labels.
enum SplitAssignment: Equatable {
    case subset(Subset)
    case fold(Int)

    /// Nil if the table has no such column; a column of folds takes precedence over one of splits. Throws
    /// `DatasetError.unknownFold` or `unknownSplit`.
    init?(_ row: LabelTable.Row, of table: LabelTable) throws(DatasetError) {
        if let column = table.foldColumn {
            guard let fold = row.fold.flatMap({ Int($0) }), (1...Folds.count).contains(fold) else {
                throw .unknownFold(path: table.path, row: row.number, column: column, found: row.fold ?? "")
            }
            self = .fold(fold)
        } else if let column = table.splitColumn {
            guard let subset = row.split.flatMap({ Subset(word: $0) }) else {
                throw .unknownSplit(path: table.path, row: row.number, column: column, found: row.split ?? "")
            }
            self = .subset(subset)
        } else {
            return nil
        }
    }
}

extension Subset {
    /// The subset with this name in a table or folder, in the terms of the DCIC benchmark, torchvision, Keras, FER and Hugging
    /// Face.
    package init?(word: String) {
        switch ColumnName.plain(word) {
        case "train", "training": self = .train
        case "val", "valid", "validation", "dev", "publictest": self = .validation
        case "test", "testing", "privatetest": self = .test
        default: return nil
        }
    }
}
