import LabelDistributions
import TensorFiles

/// A row per image and a column per class, which holds votes or shares.
///
/// Where every number is whole they are votes, unless the user or the file (by a percent sign, for example) says that they
/// are shares. Otherwise each row sums to 1, or to 100 in all rows, within a hundredth and with the columns that are left
/// out; where it is not 1 within `LabelDistribution.tolerance`, it is divided by its sum.
struct WideLabels {
    private let roles: ColumnRoles
    private let columns: [Int]
    private var table: RecordTable { roles.table }
    /// The columns of classes, then those that are left out.
    private let all: [Int]
    /// Those of `all` that the user leaves out.
    private let ignored: Set<Int>
    private let hasPercentSigns: Bool

    init(_ roles: ColumnRoles, _ columns: [Int]) {
        self.roles = roles
        self.columns = columns
        let all = columns + roles.nonClasses
        self.all = all
        ignored = Set(all.filter(roles.isIgnored))
        hasPercentSigns = !roles.isOwn && columns.contains { roles.profiles[$0].hasPercentSigns }
    }

    func content() throws(LabelFileError) -> LabelContent {
        var content = LabelContent(classes: try classes())
        if let truth = table.truth { content.remarks.append(truth.words.remark) }
        /// The first number that cannot be a number of votes.
        var fraction: (row: Int, column: Int)?
        var values: [[Double]?] = []
        values.reserveCapacity(table.rowCount)
        var gaps = 0
        for row in 0..<table.rowCount {
            let numbers = try numbers(ofRow: row, gaps: &gaps)
            values.append(numbers)
            guard fraction == nil, let numbers else { continue }
            let index = numbers.indices.first { index in
                numbers[index] != numbers[index].rounded()
                    || hasPercentSigns && table.text(row, all[index]).hasSuffix("%")
            }
            if let index { fraction = (row, all[index]) }
        }
        let areShares = roles.isOwn || roles.reading.form == .distribution || fraction != nil
        content.form = areShares ? .distribution : .votes
        if areShares {
            if roles.reading.form == .votes, let fraction { throw votes(fraction.row, fraction.column) }
            try readShares(values, fraction: fraction, into: &content)
        } else {
            try readVotes(values, into: &content)
        }
        content.remarks += ClassOrder.remarksOnCase(content.classes)
        if gaps > 0 {
            content.remarks.append("\(Count.of(gaps, "empty field is", "empty fields are")) read as 0")
        }
        return content
    }

    private func classes() throws(LabelFileError) -> [String] {
        if let named = roles.reading.classes, !table.hasHeader {
            if named.count != columns.count {
                throw .classCount(path: table.path, found: named.count, expected: columns.count)
            }
            return named
        }
        return table.hasHeader ? columns.map { table.header[$0] } : columns.indices.map { "class \($0)" }
    }

    /// The row's numbers over `all`; nil where all of them are missing. Throws where one is missing or no number.
    private func numbers(ofRow row: Int, gaps: inout Int) throws(LabelFileError) -> [Double]? {
        var numbers: [Double] = []
        numbers.reserveCapacity(all.count)
        for column in all {
            let value = table.number(row, column)
            if ignored.contains(column) {
                numbers.append(value.flatMap { $0.isNaN ? nil : $0 } ?? 0)
                continue
            }
            if let value, !value.isNaN {
                if !(value >= 0 && value <= Double(VoteCounts.largest)) { throw votes(row, column) }
                numbers.append(value)
                continue
            }
            if !MissingField.isOne(table.text(row, column)) {
                throw .notANumber(
                    path: table.path, row: row + 1, column: table.header[column], found: table.text(row, column))
            }
            let isUnlabelled = all.allSatisfy { ignored.contains($0) || MissingField.isOne(table.text(row, $0)) }
            if isUnlabelled { return nil }
            if roles.reading.form != .votes && roles.reading.form != .distribution {
                // Tables of this program have no profiles.
                let areShares = roles.isOwn || columns.contains { roles.profiles[$0].hasFractions }
                throw .doubtful(
                    path: table.path, columns: [table.header[column]],
                    problem: "row \(row + 1) is empty here, though other columns hold numbers",
                    options: areShares
                        ? "--label-format distribution reads it as 0"
                        : "--label-format votes reads it as 0 votes, --label-format annotators as annotators who did "
                            + "not label")
            }
            gaps += 1
            numbers.append(0)
        }
        return numbers
    }

    private func readVotes(_ values: [[Double]?], into content: inout LabelContent) throws(LabelFileError) {
        if let annotator = roles.annotatorOfVotes {
            return try readVotesOfAnnotators(values, annotator, into: &content)
        }
        var collector = RowCollector(roles)
        let classes = content.classes
        for (row, numbers) in values.enumerated() {
            let votes = (numbers ?? columns.map { _ in 0 }).prefix(columns.count).map { Int($0) }
            try collector.append(row: row, label: try? LabelDistribution(counts: votes), votes: votes) { entry in
                words((entry.votes ?? []).map(String.init), classes)
            }
        }
        content.rows = collector.rows
        content.remarks += collector.remarks
        let sums = values.compactMap { $0?.reduce(0, +) }
        if let least = sums.min(), let most = sums.max(), isShare(least / 100), isShare(most / 100) {
            let range = least == most ? "100" : "\(Int(least)) to \(Int(most))"
            content.remarks.append(
                "each row sums to \(range): read as \(range) votes (--label-format distribution reads percentages)")
        }
    }

