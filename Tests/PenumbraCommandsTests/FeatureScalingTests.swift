import Foundation
import NeighborEmbedding
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Values whose differences single precision would round away, and rows so far out that they would flatten all others.
@Suite struct FeatureScalingTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A `float64` array as NumPy writes it.
    private func array(_ values: [Double], columns: Int, name: String = "x.npy", fortran: Bool = false) throws -> URL {
        let rows = values.count / columns
        let stored =
            fortran ? (0..<columns).flatMap { column in (0..<rows).map { values[$0 * columns + column] } } : values
        var bytes = NPZFixture.array(
            descr: "<f8", shape: "(\(rows), \(columns))",
            data: stored.flatMap { value in (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) } })
        if fortran {
            let header = String(decoding: bytes[10..<10 + Int(bytes[8])], as: UTF8.self)
            bytes.replaceSubrange(10..<10 + Int(bytes[8]), with: header.replacing("False", with: "True ").utf8)
        }
        let url = URL(fileURLWithPath: folder.path(name))
        try Data(bytes).write(to: url)
        return url
    }

    private static func matrix(_ rows: Int, _ columns: Int, _ number: (Int, Int) -> Double) -> [Double] {
        var values: [Double] = []
        for row in 0..<rows { for column in 0..<columns { values.append(number(row, column)) } }
        return values
    }

    private static func time(_ row: Int) -> Double { 1.7e9 + Double(row % 2) * 40 + Double(row * row % 7) * 0.125 }
    private static let times = matrix(40, 3) { row, column in
        switch column {
        case 0: time(row)
        case 1: Double(row % 5)
        default: 3e8
        }
    }

    @Test(arguments: [false, true]) func aLargeOffsetKeepsWhatTellsRowsApart(fortran: Bool) throws {
        let url = try array(Self.times, columns: 3, fortran: fortran)
        let found = try FeatureTable.read(url, idsFile: nil)
        for row in 0..<40 {
            let values = Array(found.matrix.values[3 * row..<3 * row + 3])
            #expect(values == [Float(Self.time(row) - Self.time(0)), Float(row % 5), 3e8], "row \(row)")
        }
        #expect(found.scaling.offsets == [0: 1.7e9])
        let facts = FeatureFacts(found, for: TSNEParameters())
        #expect(facts.centeredColumns == [0])
        #expect(facts.lines.contains { $0.hasPrefix("1 of 3 columns hold large numbers that differ little") })
    }

    @Test func tablesAndWholeNumbersDoToo() throws {
        let rows = (0..<40).map { "\(Int64(Self.time($0) * 8)),\($0 % 5)" }
        let url = URL(fileURLWithPath: try folder.file("t.csv", (["time,b"] + rows).joined(separator: "\n")))
        let found = try FeatureTable.read(url, idsFile: nil)
        #expect(found.matrix.values[2] == Float((Self.time(1) - Self.time(0)) * 8))
        var data: [UInt8] = []
        for row in 0..<40 {
            let number = Int64(Self.time(row) * 8)
            for byte in (0..<8).reversed() { data.append(UInt8(truncatingIfNeeded: number >> (8 * Int64(byte)))) }
        }
        let integers = NPZFixture.array(descr: ">i8", shape: "(40, 1)", data: data)
        try NPZFixture.write([("x", integers)], to: folder.path("x.npz"))
        let archived = try FeatureTable.read(URL(fileURLWithPath: folder.path("x.npz")), idsFile: nil)
        #expect(archived.matrix.values == (0..<40).map { found.matrix.values[2 * $0] })
    }

    @Test func otherNumbersKeepTheirBytesAndTheCosineAllOfThem() throws {
        let values = (0..<400).map { Double($0 * $0 % 1009) / 7 + 100 }
        let plain = try FeatureTable.read(array(values, columns: 4), idsFile: nil)
        #expect(plain.matrix.values == values.map { Float($0) } && plain.scaling.offsets.isEmpty)
        let cosine = try FeatureTable.read(
            array(Self.times, columns: 3), idsFile: nil, for: FeatureTable.Purpose(metric: .cosine))
        #expect(cosine.matrix.values == Self.times.map { Float($0) })
    }

    @Test func newSamplesAreScaledAsTheReference() throws {
        let reference = try FeatureTable.read(array(Self.times, columns: 3), idsFile: nil)
        let purpose = FeatureTable.Purpose(reference: reference)
        let new = try FeatureTable.read(
            array([Self.time(1), 1, 3e8, 1.7e9 + 1e6, 2, 3e8], columns: 3, name: "n.npy"), idsFile: nil, for: purpose)
        #expect(Array(new.matrix.values.prefix(3)) == Array(reference.matrix.values[3..<5]) + [3e8])
        #expect(new.matrix.values[3] == 1e6)
    }

    @Test func newTablesGiveTheColumnsOfTheReference() throws {
        func table(_ name: String, _ header: String, _ row: (Int) -> String) throws -> URL {
            URL(fileURLWithPath: try folder.file(name, ([header] + (0..<6).map(row)).joined(separator: "\n")))
        }
        let reference = try FeatureTable.read(
            table("r.csv", "id,a,b,label") { "r\($0),\($0).5,1\($0).25,\($0 % 2)" }, idsFile: nil)
        let purpose = FeatureTable.Purpose(reference: reference)
        // New samples with a row-number-like column and the columns in another order.
        let new = try FeatureTable.read(
            table("n.csv", "b,c,id,a") { "\($0),7\($0),n\($0),0.\($0)" }, idsFile: nil, for: purpose)
        #expect(new.matrix.values.prefix(4) == [0, 0, 0.1, 1] && new.ids.ids[1] == "n1")
        #expect(new.choice?.skipped.map(\.reason) == ["not in the map", "ids"])
        let missing = try table("m.csv", "id,a,c") { "\($0)x,1.\($0),2.5" }
        #expect(throws: CSVError.missingColumn(path: missing.path, name: "b", header: ["id", "a", "c"])) {
            try FeatureTable.read(missing, idsFile: nil, for: purpose)
        }
    }

    @Test(arguments: [1e12, 9.97e36, -3e38]) func aRowOfFillValuesDoesNotFlattenTheOthers(fill: Double) throws {
        let inner = Self.matrix(99, 4) { Double(($0 * 31 + $1 * 7) % 23) / 4 }
        let found = try FeatureTable.read(array(inner + [fill, fill, 1, fill], columns: 4), idsFile: nil)
        #expect(Array(found.matrix.values.prefix(99 * 4)) == inner.map { Float($0) })
        #expect(found.farRows == [99])
        func distance(_ first: Int, _ second: Int) -> Double {
            (0..<4).reduce(0) {
                let difference =
                    Double(found.matrix.values[first * 4 + $1]) - Double(found.matrix.values[second * 4 + $1])
                return $0 + difference * difference
            }.squareRoot()
        }
        let widest = (0..<99).map { distance(0, $0) }.max()!
        let nearest = (0..<99).map { distance(99, $0) }.min()!
        #expect(nearest > 2 * widest && nearest < 100 * widest)
        let facts = FeatureFacts(found, for: TSNEParameters())
        #expect(facts.farRows == ["99"])
        #expect(
            facts.lines.contains {
                $0.hasPrefix("warning: row '99' is more than 10,000 times as far out as the others")
            })
        // The same fill value in a new sample lands where it did in the reference.
        let new = try FeatureTable.read(
            array([fill, fill, 1, fill, 1, 2, 3, 4], columns: 4, name: "n.npy"), idsFile: nil,
            for: FeatureTable.Purpose(reference: found))
        #expect(Array(new.matrix.values.prefix(4)) == Array(found.matrix.values.suffix(4)) && new.farRows == [0])
    }

    @Test func manyFarRowsAreNoExceptions() throws {
        let values = Self.matrix(100, 2) { row, column in
            let scale: Double = row < 20 ? 1e9 : 1
            return Double((row + column) % 11) * scale
        }
        let found = try FeatureTable.read(array(values, columns: 2), idsFile: nil)
        #expect(found.matrix.values == values.map { Float($0) } && found.farRows.isEmpty)
        let facts = FeatureFacts(found, for: TSNEParameters())
        #expect(facts.farCrowd == 20)
        #expect(facts.lines.contains { $0.hasPrefix("warning: 20 of 100 rows are more than 10,000 times as far out") })
    }

    @Test func numbersBeyondSinglePrecisionAreNotCalledInfinite() throws {
        let url = try array([1, 2, 3, 1e300, 5, 6, 7, 8], columns: 2)
        #expect(
            throws: InputError.unusable(
                path: url.path,
                problem:
                    "row 1, column 1 (counted from 0) of the features is 1e+300, which is too large for float32 (at "
                    + "most 3.4e38); divide the column by a constant")
        ) { try FeatureTable.read(url, idsFile: nil) }
        let infinite = try array([1, 2, 3, .infinity, 5, 6], columns: 2)
        #expect(
            throws: InputError.unusable(
                path: infinite.path,
                problem: "row 1, column 1 (counted from 0) of the features is inf; every feature must be finite")
        ) { try FeatureTable.read(infinite, idsFile: nil) }
    }

    @Test func aPerplexityThatIsNotReachedIsSaidWithItsCause() throws {
        let values = Self.matrix(60, 2) { row, column in
            if row < 40 { return Double(column + 1) }
            return Double(column == 0 ? row : row * row % 7)
        }.map { Float($0) }
        try NPYFile.write(NumericArray(shape: [60, 2], values: values), to: URL(fileURLWithPath: folder.path("d.npy")))
        let run = try ShellRun(
            "$penumbra project d.npy --out o.csv --perplexity 10 --max-iter 20 --threads 1", in: folder)
        #expect(run.status == 0)
        #expect(run.errors.contains("project: warning: the achieved perplexity is "))
        #expect(
            run.errors.contains(
                "not 10.0: 40 of 60 rows have more than 10 exact copies; remove duplicates, or raise --perplexity"))
        try NPYFile.write(ProjectTests.features(), to: URL(fileURLWithPath: folder.path("p.npy")))
        let plain = try ShellRun(
            "$penumbra project p.npy --out o.csv --perplexity 10 --max-iter 20 --threads 1", in: folder)
        #expect(plain.status == 0 && !plain.errors.contains("warning"))
    }

    @Test func zeroVectorsAreCountedUnderTheCosine() throws {
        let values = Self.matrix(40, 2) { row, column in
            if row % 10 == 0 { return 0 }
            return Double(column == 0 ? row : row * row % 7)
        }.map { Float($0) }
        try NPYFile.write(NumericArray(shape: [40, 2], values: values), to: URL(fileURLWithPath: folder.path("z.npy")))
        let run = try ShellRun(
            "$penumbra project z.npy --out o.csv --metric cosine --perplexity 5 --max-iter 20 --threads 1", in: folder)
        #expect(
            run.errors.contains("project: warning: 4 of 40 rows are all zeros; their cosine distance is 1 from")
        )
        let report = try JSONText.read(LayoutReport.self, from: URL(fileURLWithPath: folder.path("o.json")))
        #expect(report.zeroVectors == 4)
    }
}
