/// Vote counts as files give them.
public enum VoteCounts {
    /// More votes than this for one class of one image are considered a mistake. Every smaller number is exact as a
    /// `Float`.
    public static let largest = 1_000_000

    /// Larger numbers are not accepted as votes unless the user says so: no image is shown to that many people.
    static let plausible = 999

    /// `value` as a number of votes; nil where it is negative, too large or no whole number.
    public static func count(_ value: Double) -> Int? {
        guard value >= 0, value <= Double(largest), value == value.rounded() else { return nil }
        return Int(value)
    }
}
