import Foundation
import TensorFiles

/// The kind of content in a column, judged by all rows.
struct ColumnContent: Equatable {
    enum Kind: Equatable {
        /// All finite numbers.
        case numbers
        /// Mostly numbers; `row`, counted from 0, is the first whose cell is not a number.
        case faultyNumbers(row: Int)
        /// Lists of numbers, such as `[0.1, -0.2]`, of one length.
        case lists(length: Int)
        /// Mostly lists; `row` is the first whose cell is not a list, or is one of another length.
        case faultyLists(row: Int)
        case text
        /// Only gaps.
        case empty
    }

    let kind: Kind
    /// Whether the cells count the rows from 0 or from 1.
    let countsRows: Bool
    /// Whether there are numbers, all of them whole.
    let isWhole: Bool

    /// With fewer rows the cells may count up by chance.
    private static let leastRowsToCount = 4

    /// - Complexity: O(number of rows); texts are made only for cells that are not numbers.
    init(_ table: CSVTable, _ column: Int) {
        var (numbers, lists, texts) = (0, 0, 0)
        var faultyNumber: Int?, faultyList: Int?
        var length: Int?
        var hasFractions = false
        var countsFrom0 = table.rowCount >= Self.leastRowsToCount, countsFrom1 = countsFrom0
        for row in 0..<table.rowCount {
            if let value = table.double(row, column), value.magnitude <= Double(Float.greatestFiniteMagnitude) {
                numbers += 1
                hasFractions = hasFractions || value != value.rounded()
                countsFrom0 = countsFrom0 && value == Double(row)
                countsFrom1 = countsFrom1 && value == Double(row + 1)
                faultyList = faultyList ?? row
                continue
            }
            (countsFrom0, countsFrom1) = (false, false)
            faultyNumber = faultyNumber ?? row
            let cell = table[row, column]
            if NumberList.isOne(cell) {
                lists += 1
                let numbers = NumberList.numbers(cell)
                length = length ?? numbers?.count
                if numbers == nil || numbers?.count != length { faultyList = faultyList ?? row }
                continue
            }
            faultyList = faultyList ?? row
            if MissingField.isOne(cell) { continue }
            if table.double(row, column) != nil || Self.isMeantAsNumber(cell) { numbers += 1 } else { texts += 1 }
        }
        countsRows = countsFrom0 || countsFrom1
        isWhole = numbers > 0 && lists == 0 && !hasFractions
        if numbers + lists + texts == 0 {
            kind = .empty
        } else if lists > numbers + texts {
            kind = faultyList.map { .faultyLists(row: $0) } ?? .lists(length: length ?? 0)
        } else if numbers > lists + texts {
            kind = faultyNumber.map { .faultyNumbers(row: $0) } ?? .numbers
        } else {
            kind = .text
        }
    }

    /// A number that is not read as one: infinite, with thousands separators, or with another decimal mark.
    private static func isMeantAsNumber(_ cell: String) -> Bool {
        let text = cell.trimmingCharacters(in: .whitespaces)
        guard let first = text.first, first.isNumber || "+-.".contains(first) else {
            return ["inf", "infinity"].contains(text.lowercased())
        }
        let rest = text.lowercased().drop { $0 == "+" || $0 == "-" }
        if ["inf", "infinity"].contains(rest) { return true }
        return rest.contains(where: \.isNumber) && rest.allSatisfy { $0.isNumber || ".,'e+- ".contains($0) }
            && rest.count { $0 == "-" } < 2
    }
}

/// A cell that holds several numbers, as pandas and NumPy write arrays into tables: `[0.1, -0.2]`, `[ 0.1 -0.2]`,
/// `(0.1, 0.2)`.
enum NumberList {
    /// Whether a cell has the brackets of a list.
    static func isOne(_ cell: String) -> Bool {
        let text = cell.trimmingCharacters(in: .whitespacesAndNewlines)
        return text.hasPrefix("[") && text.hasSuffix("]") || text.hasPrefix("(") && text.hasSuffix(")")
    }

    /// The finite numbers in the brackets; nil if there is anything else, such as `...`.
    static func numbers(_ cell: String) -> [Double]? {
        let inner = cell.trimmingCharacters(in: .whitespacesAndNewlines).dropFirst().dropLast()
        var numbers: [Double] = []
        for part in inner.split(separator: ",", omittingEmptySubsequences: false) {
            let words = part.split(whereSeparator: \.isWhitespace)
            // An empty item between two commas is a gap; a trailing comma, as in Python's `(1,)`, is not.
            if words.isEmpty && part.endIndex != inner.endIndex { return nil }
            for word in words {
                guard word.utf8.allSatisfy(isOfDecimal), let value = Double(word), value.isFinite else { return nil }
                numbers.append(value)
            }
        }
        return numbers.isEmpty ? nil : numbers
    }

    private static func isOfDecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || byte == 0x2B || byte == 0x2D || byte == 0x2E || byte | 0x20 == 0x65
    }
}
