/// Rows of whole numbers that are either votes for classes or the ratings of several people.
///
/// Votes for one class are missing for another: their sum varies less from row to row than if the columns had nothing to do
/// with each other. Ratings of one image resemble each other: their sum varies more.
struct Ratings {
    /// The variance of the rows' sums, divided by the sum of the columns' variances: 0 for votes of a fixed number, about 1 for
    /// independent columns, the number of columns for equal ones; 0 where nothing varies.
    let spread: Double
    let rowCount: Int
    /// The values of each column, at most `mostValues` and one more.
    private let values: [Set<Double>]

    private static let mostValues = 50

    /// - Complexity: O(rows x columns) time, O(columns) memory.
    init(rowCount: Int, columnCount: Int, number: (_ row: Int, _ column: Int) -> Double) {
        /// Of deviations from the first number, so that no digits are lost.
        struct Moments {
            var start = 0.0
            var (sum, squares) = (0.0, 0.0)

            mutating func add(_ number: Double, isFirst: Bool) {
                if isFirst { start = number }
                sum += number - start
                squares += (number - start) * (number - start)
            }

            func variance(_ count: Int) -> Double { squares - sum * sum / Double(count) }
        }
        self.rowCount = rowCount
        var columns = [Moments](repeating: Moments(), count: columnCount)
        var values = [Set<Double>](repeating: [], count: columnCount)
        var sums = Moments()
        for row in 0..<rowCount {
            var sum = 0.0
            for column in 0..<columnCount {
                let number = number(row, column)
                sum += number
                columns[column].add(number, isFirst: row == 0)
                if values[column].count <= Self.mostValues { values[column].insert(number) }
            }
            sums.add(sum, isFirst: row == 0)
        }
        let ofColumns = columns.reduce(0) { $0 + $1.variance(rowCount) }
        spread = ofColumns > 0 ? sums.variance(rowCount) / ofColumns : 0
        self.values = values
    }

    init(_ table: RecordTable, _ columns: [Int]) {
        self.init(rowCount: table.rowCount, columnCount: columns.count) { table.number($0, columns[$1]) ?? 0 }
    }

    /// Whether each column holds at least half of all values, which are not many.
    var holdTheSame: Bool {
        let count = allValues.count
        return values.count > 1 && count <= Self.mostValues && values.allSatisfy { 2 * $0.count >= count }
    }

    /// Whether there are enough rows to tell, all columns hold the same few numbers, and the sums vary as those of ratings. Of
    /// votes, some class has none in some row.
    var arePossible: Bool {
        let all = allValues
        return rowCount >= ColumnRoles.tellingRows && (2...11).contains(all.count) && holdTheSame
            && spread >= (all.contains(0) ? 0.7 : 0.4)
    }

    /// The mean correlation of two columns, where all vary alike: 1 for equal ones, 0 for independent ones, below 0 for votes.
    var agreement: Double { (spread - 1) / Double(max(values.count - 1, 1)) }

    /// Whether the columns are hardly votes, whatever their names: where one class has many, the others have, too, and each has
    /// some in each row, or they resemble each other more.
    var areLikely: Bool { arePossible && (allValues.contains(0) ? agreement >= 0.5 : spread >= 1.3) }

    private var allValues: Set<Double> { values.reduce(into: []) { $0.formUnion($1) } }
}
