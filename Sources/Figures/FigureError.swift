import RasterImages
import Numerics

/// What can be wrong with a figure's data, or with drawing it.
public enum FigureError: Error, Equatable {
    /// The file's extension is not that of a figure format.
    case unknownExtension(file: String, found: String)
    /// The file's extension is not that of a film format.
    case unknownFilmExtension(file: String, found: String)
    /// Two columns that belong to the same points have different lengths.
    case countMismatch(column: String, found: Int, expected: Int)
    /// A NaN or an infinity in `column` at `row` (from 0).
    case notFinite(column: String, row: Int)
    /// A number outside the closed range that `column` may take, at `row` (from 0).
    case outOfRange(column: String, row: Int, found: Double, lowest: Double, highest: Double)
    /// A label distribution whose entries do not sum to 1 within 1e-3, at `row` (from 0).
    case notADistribution(row: Int, sum: Double)
    /// A drawing library reported that it could not perform an operation.
    case drawing(operation: String, message: String)
    /// Panels that would be less than `FigureLayout.leastSide` points wide beside the legends and headings.
    case noRoom(side: Double)
    /// No font is installed, so no text can be set.
    case noFont
    /// A limit on the address space (`ulimit -v`) leaves fewer bytes than the text libraries need.
    case addressSpace(left: Int, expected: Int)
}

extension FigureError {
    /// A Cairo error as a figure error.
    init(_ error: CairoError) { self = .drawing(operation: error.operation, message: error.message) }
}

extension FigureError: CustomStringConvertible {
    /// What was found and what was expected, with the file or the row.
    public var description: String {
        switch self {
        case .unknownExtension(let file, let found):
            let known = FigureFormat.allCases.map { ".\($0.rawValue)" }.joined(separator: ", ")
            return
                "\(file): a figure's format follows from its extension; found \(Self.said(found)); expected one of \(known)"
        case .unknownFilmExtension(let file, let found):
            return "\(file): a film's format follows from its extension; found \(Self.said(found)); expected .webp"
        case .countMismatch(let column, let found, let expected):
            return "\(column): found \(found) value\(found == 1 ? "" : "s"); expected \(expected)"
        case .notFinite(let column, let row):
            return "\(column), row \(row): found a NaN or an infinity; expected a finite number"
        case .outOfRange(let column, let row, let found, let lowest, let highest):
            return "\(column), row \(row): found \(found); expected \(lowest) to \(highest)"
        case .notADistribution(let row, let sum):
            return "label distribution, row \(row): found entries that sum to \(sum); expected 1"
        case .drawing(let operation, let message):
            return "\(operation) failed: \(message)"
        case .noRoom(let side):
            return
                "the panels would be \(NumberText.fixed(max(side, 0), decimals: 1)) points wide; expected at least "
                + "\(NumberText.short(FigureLayout.leastSide)): use a larger --width, a smaller --font-size, fewer panels per row (--panels), or --legend below"
        case .noFont:
            return "no font is installed: text cannot be set (on Debian: apt install fonts-dejavu-core)"
        case .addressSpace(let left, let expected):
            return
                "found \(MemoryAmount(left)) of address space; setting text needs \(MemoryAmount(expected)); raise "
                + "the limit (ulimit -v)"
        }
    }

    private static func said(_ extension: String) -> String {
        `extension`.isEmpty ? "no extension" : "the extension .\(`extension`)"
    }
}
