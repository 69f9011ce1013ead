import TensorFiles

/// Whether columns of numbers are classes, where nobody has said that they are.
extension ColumnRoles {
    /// From so many rows on, what holds in all of them is hardly chance.
    static let tellingRows = 10

    /// Throws where a column cannot be a class, or hardly. `besideTheirMajority` says that another column names the largest.
    func checkPlausible(_ columns: [Int], besideTheirMajority: Bool = false) throws(LabelFileError) {
        if columns.count < 2 { return }
        try checkPredictionsAsVotes(columns)
        let rest = table.header.indices.filter { ![id, split, fold].contains($0) }
        let labels = besideTheirMajority || !table.hasHeader ? [] : textsOfLabels(rest)
        let orLabels = labels.isEmpty ? "" : ", or the column of labels with --label-column"
        func doubtful(_ columns: [Int], _ problem: String) -> LabelFileError {
            .doubtful(
                path: table.path, columns: columns.map { table.header[$0] }, problem: problem,
                options:
                    "skip \(columns.count == 1 ? "it" : "them") with \(ignoring(columns)), or name all classes with "
                    + "--classes\(orLabels)")
        }
        for column in columns where profiles[column].countsRows && table.rowCount >= Self.tellingRows {
            throw doubtful([column], "it numbers the rows, which no class does")
        }
        for column in columns where profiles[column].numbersRows && table.rowCount >= Self.tellingRows {
            let name = table.header[column]
            throw .doubtful(
                path: table.path, columns: [name],
                problem: "it holds the number of each row once, which no class does",
                options: "take it as the ids with --id-column \(ShellText.quoted(name)), skip it with "
                    + "\(ignoring([column])), or name all classes with --classes")
        }
        for column in columns
        where profiles[column].isInteger && profiles[column].largest > Double(VoteCounts.plausible) {
            if profiles[column].largest > Double(VoteCounts.largest) { continue }
            throw doubtful(
                [column],
                "found \(Int(profiles[column].largest)) in row \(profiles[column].rowOfLargest + 1); expected at most "
                    + "\(VoteCounts.plausible) votes for one class")
        }
        if let total = sumOfOthers(columns) {
            throw doubtful([total], "it is the sum of the other columns, which no class is")
        }
        let others = columnsBesideVotes(columns)
        if !others.isEmpty {
            throw doubtful(
                others,
                "without \(others.count == 1 ? "it" : "them") every row has the same sum, as votes have")
        }
        try checkGroups(columns)
        try checkFolds(columns)
        try checkNames(columns, doubtful)
        if !besideTheirMajority { try checkSeveralClassesPerRow(columns) }
        if let label = columnNumberingTheLargest(columns) {
            throw doubtful([label], "in every row it numbers the largest of the others, as a label does")
        }
        if !besideTheirMajority, let column = columnOutweighing(columns) {
            throw doubtful(
                [column], "in every row it is larger than all other columns together, as a property may be")
        }
    }

    /// Throws where some, but not all, columns have names of labels, numbers or flags, or where one has that of a property.
    private func checkNames(
        _ columns: [Int], _ doubtful: ([Int], String) -> LabelFileError
    ) throws(LabelFileError) {
        if !table.hasHeader { return }
        let tests: [((String) -> Bool, String)] = [
            (ColumnNames.isLabel, "a label"), (ColumnNames.isNumberOrFlag, "a number of things or a flag"),
            (ColumnNames.isAttribute, "a property"),
        ]
        for (isOne, what) in tests {
            let named = columns.filter { isOne(table.header[$0]) }
            if named.isEmpty || named.count == columns.count && what != "a property" { continue }
            throw doubtful(
                [named[0]], "its name is that of \(what), not of a class")
        }
    }

