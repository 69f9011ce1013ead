import Foundation
import Numerics
import TestSupport
import Testing

@testable import TensorFiles

/// Any text in any field comes back as it was, byte by byte.
@Suite struct CSVUnicodeTests {
    /// What quotes and separators are made of, line ends of Unicode among them, beside letters of every length in UTF-8.
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
        // By bytes: Swift's strings are equal where they look alike.
        #expect(table.header.map { Array($0.utf8) } == header.map { Array($0.utf8) })
        for (number, row) in rows.enumerated() {
            #expect(table.row(number).map { Array($0.utf8) } == row.map { Array($0.utf8) }, "row \(number)")
        }
    }
}