    /// Sums the votes of an image over its rows, one per annotator. The same row twice is an error, as two labels are.
    private func readVotesOfAnnotators(
        _ values: [[Double]?], _ annotator: Int, into content: inout LabelContent
    ) throws(LabelFileError) {
        var collector = RowCollector(roles)
        var sums: [(row: Int, id: String, votes: [Int])] = []
        var places: [ExactText: Int] = [:]
        var rowByVote: [AnnotatorVote: Int] = [:]
        for (row, numbers) in values.enumerated() {
            let votes = (numbers ?? columns.map { _ in 0 }).prefix(columns.count).map { Int($0) }
            guard let id = try collector.id(ofRow: row, hasLabel: votes.contains { $0 > 0 }) else { continue }
            let name = table.text(row, annotator)
            if name.isEmpty { throw .empty(path: table.path, row: row + 1, column: table.header[annotator]) }
            if let first = rowByVote.updateValue(row, forKey: AnnotatorVote(id: ExactText(id), annotator: name)) {
                throw .annotatorTwice(
                    path: table.path, annotator: name, id: id, rows: [first + 1, row + 1],
                    found: [first, row].map { row in
                        words(columns.map { table.text(row, $0) }, content.classes)
                    })
            }
            if let place = places[ExactText(id)] {
                try RowCollector.requireOneSplit(
                    roles.entry(sums[place].row, id, votes), roles.entry(row, id, votes), path: table.path)
                for index in votes.indices { sums[place].votes[index] += votes[index] }
            } else {
                places[ExactText(id)] = sums.count
                sums.append((row, id, votes))
            }
        }
        content.rows = sums.map { roles.entry($0.row, $0.id, $0.votes) }
        content.remarks.append(
            "one row per annotator, in '\(table.header[annotator])': the votes of an image are summed")
        content.remarks += collector.remarks
    }

    private func readShares(
        _ values: [[Double]?], fraction: (row: Int, column: Int)?, into content: inout LabelContent
    ) throws(LabelFileError) {
        let sums = values.map { $0?.reduce(0, +) }
        let isPercent = sums.contains { $0 != nil } && sums.allSatisfy { $0.map { isShare($0 / 100) } ?? true }
        let unit = isPercent ? 100.0 : 1
        if let fraction, let sum = sums[fraction.row], !isShare(sum / unit), roles.reading.form == nil, !roles.isOwn,
            !hasPercentSigns,
            !sums.allSatisfy({ $0.map { $0 <= 2 } ?? true })
        {
            // Where its row is none of shares, the number is a mistake among votes.
            throw votes(fraction.row, fraction.column)
        }
        var collector = RowCollector(roles)
        var normalised: [(row: Int, sum: Double)] = []
        let classes = content.classes
        func inWords(_ entry: LabelTable.Row) -> String {
            guard let numbers = values[entry.number - 1] else { return "nothing" }
            return words(numbers.prefix(columns.count).map { "\($0)" }, classes)
        }
        for (row, numbers) in values.enumerated() {
            guard let numbers, let sum = sums[row] else {
                try collector.append(row: row, label: nil, votes: nil, words: inWords)
                continue
            }
            if !isShare(sum / unit) { throw .sum(path: table.path, row: row + 1, found: sum) }
            let isRounded = abs(sum / unit - 1) > LabelDistribution.tolerance && short(sum) != short(unit)
            if isRounded { normalised.append((row + 1, sum)) }
            let shares = Array(numbers.prefix(columns.count))
            try collector.append(row: row, label: label(shares, unit: unit), votes: nil, words: inWords)
        }
        content.rows = collector.rows
        if isPercent { content.remarks.append("percent, divided by 100") }
        if let least = normalised.min(by: { $0.sum < $1.sum }), let most = normalised.max(by: { $0.sum < $1.sum }) {
            let sums = least.sum == most.sum ? "\(short(least.sum))" : "\(short(least.sum)) to \(short(most.sum))"
            content.remarks.append(
                "the shares of \(Count.of(normalised.count, "row", "rows")) sum to \(sums) and are normalised to 1 "
                    + "(first row \(normalised[0].row))")
        }
        content.remarks += collector.remarks
    }

    /// The shares of the classes, divided by their sum where that is not 1.
    private func label(_ shares: [Double], unit: Double) -> LabelDistribution? {
        if unit == 1, let label = try? LabelDistribution(shares) { return label }
        let sum = shares.reduce(0, +)
        if sum <= LabelTable.shareTolerance * unit { return nil }
        return try? LabelDistribution(shares.map { $0 / sum })
    }

    private func isShare(_ sum: Double) -> Bool { abs(sum - 1) <= LabelTable.shareTolerance }

    private func votes(_ row: Int, _ column: Int) -> LabelFileError {
        .votes(
            path: table.path, row: row + 1, column: table.header[column],
            found: table.text(row, column))
    }

    private func words(_ values: [String], _ classes: [String]) -> String {
        zip(classes, values).map { "\($0) \($1)" }.joined(separator: ", ")
    }

    private func short(_ value: Double) -> String { "\((value * 1e4).rounded() / 1e4)" }
}
