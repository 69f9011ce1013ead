import TensorFiles

/// A column of further data about samples, beside their labels, with one entry per sample.
public enum SampleColumn: Equatable, Sendable {
    /// Every field is a number, or one of NA, NaN, NULL, None and such, which is nil.
    case numbers([Double?])
    /// Positions in `names`, which are in class order; nil where nothing is known.
    case categories([Int?], names: [String])

    /// More categories than this are names, not kinds.
    public static let mostCategories = 200

    /// Throws `LabelFileError` for an infinity and for more categories than can be told apart.
    init(_ table: RecordTable, _ column: Int, rows: [Int]) throws(LabelFileError) {
        if let numbers = try Self.numbers(table, column, rows) {
            self = .numbers(numbers)
            return
        }
        let texts = rows.map { table.text($0, column) }
        let names = ClassOrder.sorted(Set(texts.filter { !MissingField.isOne($0) }))
        if names.count > Self.mostCategories {
            throw .tooManyTexts(
                path: table.path, column: table.header[column], found: names.count, limit: Self.mostCategories)
        }
        let positions = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
        self = .categories(texts.map { positions[$0] }, names: names)
    }

    /// Nil where a field is a text.
    private static func numbers(
        _ table: RecordTable, _ column: Int, _ rows: [Int]
    ) throws(LabelFileError) -> [Double?]? {
        var numbers: [Double?] = []
        for row in rows {
            guard let value = table.number(row, column) else {
                if !MissingField.isOne(table.text(row, column)) { return nil }
                numbers.append(nil)
                continue
            }
            if value.isInfinite {
                throw .notFinite(path: table.path, row: row + 1, column: table.header[column], found: value)
            }
            numbers.append(value.isNaN ? nil : value)
        }
        return numbers
    }

    /// The entries at `rows`, nil where a row is nil.
    public func picked(_ rows: [Int?]) -> SampleColumn {
        switch self {
        case .numbers(let values): .numbers(rows.map { $0.flatMap { values[$0] } })
        case .categories(let positions, let names): .categories(rows.map { $0.flatMap { positions[$0] } }, names: names)
        }
    }
}
