/// A slice was asked for that there is not.
public struct SplitError: Error, Equatable, CustomStringConvertible {
    /// What was asked for.
    public let slice: Int

    /// What was found and what was expected.
    public var description: String { "the split is \(slice), a number from 1 to 5 was expected" }
}
