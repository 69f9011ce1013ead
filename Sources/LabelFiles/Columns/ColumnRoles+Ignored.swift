import TensorFiles

/// Columns that the user leaves out, and those that are left out by their names.
extension ColumnRoles {
    /// Whether the user leaves the column out. An option that names it as something counts more.
    func isIgnored(_ column: Int) -> Bool {
        guard let ignored = reading.ignored else { return false }
        let name = table.header[column]
        return ignored.contains(name) && reading.classes?.contains(name) != true
            && ![reading.idColumn, reading.labelColumn, reading.annotatorColumn].contains(name)
    }

    /// Whether annotators use the column's name to say that they cannot label the image.
    func isNonClass(_ column: Int) -> Bool { ColumnNames.nonClasses.contains(ColumnNames.plain(table.header[column])) }

    /// The profiles of all columns. Of what the user leaves out, only columns that complete votes by their names are looked at.
    func profiles(of table: RecordTable) -> [ColumnProfile] {
        table.header.indices.map { column in
            isIgnored(column) && !isNonClass(column) ? .unread : ColumnProfile(table, column: column)
        }
    }

    /// The columns that are left out but hold shares of the same whole as `chosen`: those that are left out by their names,
    /// and of those that the user leaves out the ones with which the shares of every row sum to 1, or to 100.
    func columnsCompleting(_ chosen: [Int]) -> [Int] {
        let others = table.header.indices.filter { !chosen.contains($0) && ![id, split, fold].contains($0) }
        if reading.ignored == nil { return wideCandidates(others).filter(isNonClass) }
        let profiled = others.filter(isIgnored).map { ($0, ColumnProfile(table, column: $0)) }
        let candidates = profiled.filter { column, profile in
            profile.numbers > 0 && !profile.hasNegatives && profile.texts == 0
        }
        let areVotes =
            reading.form != .distribution
            && chosen.allSatisfy { profiles[$0].isInteger && !profiles[$0].hasPercentSigns }
        if areVotes { return candidates.filter { isNonClass($0.0) && $0.1.isInteger }.map(\.0) }
        let columns = candidates.map(\.0)
        let sums = (0..<table.rowCount).map { sum(ofRow: $0, chosen) }
        let sets = [[], columns.filter(isNonClass), columns] + columns.map { [$0] }
        return sets.first { set in
            let sums = sums.indices.map { (sums[$0] ?? 0) + (sum(ofRow: $0, set) ?? 0) }.filter { $0 != 0 }
            return [1.0, 100].contains { whole in
                sums.allSatisfy { abs($0 / whole - 1) <= LabelTable.shareTolerance }
            }
        } ?? []
    }

    /// Nil where none of the fields holds a number.
    private func sum(ofRow row: Int, _ columns: [Int]) -> Double? {
        let numbers = columns.compactMap { table.number(row, $0) }.filter { !$0.isNaN }
        return numbers.isEmpty ? nil : numbers.reduce(0, +)
    }
}
