import Foundation
import TensorFiles

/// The table of hidden positives as a user writes it: the columns `class` and `prior`, a row a class in any order.
package enum PriorsFile {
    /// The prior of each of `classes`, in their order. Throws `CSVError`, `FileReadError`, or `InputError` for a class that
    /// the set does not have, one that is missing or there twice, and a number that is no share below 1.
    package static func read(_ url: URL, classes: [String]) throws -> [Double] {
        let table = try CSVTable.read(url)
        let name = try table.column(named: "class"), prior = try table.column(named: "prior")
        var priors = [Double?](repeating: nil, count: classes.count)
        for row in 0..<table.rowCount {
            guard let index = classes.firstIndex(of: table[row, name]) else {
                throw InputError.unusable(
                    path: url.path,
                    problem:
                        "row \(row + 1): class '\(table[row, name])' found, the set has \(classes.joined(separator: ", "))"
                )
            }
            if priors[index] != nil {
                throw InputError.unusable(
                    path: url.path, problem: "row \(row + 1): class '\(classes[index])' for the second time")
            }
            let value = try table.number(row, prior)
            guard (0..<1).contains(value) else {
                throw InputError.outOfRange(
                    path: url.path, row: row + 1, column: "prior", found: value,
                    expected: "a share of at least 0 and below 1")
            }
            priors[index] = value
        }
        if let missing = priors.firstIndex(of: nil) {
            throw InputError.unusable(
                path: url.path, problem: "no row for class '\(classes[missing])'; expected one row per class")
        }
        return priors.map { $0! }
    }
}
