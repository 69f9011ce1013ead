import TensorFiles

/// Columns of an array that are likely no features; nothing but their numbers shows it.
extension FeatureArray {
    /// Larger numbers have no fractions in single precision.
    private static let wholeBelow: Float = 0x1p24

    /// Warnings of columns that number the rows from 0 or from 1, and of those with another whole number in every row if other
    /// columns have fractions. A single column is all there is, and with few rows it may look so by chance.
    /// - Complexity: O(N D).
    var columnWarnings: [String] {
        let (count, dimension) = (shape[0], shape[1])
        guard dimension > 1, count >= FeatureColumns.leastRowsToWarn else { return [] }
        let values = numbers.values
        let whole = Self.wholeColumns(values, count: count, dimension: dimension)
        func column(_ place: Int) -> some Sequence<Float> {
            stride(from: place, to: values.count, by: dimension).lazy.map { values[$0] }
        }
        let numbering = whole.filter { place in
            [0, 1].contains { first in column(place).enumerated().allSatisfy { $1 == Float($0 + first) } }
        }
        let counting =
            whole.count == dimension
            ? [] : whole.filter { !numbering.contains($0) && Set(column($0)).count == count }
        return [
            (numbering, "the numbers of the rows, in order", "not features"),
            (counting, "another whole number in every row, among features with fractions", "numbers of samples"),
        ]
        .filter { !$0.0.isEmpty }.map { columns, found, guess in
            let names = columns.map(String.init)
            let isOne = columns.count == 1
            return
                "warning: column\(isOne ? "" : "s") \(FeatureChoice.list(names)) (counted from 0): \(found); if \(guess), "
                + "save the array without \(isOne ? "it" : "them"), such as numpy.delete(x, \(Self.indices(columns)), axis=1)"
        }
    }

    private static func indices(_ columns: [Int]) -> String {
        if columns.count == 1 { return "\(columns[0])" }
        let shown = columns.prefix(12).map(String.init).joined(separator: ", ")
        return "[\(shown)\(columns.count > 12 ? ", …" : "")]"
    }

    private static func wholeColumns(_ values: [Float], count: Int, dimension: Int) -> [Int] {
        var whole = Array(0..<dimension)
        for row in 0..<count {
            if whole.isEmpty { break }
            whole.removeAll { place in
                let value = values[row * dimension + place]
                return value != value.rounded() || value.magnitude >= wholeBelow
            }
        }
        return whole
    }
}
