import Foundation
import Numerics
import TestSupport
import Testing

@testable import TensorFiles

/// Any text in any field reads back identically, byte by byte.
@Suite struct CSVUnicodeTests {
    /// Quotes, separators, Unicode line ends, and letters of every UTF-8 length.
    private static let special: [Unicode.Scalar] = [
        ",", ";", "\t", "\"", "\n", "\r", " ", "\u{0}", "\u{B}", "\u{85}", "\u{2028}", "\u{FEFF}", "\u{301}", "é", "ß",
        "漢",
        "\u{200D}", "👩", "🐭", "\u{10FFFF}",
    ]

    private func text(_ random: inout some RandomNumberGenerator) -> String {
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            if Bool.random(using: &random) {
                scalars.append(Self.special.randomElement(using: &random)!)
            } else if let scalar = Unicode.Scalar(UInt32.random(in: 1...0x10FFFF, using: &random)) {
                scalars.append(scalar)
            }
        }
        return String(scalars)
    }

    @Test(arguments: UInt64(0)..<40) func randomTextsComeBack(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        var random = CounterRandom(seed: seed)
        let columns = Int.random(in: 1...5, using: &random)
        let header = (0..<columns).map { "c\($0)" + text(&random) }
        let rows = (0..<Int.random(in: 0...20, using: &random)).map { _ in (0..<columns).map { _ in text(&random) } }
        let url = folder.file("t.csv")
        try CSVWriter.write(to: url, header: header) { table in
            for row in rows { try table.append(row.map { .text($0) }) }
        }
        let table = try CSVTable.read(url)
        #expect(table.rowCount == rows.count)
        // Compare bytes: Swift strings are equal if canonically equivalent.
        #expect(table.header.map { Array($0.utf8) } == header.map { Array($0.utf8) })
        for (number, row) in rows.enumerated() {
            #expect(table.row(number).map { Array($0.utf8) } == row.map { Array($0.utf8) }, "row \(number)")
        }
    }
}
