/// How far annotators agree beyond chance, from vote counts: N images × K classes. It need not be known who voted, and
/// images may have different numbers of votes. Both coefficients are 1 if all agree on every image, about 0 if votes
/// are no more alike within an image than between images, and below 0 if they are less alike.
///
/// Nil where agreement is undefined: no image has two votes, or all votes are for one class, so that chance explains
/// everything. Traps unless all rows have the same length and no negative number.
/// - Complexity: O(N · K); sums are taken in the order of the rows.
public enum AnnotatorAgreement {
    /// Fleiss' κ = (Pₐ − Pₑ) / (1 − Pₑ) (Fleiss, "Measuring nominal scale agreement among many raters", 1971).
    ///
    /// For differing numbers of votes it follows Gwet ("Handbook of inter-rater reliability", 2014, and his irrCAC): Pₐ
    /// is the mean over the images of two or more votes of the share of agreeing pairs, and Pₑ = Σₖ πₖ² with πₖ the
    /// mean over all images with a vote of the class's share: each image counts the same, whatever its number of votes.
    /// Equals statsmodels' `fleiss_kappa` where the numbers are the same.
    public static func fleissKappa(_ votes: [[Int]]) -> Double? {
        check(votes)
        guard let classCount = votes.first?.count else { return nil }
        var shares = [Double](repeating: 0, count: classCount)
        var (agreement, pairs, voted) = (0.0, 0, 0)
        for row in votes {
            let total = Double(row.reduce(0, +))
            if total == 0 { continue }
            voted += 1
            for (index, count) in row.enumerated() { shares[index] += Double(count) / total }
            if total < 2 { continue }
            pairs += 1
            agreement += row.reduce(0.0) { $0 + Double($1) * Double($1 - 1) } / (total * (total - 1))
        }
        if pairs == 0 || shares.count(where: { $0 > 0 }) < 2 { return nil }
        let observed = agreement / Double(pairs)
        let expected = shares.reduce(0) { $0 + ($1 / Double(voted)) * ($1 / Double(voted)) }
        return (observed - expected) / (1 - expected)
    }

    /// Krippendorff's α = 1 − Dₒ / Dₑ for nominal data (Krippendorff, "Computing Krippendorff's alpha-reliability", 2011),
    /// over the images of two or more votes: Dₒ is the share of unequal pairs of votes within images, an image of m votes
    /// weighing as m, and Dₑ that among all pairs of votes.
    public static func krippendorffAlpha(_ votes: [[Int]]) -> Double? {
        check(votes)
        guard let classCount = votes.first?.count else { return nil }
        var totals = [Double](repeating: 0, count: classCount)
        // Coincidences: pairs of equal votes within images, each over m - 1.
        var equal = 0.0
        for row in votes {
            let total = row.reduce(0.0) { $0 + Double($1) }
            if total < 2 { continue }
            for (index, count) in row.enumerated() {
                totals[index] += Double(count)
                equal += Double(count) * Double(count - 1) / (total - 1)
            }
        }
        if totals.count(where: { $0 > 0 }) < 2 { return nil }
        let sum = totals.reduce(0, +)
        let chance = totals.reduce(0) { $0 + $1 * ($1 - 1) } / (sum - 1)
        return 1 - (sum - equal) / (sum - chance)
    }

    private static func check(_ votes: [[Int]]) {
        for row in votes {
            precondition(row.count == votes[0].count, "rows of \(row.count) and \(votes[0].count) classes")
            precondition(row.allSatisfy { $0 >= 0 }, "a number of votes is not negative")
        }
    }
}