    /// Throws where a column that is skipped by its name completes the votes: with it, every row has the same sum.
    func checkSkippedClasses(_ columns: [Int], _ others: [Int]) throws(LabelFileError) {
        if !table.hasHeader || columns.isEmpty || table.rowCount < 3 || areShares(columns) { return }
        let skipped = Set(others).subtracting(columns).sorted().filter { column in
            profiles[column].isNumeric && reasonToSkip(column) != nil && !isIgnored(column)
        }
        if skipped.isEmpty { return }
        let sums = (0..<table.rowCount).map { row in columns.reduce(0) { $0 + (table.number(row, $1) ?? .nan) } }
        func total(_ row: Int, with column: Int) -> Double { sums[row] + (table.number(row, column) ?? .nan) }
        func completes(_ column: Int) -> Bool {
            let first = total(0, with: column)
            return sums.indices.allSatisfy { row in
                let total = total(row, with: column)
                return total == first || abs(total - 1) <= LabelTable.shareTolerance
            }
        }
        guard let column = skipped.first(where: completes), areShares(columns + [column]) else { return }
        throw .doubtful(
            path: table.path, columns: [table.header[column]],
            problem: "its name is not that of a class, but with it every row has the same sum, as votes have",
            options: "skip it with \(ignoring([column])), or name all classes with --classes")
    }

    /// The option that leaves these columns out, beside those that are left out by their names.
    func ignoring(_ columns: [Int]) -> String {
        let known = reading.ignored ?? table.header.filter { ColumnNames.nonClasses.contains(ColumnNames.plain($0)) }
        return ShellText.ignoring(known + columns.map { table.header[$0] })
    }

    /// The column that is the sum of all others in every row, where there are enough rows to tell.
    func sumOfOthers(_ columns: [Int]) -> Int? {
        if columns.count < 3 || table.rowCount < 3 { return nil }
        var left = columns
        var telling = 0
        for row in 0..<table.rowCount {
            let numbers = columns.map { table.number(row, $0) ?? 0 }
            let sum = numbers.reduce(0, +)
            if numbers.count(where: { $0 > 0 }) > 2 { telling += 1 }
            left.removeAll { column in
                let own = numbers[columns.firstIndex(of: column)!]
                return !(abs(2 * own - sum) <= 1e-6 * max(1, sum.magnitude))
            }
            if left.isEmpty { return nil }
        }
        let isTelling = telling >= 3 || table.rowCount >= Self.tellingRows && left.count == 1
        return isTelling ? left.first : nil
    }

    /// Those of `columns` that are not recognised as something else beside votes.
    func withoutAttributes(_ columns: [Int]) -> [Int] {
        let beside = Set(columnsBesideVotes(columns))
        return columns.filter { column in
            let name = table.header[column]
            return !beside.contains(column)
                && !(table.hasHeader
                    && (ColumnNames.isAttribute(name) || ColumnNames.isFlag(name) && profiles[column].largest <= 1))
        }
    }

    /// The column of whole numbers that gives, from 0 or from 1, the position of the largest of the others in every row; nil if
    /// there is none. O(rows x columns): those that do not are dropped row by row.
    private func columnNumberingTheLargest(_ columns: [Int]) -> Int? {
        if columns.count < 3 || table.rowCount < 4 { return nil }
        struct Candidate {
            var place: Int
            var first: Int
        }
        var left = columns.indices.filter { place in
            let profile = profiles[columns[place]]
            return profile.isInteger && !profile.hasNegatives && profile.gaps == 0 && profile.distinct.count > 1
                && profile.largest <= Double(columns.count)
        }.flatMap { [Candidate(place: $0, first: 0), Candidate(place: $0, first: 1)] }
        for row in 0..<table.rowCount {
            if left.isEmpty { return nil }
            let numbers = columns.map { table.number(row, $0) ?? 0 }
            let largest = numbers.max()!
            let count = numbers.count { $0 == largest }
            let second = numbers.lazy.filter { $0 < largest }.max() ?? largest
            left.removeAll { candidate in
                let named = Int(numbers[candidate.place]) - candidate.first
                let place = named < candidate.place ? named : named + 1
                guard named >= 0, numbers.indices.contains(place) else { return true }
                let ofOthers = numbers[candidate.place] == largest && count == 1 ? second : largest
                return numbers[place] <= 0 || numbers[place] != ofOthers
            }
        }
        return left.first.map { columns[$0.place] }
    }

