import Foundation
import Testing

@testable import Figures

/// The numbers along colour bars and glyph scales: they differ, are true, and do not touch.
@Suite struct NumberLegendTests {
    private static let ranges: [ClosedRange<Double>] = [
        1_700_000_123...1_702_591_987, 1_000_000.12...1_000_099.87, 1000.00003...1000.0019, -0.000503...0.000406,
        0.95000001...0.95000002, 1e300...1.00001e300, 1.00001e-8...1.00002e-8, 0...1, 3...15, 0...3e8,
        100_000.5...999_999.5, -1e-5...0.5,
    ]

    private func style(_ width: Double, fontSize: Double) -> FigureStyle {
        var style = FigureStyle(width: FigureStyle.Width(inches: width))
        style.fontSize = fontSize
        return style
    }

    @Test(
        arguments: [
            (1_700_000_123...1_702_591_987, ["1701000000", "1702000000"]),
            (1_000_000.12...1_000_099.87, ["1000020", "1000040", "1000060", "1000080"]),
            (
                1e300...1.00001e300,
                ["1.000000e+300", "1.000002e+300", "1.000004e+300", "1.000006e+300", "1.000008e+300"]
            ),
            (1_234_567...1_234_567, ["1234567"]),
        ] as [(ClosedRange<Double>, [String])])
    func longMarksDiffer(range: ClosedRange<Double>, texts: [String]) {
        #expect(NumberText.roundMarks(range).map(\.text) == texts)
        #expect(NumberText.roundMarks(range).allSatisfy { range.contains($0.value) })
    }

    @Test(
        arguments: [
            (-0.000503...0.000406, ["-0.00050", "-0.00005", "0.00041"]),
            (1_700_000_123...1_702_591_987, ["1700000123", "1701296055", "1702591987"]),
            (1.00001e-8...1.00002e-8, ["1.000010e-08", "1.000015e-08", "1.000020e-08"]),
        ] as [(ClosedRange<Double>, [String])])
    func ticksHaveOneNotation(range: ClosedRange<Double>, texts: [String]) {
        #expect(NumberText.ticks(range) == texts)
    }

    /// Half of the smallest number is 0; its logarithm used to trap.
    @Test func theSmallestRangeHasMarks() {
        #expect(NumberText.roundMarks(0...Double.leastNonzeroMagnitude).first?.text == "0")
    }

    @Test(arguments: ranges, [2.2, 3.25, 6.75]) func numbersOnABarKeepApart(range: ClosedRange<Double>, width: Double)
        throws
    {
        for fontSize in [4.0, 7, 24] {
            let bar = ColourBarDrawing(
                "title", range, colour: { _ in .black }, hasMissing: false, style(width, fontSize: fontSize),
                try Typeface(family: nil))
            #expect(bar.ticks.count >= 2 && Set(bar.ticks.map(\.text.text)).count == bar.ticks.count)
            for (left, right) in zip(bar.ticks, bar.ticks.dropFirst()) {
                let needed = Double(left.text.size.width + right.text.size.width) / 2
                #expect(bar.width * (right.share - left.share) > needed + 1, "\(range)")
            }
            for tick in bar.ticks {
                let (centre, half) = (bar.width * tick.share, Double(tick.text.size.width) / 2)
                let room = (Double(bar.size.width) - bar.width) / 2
                #expect(centre - half >= -room - 0.01 && centre + half <= bar.width + room + 0.01, "\(range)")
            }
        }
    }

    @Test(arguments: ranges, [2.2, 6.75]) func numbersOfGlyphsKeepApart(range: ClosedRange<Double>, width: Double)
        throws
    {
        for fontSize in [4.0, 7, 24] {
            let scale = GlyphScaleDrawing(
                "title", range, style(width, fontSize: fontSize), try Typeface(family: nil))
            #expect((2...3).contains(scale.ticks.count) && scale.ticks.last?.share == 1)
            for (left, right) in zip(scale.ticks, scale.ticks.dropFirst()) {
                let needed = Double(left.text.size.width + right.text.size.width) / 2
                #expect(4 * scale.step * (right.share - left.share) > needed + 1, "\(range)")
            }
        }
    }

    /// Points that are all alike have the lowest colour, so their number stands at the low end of the bar.
    @Test func aSingleNumberStandsAtItsColour() throws {
        let points = try PointColours.numbers([7, 7], title: "seven")
        let bar = ColourBarDrawing(
            "seven", 7...7, colour: ColourMap().colour, hasMissing: false, FigureStyle(), try Typeface(family: nil))
        #expect(bar.ticks.map(\.text.text) == ["7"])
        #expect(bar.ticks.allSatisfy { ColourMap().colour($0.share) == points.colours[0] })
    }
}
