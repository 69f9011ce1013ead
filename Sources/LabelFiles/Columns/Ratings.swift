/// Rows of whole numbers that are either votes for classes or the ratings of several people.
///
/// Votes for one class are missing for another: their sum varies less from row to row than if the columns had nothing to do
/// with each other. Ratings of one image resemble each other: their sum varies more.
struct Ratings {
    /// The variance of the rows' sums, divided by the sum of the columns' variances: 0 for votes of a fixed number, about 1 for
    /// independent columns, the number of columns for equal ones; 0 where nothing varies.
    let spread: Double
    let rowCount: Int
    /// The values of each column.
    private let values: [Set<Double>]

    /// - Complexity: O(rows x columns).
    init(_ rows: [[Double]]) {
        rowCount = rows.count
        let width = rows.first?.count ?? 0
        func variance(_ numbers: [Double]) -> Double {
            let mean = numbers.reduce(0, +) / Double(numbers.count)
            return numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        }
        let columns = (0..<width).map { column in rows.map { $0[column] } }
        let ofColumns = columns.reduce(0) { $0 + variance($1) }
        spread = ofColumns > 0 ? variance(rows.map { $0.reduce(0, +) }) / ofColumns : 0
        values = columns.map { Set($0) }
    }

    init(_ table: RecordTable, _ columns: [Int]) {
        self.init((0..<table.rowCount).map { row in columns.map { table.number(row, $0) ?? 0 } })
    }

    /// Whether each column holds at least half of all values.
    var holdTheSame: Bool { values.count > 1 && values.allSatisfy { 2 * $0.count >= allValues.count } }

    /// Whether there are enough rows to tell, all columns hold the same few numbers, and the sums vary as those of ratings. Of
    /// votes, some class has none in some row.
    var arePossible: Bool {
        rowCount >= ColumnRoles.tellingRows && (2...11).contains(allValues.count) && holdTheSame
            && spread >= (allValues.contains(0) ? 0.7 : 0.4)
    }

    private var allValues: Set<Double> { values.reduce(into: []) { $0.formUnion($1) } }
}
