import Foundation
import LabelFiles
import TensorFiles

/// Checks of the chosen columns: what in them is no number is an error.
extension FeatureColumns {
    func check() throws(InputError) {
        if taken.isEmpty {
            for (column, reason) in skipped where reason == "text" {
                guard let expected = NumberList.wayOn(table[0, column]) else { continue }
                throw .cell(
                    path: path, row: 1, column: name(column), found: table[0, column], expected: expected)
            }
            let seen = skipped.map { "\(name($0.column)) (\($0.reason))" }
            throw .noColumns(
                path: path,
                needed: "features; there are \(FeatureChoice.list(seen)); name some with "
                    + FeatureReading.options.columns)
        }
        for column in taken {
            switch contents[column].kind {
            case .numbers: continue
            case .lists:
                if taken.count > 1 {
                    throw .unusable(
                        path: path,
                        problem:
                            "column '\(name(column))' holds lists of numbers, which are features of their own; name it "
                            + "alone with \(FeatureReading.options.columns), or leave it out with --skip-columns")
                }
            case .faultyNumbers(let row), .faultyLists(let row):
                throw fault(row, column)
            case .empty, .text:
                throw fault(firstFault(column), column)
            }
        }
    }

    /// Checks that no number has a point while others have commas: the comma could separate thousands. `written` is the table
    /// without its commas read as points. Throws `InputError.cell`.
    func requireCommas(_ written: CSVTable) throws(InputError) {
        for column in taken {
            for row in 0..<written.rowCount where written.double(row, column) != nil {
                let found = written[row, column]
                if !found.contains(".") { continue }
                throw .cell(
                    path: path, row: row + 1, column: name(column), found: found,
                    expected:
                        "a decimal comma, as in other cells; if these are thousands separators, remove them, "
                        + "or give \(FeatureReading.options.decimal) point")
            }
        }
    }

    private func firstFault(_ column: Int) -> Int {
        (0..<table.rowCount).first { table.double($0, column) == nil } ?? 0
    }

    private func fault(_ row: Int, _ column: Int) -> InputError {
        let found = table[row, column]
        var expected = "a number"
        var isList = false
        if case .faultyLists = contents[column].kind { isList = true }
        if isList {
            expected = "a list of numbers, as long as those before it"
        } else if let way = NumberList.wayOn(found) {
            expected = way
        } else if MissingField.isOne(found) {
            expected = "a number; fill the gap, drop the row"
        } else if let number = table.double(row, column), number.isFinite || found.contains(where: \.isNumber) {
            expected = "a number that float32 can hold (at most 3.4e38); divide the column by a constant"
        } else if found.contains(","), found.contains(where: \.isNumber) {
            expected = "a number without thousands separators"
            if !table.dialect.hasDecimalCommas, DecimalComma.point(in: found) != nil {
                expected += "; if these are decimal commas, give \(FeatureReading.options.decimal) comma"
            }
        }
        expected += ", or leave the column out with --skip-columns"
        return .cell(path: path, row: row + 1, column: name(column), found: found, expected: expected)
    }
}
