import Foundation
import Testing

@testable import Figures

@Suite struct PointColoursTests {
    @Test func numbersSpanTheMapAndGapsAreGrey() throws {
        let colours = try PointColours.numbers([2, nil, 4, 3], title: "age")
        let map = ColourMap()
        #expect(colours.colours == [map.colour(0), FigureTheme.light.missing, map.colour(1), map.colour(0.5)])
        guard case .colourBar("age", 2...4, true) = colours.legend else {
            Issue.record("\(String(describing: colours.legend))")
            return
        }
        let fixed = try PointColours.numbers([1, 9], title: "a", range: 0...2)
        #expect(fixed.colours == [map.colour(0.5), map.colour(1)])
    }

    @Test func numbersThatAreAllAlikeOrMissingOrHuge() throws {
        let first = ColourMap().colour(0)
        #expect(try PointColours.numbers([7, 7], title: "a").colours == [first, first])
        guard case .colourBar(_, 0...1, true) = try PointColours.numbers([nil], title: "a").legend else {
            Issue.record("a bar of nothing spans 0...1")
            return
        }
        let huge = Double.greatestFiniteMagnitude
        let scale = try NumberScale([-huge, huge], title: "a")
        #expect([-huge, 0, huge].map(scale.share) == [0, 0.5, 1])
        #expect(throws: FigureError.notFinite(column: "a", row: 1)) { try PointColours.numbers([0, .nan], title: "a") }
    }

    @Test func categoriesHaveThePalette() throws {
        let colours = PointColours.categories([1, nil, 0], names: ["x", "y"], title: "site")
        let palette = ClassPalette.standard.colours(2)
        #expect(colours.colours == [palette[1], FigureTheme.light.missing, palette[0]])
        guard case .classes("site", ["x", "y", "no value"], let swatches) = colours.legend else {
            Issue.record("\(String(describing: colours.legend))")
            return
        }
        #expect(swatches == palette + [FigureTheme.light.missing])
    }

    /// Wrong predictions get the full colour of the predicted class and are drawn last; correct ones are pale.
    @Test func agreementRaisesWhatIsWrong() throws {
        let colours = try PointColours.agreement(truth: [0, 1, 0], predicted: [0, 1, 1], classes: ["a", "b"])
        let palette = ClassPalette.standard.colours(2)
        #expect(colours.colours[2] == palette[1])
        #expect(colours.isRaised == [false, false, true])
        for index in 0..<2 {
            let (pale, full) = (OKLab(colours.colours[index]), OKLab(palette[index]))
            #expect(pale.lightness > full.lightness + 0.2)
            #expect(cos(pale.hueAngle - full.hueAngle) > 0.99)
        }
        let points = try ScatterPoints(
            coordinates: [0, 0, 1, 0, 0, 1], colours: colours.colours, isRaised: colours.isRaised)
        for seed in 0..<8 as Range<UInt64> {
            let glyphs = ScatterPanel(points).glyphs(
                in: CGRect(x: 0, y: 0, width: 90, height: 90), order: ScatterPanel.order(of: 3, seed: seed)
            ).glyphs
            #expect(glyphs.last?.fill == palette[1])
            #expect(glyphs.last?.outline == FigureTheme.light.ink)
        }
        #expect(throws: FigureError.countMismatch(column: "predictions", found: 1, expected: 2)) {
            try PointColours.agreement(truth: [0, 0], predicted: [0], classes: ["a"])
        }
    }

    /// Steps are perceptually even and lightness rises with the value. Neither relies on telling red from green.
    @Test(arguments: FigureTheme.allCases) func theColourMapIsEven(theme: FigureTheme) {
        let map = ColourMap(theme)
        let colours = (0...20).map { OKLab(map.colour(Double($0) / 20)) }
        let steps = zip(colours, colours.dropFirst()).map { $0.distance(to: $1) }
        let mean = steps.reduce(0, +) / 20
        #expect(steps.allSatisfy { abs($0 / mean - 1) < 0.12 }, "\(steps)")
        for (darker, lighter) in zip(colours, colours.dropFirst()) {
            #expect(lighter.lightness > darker.lightness + 0.02)
        }
        for vision in ColourVision.allCases {
            let seen = colours.map { OKLab(vision.seen($0.colour)) }
            for (darker, lighter) in zip(seen, seen.dropFirst()) { #expect(lighter.lightness > darker.lightness) }
        }
        for end in [0.0, 1] { #expect(OKLab(map.colour(end)).distance(to: OKLab(theme.paper)) > 0.15) }
    }

    @Test(arguments: FigureTheme.allCases) func everyClassIsSeenOnItsPaper(theme: FigureTheme) {
        let colours = ClassPalette.standard.colours(40)
        #expect(Set(colours.map(\.hex)).count == 40)
        for colour in colours { #expect(OKLab(colour).distance(to: OKLab(theme.paper)) > 0.12, "\(colour)") }
    }

    @Test(
        arguments: [
            (0...1.03, ["0.0", "0.5", "1.0"]), (3...15, ["5", "10", "15"]), (-1...1, ["-1", "0", "1"]), (7...7, ["7"]),
            (0...3e8, ["0", "1.5e+08", "3e+08"]), (0...1e-6, ["0", "5e-07", "1e-06"]),
            (0...(.greatestFiniteMagnitude), ["0", "8.99e+307", "1.8e+308"]),
        ] as [(ClosedRange<Double>, [String])])
    func marksAreRound(range: ClosedRange<Double>, texts: [String]) {
        let marks = NumberText.roundMarks(range)
        #expect(marks.map(\.text) == texts)
        #expect(marks.allSatisfy { range.contains($0.value) })
    }

    static let scales: [(ClosedRange<Double>, [String])] = [
        (0...1, ["0.0", "0.5", "1.0"]), (0...log(3), ["0.00", "0.55", "1.10"]), (3...15, ["3", "9", "15"]),
        (-1...1, ["-1", "0", "1"]), (0...15_000, ["0", "7,500", "15,000"]), (7...7, ["7"]), (0.25...0.25, ["0.25"]),
        (0...3e8, ["0", "1.5e+08", "3e+08"]), (0...1e-6, ["0", "5e-07", "1e-06"]),
    ]

    @Test(arguments: scales) func ticksSayTheScale(range: ClosedRange<Double>, texts: [String]) {
        #expect(NumberText.ticks(range) == texts)
    }
}
