/// What a sample is used for under a `Split`. The raw values are the names that the DCIC format uses.
public enum Subset: String, Sendable, CaseIterable {
    /// Three of five folds.
    case train
    /// One fold, for choosing parameters.
    case validation = "val"
    /// One fold, for the final figures.
    case test
}
