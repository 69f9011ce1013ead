/// The requirements on label distributions before they are drawn.
enum LabelDistributionCheck {
    /// Checks that `distributions` are `count` × `classes`, row by row, each row finite, not negative, with a sum of 1 to
    /// within 1e-3.
    ///
    /// - Throws: `countMismatch`, `notFinite`, `outOfRange` or `notADistribution`.
    /// - Complexity: O(N K).
    static func check(_ distributions: [Double], count: Int, classes: Int) throws(FigureError) {
        if distributions.count != count * classes {
            throw .countMismatch(column: "label distribution", found: distributions.count, expected: count * classes)
        }
        for row in 0..<count {
            let distribution = distributions[row * classes..<(row + 1) * classes]
            for share in distribution {
                if !share.isFinite { throw .notFinite(column: "label distribution", row: row) }
                if !(0...1.001).contains(share) {
                    throw .outOfRange(column: "label distribution", row: row, found: share, lowest: 0, highest: 1)
                }
            }
            let sum = distribution.reduce(0, +)
            if abs(sum - 1) > 1e-3 { throw .notADistribution(row: row, sum: sum) }
        }
    }
}
