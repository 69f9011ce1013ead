import Foundation
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Random tables with known features and ids are read correctly or refused, never misread.
@Suite struct FeaturePropertyTests {
    /// A table as text, together with its true content.
    fileprivate struct Sample {
        var text = ""
        var name = "t.csv"
        var features: [[Double]] = []
        /// Nil if the rows have no names.
        var ids: [String]?
        /// Whether some feature cell is not a number.
        var isFaulty = false

        fileprivate enum Column {
            case feature(String, [String])
            case other(String, [String])
        }

        init(_ random: inout SplitMix64) {
            let rows = Int.random(in: 8...30, using: &random)
            let hasHeader = random.chance(0.75)
            let separator = [",", ";", "\t", " "].randomElement(using: &random)!
            let family = hasHeader && random.chance(0.5)
            let count = Int.random(in: family ? 16...20 : 1...6, using: &random)
            // A single column has no separator, so "1,5" in it would read as two numbers.
            let hasDecimalCommas = [";", "\t"].contains(separator) && count > 1 && random.chance(0.5)
            features = (0..<rows).map { _ in
                (0..<count).map { _ in (Double.random(in: -20...20, using: &random) * 1e4).rounded() / 1e4 }
            }
            let prefix = ["emb_", "f", "", "V"].randomElement(using: &random)!
            let words = ["alpha", "beta", "width", "hnr", "jitter", "x"]
            var columns = (0..<count).map { column in
                Column.feature(
                    family ? "\(prefix)\(column)" : words[column],
                    features.map { "\($0[column])".replacing(".", with: hasDecimalCommas ? "," : ".") })
            }
            if random.chance(0.15) {
                isFaulty = true
                let column = Int.random(in: 0..<count, using: &random), row = Int.random(in: 0..<rows, using: &random)
                if case .feature(let name, var cells) = columns[column] {
                    cells[row] = ["", "NA", "null", "x", "nan"].randomElement(using: &random)!
                    // An empty cell between blanks is not a field.
                    if separator == " " && cells[row].isEmpty { cells[row] = "NA" }
                    columns[column] = .feature(name, cells)
                }
            }
            addOthers(to: &columns, rows: rows, hasHeader: hasHeader, family: family, &random)
            func quoted(_ cell: String) -> String {
                let needsQuotes = cell.contains(separator) || cell.contains("\"") && separator != "\t"
                return needsQuotes || random.chance(0.05) && !cell.isEmpty
                    ? "\"\(cell.replacing("\"", with: "\"\""))\"" : cell
            }
            var lines: [[String]] = hasHeader ? [columns.map { $0.name }] : []
            lines += (0..<rows).map { row in columns.map { $0.cells[row] } }
            text = lines.map { $0.map(quoted).joined(separator: separator) }.joined(
                separator: random.chance(0.3) ? "\r\n" : "\n")
            if random.chance(0.8) { text += "\n" }
            name = separator == "\t" && random.chance(0.7) ? "t.tsv" : "t.csv"
        }

        /// Adds ids and other non-feature columns at random places.
        private mutating func addOthers(
            to columns: inout [Column], rows: Int, hasHeader: Bool, family: Bool, _ random: inout SplitMix64
        ) {
            let names = (0..<rows).map { "s\($0 * 7 % rows)-\($0)" }
            if !hasHeader {
                if random.chance(0.5) {
                    columns.insert(.other("", names), at: 0)
                    ids = names
                }
                return
            }
            var others: [Column] = []
            if random.chance(0.4) {
                others.append(.other("label", (0..<rows).map { "\($0 % 3)" }))
            }
            if random.chance(0.4) {
                others.append(.other("note", (0..<rows).map { ["good", "bad, or worse", "a;b"][$0 % 3] }))
            }
            if family && random.chance(0.5) {
                others.append(.other("length", (0..<rows).map { "\($0 * $0 % 13)" }))
            }
            if random.chance(0.5) {
                ids = names
                others.append(.other("id", names))
            } else if random.chance(0.5) {
                others.append(.other("row", (0..<rows).map(String.init)))
            }
            for other in others { columns.insert(other, at: Int.random(in: 0...columns.count, using: &random)) }
            if family && random.chance(0.3) { columns.shuffle(using: &random) }
        }
    }

    @Test func tablesAreReadToTheirTruthOrRefused() throws {
        let folder = try TemporaryFolder()
        var read = 0
        for seed in 0..<300 {
            var random = SplitMix64(seed: UInt64(seed))
            let sample = Sample(&random)
            let url = folder.url.appendingPathComponent(sample.name)
            try Data(sample.text.utf8).write(to: url)
            let table: FeatureTable
            do {
                table = try FeatureTable.read(url, idsFile: nil)
            } catch {
                #expect(ExitStatus(of: error) == .wrongInput, "seed \(seed): \(error)")
                continue
            }
            read += 1
            #expect(!sample.isFaulty, "seed \(seed): \(table.choice?.lines ?? [])\n\(sample.text.prefix(300))")
            // Columns may be shuffled, so compare their contents regardless of order.
            let rows = sample.features.count
            func columns(_ value: (Int, Int) -> Float, _ count: Int) -> [[Float]] {
                (0..<count).map { column in (0..<rows).map { value($0, column) } }.sorted {
                    $0.lexicographicallyPrecedes($1)
                }
            }
            let dimension = table.matrix.dimension
            let found =
                table.matrix.count == rows ? columns({ table.matrix.values[$0 * dimension + $1] }, dimension) : []
            let truth = columns({ Float(sample.features[$0][$1]) }, sample.features[0].count)
            #expect(found == truth, "seed \(seed): \(table.choice?.lines ?? [])\n\(sample.text.prefix(300))")
            #expect(table.ids.ids == sample.ids ?? (0..<rows).map(String.init), "seed \(seed)")
        }
        // Only ambiguous or faulty tables may be refused; most tables are neither.
        #expect(read > 150, "\(read)")
    }
}

extension FeaturePropertyTests.Sample.Column {
    fileprivate var name: String {
        switch self {
        case .feature(let name, _), .other(let name, _): name
        }
    }

    fileprivate var cells: [String] {
        switch self {
        case .feature(_, let cells), .other(_, let cells): cells
        }
    }
}

extension SplitMix64 {
    /// True in this share of all cases.
    fileprivate mutating func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &self) < share }
}