    /// Columns of whole numbers without which every row has the same sum, though it has not with them: one of them, or all but
    /// a run of neighbours. None where there are too few rows to tell.
    ///
    /// A run from i to j has the same sum in every row if the sum before i and that before j differ from those of the first row
    /// by the same number. Indices are parted by that number, row by row: O(rows x columns), and mostly a few rows.
    func columnsBesideVotes(_ columns: [Int]) -> [Int] {
        guard columns.count > 2, table.rowCount >= Self.tellingRows, !areShares(columns),
            columns.allSatisfy({ profiles[$0].isInteger && profiles[$0].gaps == 0 && !profiles[$0].hasNegatives })
        else { return [] }
        func sumsBefore(_ row: Int) -> [Double] {
            columns.reduce(into: [0]) { $0.append($0.last! + (table.number(row, $1) ?? 0)) }
        }
        struct Part: Hashable {
            var earlier: Int
            var difference: Double
        }
        let start = sumsBefore(0)
        var areSame = true
        var parts = [Int](repeating: 0, count: start.count)
        var single = Array(columns.indices)
        for row in 1..<table.rowCount {
            let sums = sumsBefore(row)
            var numbers: [Part: Int] = [:]
            for index in sums.indices {
                let part = Part(earlier: parts[index], difference: sums[index] - start[index])
                parts[index] = numbers[part, default: numbers.count]
                numbers[part] = parts[index]
            }
            let change = sums[columns.count] - start[columns.count]
            areSame = areSame && change == 0
            single.removeAll { sums[$0 + 1] - sums[$0] - (start[$0 + 1] - start[$0]) != change }
            if single.isEmpty, numbers.count == sums.count { return [] }
        }
        if areSame { return [] }
        let varies = columns.map { profiles[$0].distinct.count > 1 }
        let varyingBefore = varies.reduce(into: [0]) { $0.append($0.last! + ($1 ? 1 : 0)) }
        if let place = single.first(where: { place in
            varyingBefore[columns.count] - (varies[place] ? 1 : 0) > 1
                && start[columns.count] - (start[place + 1] - start[place]) > 1
        }) {
            return [columns[place]]
        }
        var ends: [Int: (first: Int, last: Int)] = [:]
        for (index, part) in parts.enumerated() { ends[part, default: (index, index)].last = index }
        let runs = ends.values.filter { run in
            varyingBefore[run.last] - varyingBefore[run.first] > 1 && start[run.last] - start[run.first] > 1
        }
        guard
            let widest = runs.max(by: { ($0.last - $0.first, $1.first) < ($1.last - $1.first, $0.first) })
        else { return [] }
        return columns.indices.filter { !(widest.first..<widest.last).contains($0) }.map { columns[$0] }
    }

    /// The column of many different whole numbers that is in every row larger than all others together, though the rows' sums
    /// differ, as an age is beside votes; nil if there is none.
    private func columnOutweighing(_ columns: [Int]) -> Int? {
        func sum(_ row: Int) -> Double { columns.reduce(0) { $0 + (table.number(row, $1) ?? 0) } }
        guard table.rowCount >= Self.tellingRows, columns.allSatisfy({ profiles[$0].isInteger }) else { return nil }
        let half = sum(0) / 2
        guard let column = columns.first(where: { (table.number(0, $0) ?? 0) > half }),
            profiles[column].distinct.count >= Self.tellingRows,
            (0..<table.rowCount).allSatisfy({ 2 * (table.number($0, column) ?? 0) > sum($0) }), !areShares(columns)
        else { return nil }
        return column
    }
}
