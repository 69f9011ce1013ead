import TensorFiles

/// Columns of numbers that would be read as votes for classes, or as one class per row, and could be something else.
extension ColumnRoles {
    /// What comes before the number of a class, of which there can be votes.
    private static let stemsOfClasses: Set = [
        "class", "cls", "c", "label", "category", "type", "cluster", "target", "option", "vote", "votes", "n", "num",
        "count",
        "counts", "prob", "p",
    ]

    /// Throws where columns of votes could be something else, though each holds whole numbers.
    func checkVotes(_ wide: [Int], _ others: [Int]) throws(LabelFileError) {
        if isChosenByUser || !table.hasHeader { return }
        try checkLabelsBesideAmounts(wide, others)
        try checkRatings(wide)
    }

    /// Throws where numbers are never above 1, but there are several ones in a row: votes hardly look like that.
    func checkSeveralClassesPerRow(_ wide: [Int]) throws(LabelFileError) {
        if !areWholeNumbers(wide) || wide.contains(where: { profiles[$0].largest > 1 }) { return }
        let row = (0..<table.rowCount).first { row in wide.count { table.number(row, $0) == 1 } > 1 }
        guard let row else { return }
        throw .doubtful(
            path: table.path, columns: wide.map { table.header[$0] },
            problem:
                "row \(row + 1) holds several ones, and no row a larger number, so they could mark several classes of "
                + "one image, or be the labels of annotators",
            options:
                "--label-format votes counts each one as a vote, --label-format annotators reads 0 and 1 as classes")
    }

    /// Throws where columns such as `r1`, `r2` and `r3` hold the same few numbers, as ratings of several people do, whose sums
    /// vary as those of votes do not; or where columns with other names, such as those of people, do so even more.
    private func checkRatings(_ wide: [Int]) throws(LabelFileError) {
        if !areWholeNumbers(wide) { return }
        let byStem = Dictionary(grouping: wide) { ColumnNames.stem(table.header[$0]) ?? "" }
        for (stem, columns) in byStem where columns.count > 1 && columns.count >= wide.count - 1 {
            if Self.stemsOfClasses.contains(stem) { continue }
            let ratings = Ratings(table, columns)
            if !(stem.isEmpty ? ratings.areLikely : ratings.arePossible) { continue }
            throw .doubtful(
                path: table.path, columns: columns.map { table.header[$0] },
                problem:
                    "they hold the same few numbers, and sums that differ as those of ratings do, so they could be "
                    + "annotators as well as classes with votes",
                options: "say which with --label-format annotators or --label-format votes")
        }
    }

    /// Whether there are enough rows to tell what columns hold, which are all filled with whole numbers from 0 on.
    private func areWholeNumbers(_ columns: [Int]) -> Bool {
        table.rowCount >= Self.tellingRows && table.truth == nil
            && columns.allSatisfy {
                profiles[$0].isInteger && !profiles[$0].hasNegatives && profiles[$0].gaps == 0
            }
    }

    /// Throws where the only column of labels counts the votes for one class, by its name.
    func checkCountAlone(_ only: Int) throws(LabelFileError) {
        let name = table.header[only]
        guard table.hasHeader, reading.labelColumn == nil, profiles[only].isInteger, profiles[only].largest > 1,
            ColumnNames.speaksOfVotes(name)
        else { return }
        throw .doubtful(
            path: table.path, columns: [name],
            problem: "its name speaks of votes for one class; expected one column per class for votes",
            options: "add a column for the other votes, or read it as the class with --label-format class")
    }
}
