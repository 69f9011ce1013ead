/// One of several shares of a command's images, for independent jobs.
package struct WorkShare: Sendable, Equatable, Codable {
    /// Counted from 1.
    package let number: Int
    package let count: Int

    /// Parses `2/8`; nil for other texts.
    package init?(_ words: String) {
        let numbers = words.split(separator: "/", omittingEmptySubsequences: false)
        guard numbers.count == 2, let number = Int(numbers[0]), let count = Int(numbers[1]),
            (1...Self.most).contains(count), (1...count).contains(number)
        else { return nil }
        self.number = number
        self.count = count
    }

    /// The most shares; with more, a job would not be worthwhile.
    static let most = 100_000

    /// The range of the share among `total` items: shares are contiguous and as even as possible.
    func range(of total: Int) -> Range<Int> { total * (number - 1) / count..<total * number / count }
}
