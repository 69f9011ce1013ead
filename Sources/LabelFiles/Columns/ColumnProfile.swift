import TensorFiles

/// What the fields of a column have in common.
struct ColumnProfile {
    private(set) var gaps = 0
    private(set) var numbers = 0
    private(set) var texts = 0
    private(set) var hasFractions = false
    private(set) var hasNegatives = false
    private(set) var hasPercentSigns = false
    /// The largest number and its row.
    private(set) var largest = -Double.infinity
    private(set) var rowOfLargest = 0
    /// Whether the rows are numbered here, from 0 or from 1.
    private(set) var countsRows = true
    /// Whether each number of a row, from 0 or from 1, is there once, in whatever order.
    private(set) var numbersRows = false
    /// Of texts and numbers as they are written, at most `mostDistinct`.
    private(set) var distinct: Set<String> = []
    /// Whether the fields, all different, name files of images.
    private(set) var namesImages = true

    static let mostDistinct = 2000

    /// Of a column that is not looked at.
    static let unread = ColumnProfile()

    private init() {
        countsRows = false
        namesImages = false
    }

    /// - Complexity: O(number of rows).
    init(_ table: RecordTable, column: Int) {
        var start = 0.0
        /// The numbers of rows that were found.
        var found: [Bool]? = Array(repeating: false, count: table.rowCount + 1)
        for row in 0..<table.rowCount {
            let text = table.text(row, column)
            if MissingField.isOne(text) {
                gaps += 1
                countsRows = false
                found = nil
                continue
            }
            if distinct.count < Self.mostDistinct { distinct.insert(text) }
            if let number = table.number(row, column) {
                numbers += 1
                hasFractions = hasFractions || number != number.rounded()
                hasNegatives = hasNegatives || number < 0
                hasPercentSigns = hasPercentSigns || text.hasSuffix("%")
                if number > largest { (largest, rowOfLargest) = (number, row) }
                if row == 0 { start = number }
                if let place = Int(exactly: number), found?.indices.contains(place) == true, found?[place] == false {
                    found?[place] = true
                } else {
                    found = nil
                }
                countsRows = countsRows && (start == 0 || start == 1) && number == start + Double(row)
                namesImages = false
            } else {
                texts += 1
                countsRows = false
                found = nil
                namesImages = namesImages && SampleName.isImage(text)
            }
        }
        namesImages = namesImages && texts > 0
        countsRows = countsRows && numbers > 0
        numbersRows = found.map { !$0[0] || !$0[table.rowCount] } ?? false
    }

    var isEmpty: Bool { numbers + texts == 0 }
    /// Whether a text in it is a mistake rather than the rule.
    var isNumeric: Bool { numbers > texts }
    var isInteger: Bool { isNumeric && texts == 0 && !hasFractions }
}
