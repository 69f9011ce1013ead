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
        let bytes = cell.utf8
        guard let first = bytes.first(where: { !isSpace($0) }), let last = bytes.last(where: { !isSpace($0) }) else {
            return false
        }
        return first == UInt8(ascii: "[") && last == UInt8(ascii: "]")
            || first == UInt8(ascii: "(") && last == UInt8(ascii: ")")
    }

    /// The finite numbers in the brackets; nil if there is anything else, such as `...`.
    static func numbers(_ cell: String) -> [Double]? {
        var cell = cell
        return cell.withUTF8 { bytes in
            guard let first = bytes.firstIndex(where: { !isSpace($0) }),
                let end = bytes.lastIndex(where: { !isSpace($0) }),
                first < end
            else { return nil }
            var numbers: [Double] = []
            // Since the last comma.
            var hasNumber = false
            var place = first + 1
            while place < end {
                if bytes[place] == UInt8(ascii: ",") {
                    // An empty item between two commas is a gap; a trailing comma, as in Python's `(1,)`, is not.
                    if !hasNumber { return nil }
                    hasNumber = false
                    place += 1
                } else if isSpace(bytes[place]) {
                    place += 1
                } else {
                    let start = place
                    while place < end, isOfDecimal(bytes[place]) { place += 1 }
                    let isWhole = place == end || bytes[place] == UInt8(ascii: ",") || isSpace(bytes[place])
                    let word = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<place]), as: UTF8.self)
                    guard isWhole, let value = Double(word), value.isFinite else { return nil }
                    numbers.append(value)
                    hasNumber = true
                }
            }
            return numbers.isEmpty ? nil : numbers
        }
    }

    /// How a cell that holds numbers must be written instead; nil if it does not look as if it held any.
    static func wayOn(_ cell: String) -> String? {
        let text = cell.trimmingCharacters(in: .whitespacesAndNewlines)
        if text.hasSuffix("%"), Double(text.dropLast().trimmingCharacters(in: .whitespaces)) != nil {
            return "a number without a percent sign"
        }
        let words = text.split { $0.isWhitespace || ";|".contains($0) }
        // Blanks may also separate thousands.
        let isList =
            words.count > 1 && words.allSatisfy { Double($0) != nil } && (words.count > 3 || text.contains("."))
        if !isList, !["tensor(", "array("].contains(where: text.hasPrefix) { return nil }
        return "a number, or a list of numbers in brackets, such as [0.1, 0.2]"
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private static func isOfDecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || byte == 0x2B || byte == 0x2D || byte == 0x2E || byte | 0x20 == 0x65
    }
}
