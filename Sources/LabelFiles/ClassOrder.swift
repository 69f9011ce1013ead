import TensorFiles

/// The order of classes where a file does not define one.
public enum ClassOrder {
    /// Whole numbers by value (0, 1, 2 … 11), all other names by their scalars, as Python's `sorted` and the DCIC
    /// benchmark order them. Names with the same value (1 and 01) are ordered by their scalars.
    public static func sorted(_ names: some Sequence<String>) -> [String] {
        let names = names.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
        guard let values = values(names) else { return names }
        let order = names.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        return order.map { names[$0] }
    }

    /// Whether all names are whole numbers.
    static func areNumbers(_ names: some Sequence<String>) -> Bool { values(Array(names)) != nil }

    private static func values(_ names: [String]) -> [Int]? {
        let values = names.compactMap { name in name.hasPrefix("+") ? nil : Int(name) }
        return values.count == names.count ? values : nil
    }
}

extension ClassOrder {
    /// Whether, in a table with one column per class, a column of this name is not taken as a class.
    public static func isSkippedColumn(_ name: String) -> Bool {
        let plain = ColumnNames.plain(name)
        return plain.isEmpty || ColumnNames.nonClasses.contains(plain) || ColumnNames.reasonToSkip(name) != nil
            || (ColumnNames.labels + ColumnNames.splits + ColumnNames.folds).contains(plain)
            || ColumnNames.isAttribute(name) || ColumnNames.isLabel(name)
    }
}

extension ClassOrder {
    /// For the user: the classes among `names` that differ only in case, which may be mistakes.
    public static func remarksOnCase(_ names: [String]) -> [String] {
        Dictionary(grouping: names) { $0.lowercased() }.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
            .map { group in
                "\(group.map { "'\($0)'" }.joined(separator: " and ")) are different classes that differ only in case"
            }
    }
}
