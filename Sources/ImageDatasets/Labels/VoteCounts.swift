/// Numbers of votes as files give them.
enum VoteCounts {
    /// More votes for one class of one image are taken for a mistake. Every smaller number is exact as a `Float`.
    static let largest = 1_000_000

    /// `value` as a number of votes; nil where it is negative, too large or no whole number.
    static func count(_ value: Double) -> Int? {
        guard value >= 0, value <= Double(largest), value == value.rounded() else { return nil }
        return Int(value)
    }
}
