import LabelFiles

/// The role of an image in training and test, as given by a table of labels (`SplitColumns`).
enum SplitAssignment: Equatable {
    case subset(Subset)
    case fold(Int)

    /// Nil unless `text` is a fold from 1 to 5.
    init?(fold text: String) {
        guard let fold = Int(text), (1...Folds.count).contains(fold) else { return nil }
        self = .fold(fold)
    }
}

extension Subset {
    /// The subset with this name in a table or folder (`SplitWord`).
    package init?(word: String) {
        switch SplitWord(word) {
        case .train: self = .train
        case .validation: self = .validation
        case .test: self = .test
        case nil: return nil
        }
    }
}
