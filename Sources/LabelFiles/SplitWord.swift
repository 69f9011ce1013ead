import TensorFiles

/// What a word in a column of splits, or the name of a folder, says of the images there.
package enum SplitWord: Sendable {
    case train, validation, test

    /// The words of the DCIC benchmark, torchvision, Keras, FER and Hugging Face; nil for others.
    package init?(_ word: String) {
        switch ColumnName.plain(word) {
        case "train", "training": self = .train
        case "val", "valid", "validation", "dev", "publictest": self = .validation
        case "test", "testing", "privatetest": self = .test
        default: return nil
        }
    }
}
