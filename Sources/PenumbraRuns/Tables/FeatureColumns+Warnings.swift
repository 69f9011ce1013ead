import TensorFiles

/// Columns that can be read as features, but are likely something else.
extension FeatureColumns {
    /// With fewer rows, whole numbers may be all different, or alike, by chance.
    static let leastRowsToWarn = 8
    private static let mostValuesOfLabels = 20

    /// Warnings of columns of whole numbers outside families: they may be numbers of samples or labels without a name that says
    /// so. Those with another number in every row are named if any column has fractions, others if most have.
    func wholeNumberWarnings(_ taken: [Int]) -> [String] {
        let numbers = taken.filter { contents[$0].kind == .numbers }
        let whole = numbers.filter { contents[$0].isWhole }
        guard table.rowCount >= Self.leastRowsToWarn, !isDump, whole.count < numbers.count else { return [] }
        let members = Set(families(among: taken).flatMap(\.columns))
        var counting: [Int] = [], few: [Int] = []
        for column in whole where !members.contains(column) {
            let count = Set((0..<table.rowCount).map { table.double($0, column) }).count
            if count == table.rowCount { counting.append(column) }
            if (2...Self.mostValuesOfLabels).contains(count), 2 * count <= table.rowCount { few.append(column) }
        }
        let large = dominating(
            whole.filter { !members.contains($0) && !counting.contains($0) && !few.contains($0) }, numbers)
        let mostHaveFractions = 2 * (whole.count - counting.count) < numbers.count - counting.count
        return [
            (counting, "another whole number in every row", "numbers of samples"),
            (mostHaveFractions ? few : [], "few different whole numbers", "labels or votes"),
            (mostHaveFractions ? large : [], "whole numbers with more than 99 % of the variance", "not features"),
        ]
        .filter { !$0.0.isEmpty }.map { columns, found, guess in
            "warning: \(FeatureChoice.list(columns.map(name))): \(found), among features with fractions; if \(guess), leave "
                + "out with --skip-columns"
        }
    }

    /// Those of these columns of whole numbers that together have almost all of the variance of `numbers`, so that the distances
    /// are theirs, such as counts of genes beside principal components.
    private func dominating(_ whole: [Int], _ numbers: [Int]) -> [Int] {
        if whole.isEmpty { return [] }
        let variances = Dictionary(uniqueKeysWithValues: numbers.map { ($0, variance($0)) })
        let total = variances.values.reduce(0, +), ofWhole = whole.reduce(0) { $0 + variances[$1]! }
        return ofWhole > Self.dominatingShare * total
            ? whole.filter { variances[$0]! > (1 - Self.dominatingShare) * total } : []
    }

    private static let dominatingShare = 0.99

    private func variance(_ column: Int) -> Double {
        let values = (0..<table.rowCount).compactMap { table.double($0, column) }
        let mean = values.reduce(0, +) / Double(values.count)
        return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    }

    /// Throws `InputError` if all columns but the first are texts that are skipped and hold pairs of a number and a value
    /// (`1:0.3`), as lines of LIBSVM do: the label would be all that is left.
    func refusePairs(_ texts: [Int]) throws(InputError) {
        guard !table.dialect.hasHeader, [.blank, .tab].contains(table.dialect.separator),
            let column = texts.first, texts == Array(1..<table.header.count), texts.allSatisfy(holdsPairs)
        else { return }
        throw .unusable(
            path: path,
            problem:
                "\(name(column)) holds pairs such as '\(table[0, column].displayed)', as in files of LIBSVM; expected a number in "
                + "each cell: convert it, such as by numpy.save(\"x.npy\", "
                + "sklearn.datasets.load_svmlight_file(\"x.txt\")[0].toarray())")
    }

    private func holdsPairs(_ column: Int) -> Bool {
        (0..<table.rowCount).allSatisfy { row in
            let parts = table[row, column].split(separator: ":", omittingEmptySubsequences: false)
            return parts.count == 2 && Int(parts[0]) != nil && Double(parts[1]) != nil
        }
    }
}
