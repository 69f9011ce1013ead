/// One of several shares of a command's images, for jobs that do not know of each other.
package struct WorkShare: Sendable, Equatable, Codable {
    /// From 1.
    package let number: Int
    package let count: Int

    /// `2/8`; nil for other words.
    package init?(_ words: String) {
        let numbers = words.split(separator: "/", omittingEmptySubsequences: false)
        guard numbers.count == 2, let number = Int(numbers[0]), let count = Int(numbers[1]),
            (1...Self.most).contains(count), (1...count).contains(number)
        else { return nil }
        self.number = number
        self.count = count
    }

    /// Of shares; more would be no job's worth.
    static let most = 100_000

    /// Which of `total` things are in the share: they follow each other, and shares are as even as can be.
    func range(of total: Int) -> Range<Int> { total * (number - 1) / count..<total * number / count }
}
