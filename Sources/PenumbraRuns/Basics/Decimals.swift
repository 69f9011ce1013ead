import Figures
import Foundation

/// Numbers formatted for tables, the same in every locale.
package enum Decimals {
    /// `value` with `digits` decimals.
    package static func fixed(_ value: Double, _ digits: Int) -> String {
        if !value.isFinite { return "\(value)" }
        return String(format: "%.\(digits)f", value)
    }

    /// A p-value with `digits` decimals; one that would round to 0 is given as less than the last of them.
    static func probability(_ value: Double, _ digits: Int) -> String {
        let least = pow(10, Double(-digits))
        return value < least / 2 ? "< \(fixed(least, digits))" : fixed(value, digits)
    }

    /// `value` in as few digits as express it.
    static func short(_ value: Double) -> String { value == value.rounded() ? "\(Int(value))" : "\(value)" }

    /// `3,000`, as figures print it.
    package static func grouped(_ value: Int) -> String { NumberText.grouped(value) }

    /// A number of bytes with three significant digits.
    static func bytes(_ count: Int) -> String {
        var value = Double(count)
        for unit in ["B", "KiB", "MiB"] {
            if value < 1000 {
                let digits = unit == "B" || value >= 100 ? 0 : value >= 10 ? 1 : 2
                return "\(fixed(value, digits)) \(unit)"
            }
            value /= 1024
        }
        return "\(fixed(value, 2)) GiB"
    }

    /// Lines of columns of equal width, the first column left-aligned, the others right-aligned.
    static func table(_ rows: [[String]]) -> [String] {
        guard let first = rows.first else { return [] }
        let widths = first.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row.enumerated().map { column, text in
                let padding = String(repeating: " ", count: widths[column] - text.count)
                return column == 0 ? text + padding : padding + text
            }.joined(separator: "  ")
        }
    }
}
