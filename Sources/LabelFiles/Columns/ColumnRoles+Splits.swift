import TensorFiles

/// Columns that divide the images, under names that say so only together with what they hold.
extension ColumnRoles {
    /// A column such as `set` or `data_split` with nothing but words for training, validation and test,
    /// at least two of them.
    func foundSplit() -> Int? {
        if !table.hasHeader { return nil }
        return table.header.indices.first { column in
            let profile = profiles[column]
            return profile.distinct.count > 1 && profile.numbers == 0
                && ColumnNames.mayBeSplit(table.header[column]) && profile.distinct.allSatisfy { SplitWord($0) != nil }
                && ![reading.idColumn, reading.labelColumn, reading.annotatorColumn].contains(table.header[column])
        }
    }

    /// Throws where a column has the name and the numbers of folds.
    func checkFolds(_ columns: [Int]) throws(LabelFileError) {
        for column in columns where table.hasHeader && ColumnNames.isFold(table.header[column]) {
            let numbers = profiles[column].distinct.compactMap { Int($0) }
            guard numbers.count > 2, numbers.count == profiles[column].distinct.count, !areShares(columns),
                [0, 1].contains(where: { Set($0..<($0 + numbers.count)) == Set(numbers) })
            else { continue }
            throw .doubtful(
                path: table.path, columns: [table.header[column]],
                problem: "its name and its numbers are those of folds, not of votes",
                options:
                    "skip it with \(ignoring([column])), call it 'fold' if it divides the images, or name all classes "
                    + "with --classes")
        }
    }
}

extension ColumnNames {
    private static let splitWords: Set = ["split", "splits", "set", "dataset", "phase", "subset", "partition", "usage"]
    private static let foldWords: Set = ["fold", "folds", "kfold", "cv", "cvfold"]

    /// Whether a column of that name may say which images are for training: `set`, `dataset`, `data_split`.
    static func mayBeSplit(_ name: String) -> Bool { words(name).contains(where: splitWords.contains) }

    /// Whether a column of that name may number folds: `kfold`, `fold_nr`, `cv`.
    static func isFold(_ name: String) -> Bool { words(name).contains(where: foldWords.contains) }
}
