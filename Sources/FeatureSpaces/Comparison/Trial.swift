/// A trained space of one kind, on one split.
public struct Trial: Sendable {
    /// The split's name; both kinds have the same splits.
    public let split: String
    /// The features, or the map, of that split's test samples.
    public let space: MeasuredSpace

    /// Several trials of one kind on the same split are its seeds.
    public init(split: String, space: MeasuredSpace) {
        self.split = split
        self.space = space
    }
}
