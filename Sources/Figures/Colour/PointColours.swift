import Numerics
import Foundation

/// The colours of a map's points and their key.
public struct PointColours: Sendable {
    /// One per point.
    public let colours: [Colour]
    /// What the colours mean; nil if they mean nothing.
    public let legend: Legend?
    /// Points that are drawn above the others with a dark edge; empty if all are alike.
    public private(set) var isRaised: [Bool] = []

    private init(_ colours: [Colour], _ legend: Legend?) {
        self.colours = colours
        self.legend = legend
    }
}

extension PointColours {
    /// Each point in the mixture of its classes' colours (`ClassPalette`). The legend is a triangle for three classes and
    /// swatches otherwise.
    ///
    /// - Parameter distributions: N × K, row by row; each row finite, not negative, with a sum of 1 to within 1e-3.
    /// - Parameter threads: The threads that mix the colours.
    /// - Throws: `countMismatch`, `notFinite`, `outOfRange` or `notADistribution`.
    /// - Complexity: O(N K).
    public static func mixture(
        of distributions: [Double], classes: [String], palette: ClassPalette = .standard, mixing: ColourMixing = .oklab,
        threads: ThreadCount = .available
    ) throws(FigureError) -> PointColours {
        precondition(!classes.isEmpty, "a mixture is of at least one class")
        let count = classes.count
        let rows = (distributions.count + count - 1) / count
        try LabelDistributionCheck.check(distributions, count: rows, classes: count)
        let pure = palette.colours(of: classes)
        let colours = threads.map(rows) { mixing.mix(pure, by: distributions[$0 * count..<($0 + 1) * count]) }
        return PointColours(
            colours,
            count == 3
                ? .triangle(names: classes, colours: pure, mixing: mixing)
                : .classes(names: classes, colours: pure))
    }

    /// All points in one colour, when nothing is known about them.
    public static func plain(count: Int, palette: ClassPalette = .standard) -> PointColours {
        PointColours(Array(repeating: palette.colours(1)[0], count: count), nil)
    }

    /// The same colours for other points: each gets the colour at its position in `colours`; points without a position are
    /// grey.
    public func placed(at positions: [Int?], theme: FigureTheme = .light) -> PointColours {
        PointColours(positions.map { $0.map { colours[$0] } ?? theme.missing }, legend)
    }

    /// Each point in the colour of its number on a `ColourMap`; points without a number are grey.
    ///
    /// - Parameters:
    ///   - values: N finite numbers; nil for a point without one.
    ///   - title: The title above the bar.
    ///   - range: The range of the bar; by default from the smallest to the largest value.
    /// - Throws: `notFinite`.
    /// - Complexity: O(N).
    public static func numbers(
        _ values: [Double?], title: String, range: ClosedRange<Double>? = nil, theme: FigureTheme = .light
    ) throws(FigureError) -> PointColours {
        let scale = try NumberScale(values, title: title, range: range)
        let map = ColourMap(theme)
        let colours = values.map { $0.map { map.colour(scale.share(of: $0)) } ?? theme.missing }
        return PointColours(
            colours,
            .colourBar(title: title, range: scale.range, hasMissing: values.contains { $0 == nil }))
    }

    /// Each point in the hue of its number; the hues repeat after one period. Points without a number are grey.
    ///
    /// - Parameters:
    ///   - values: N finite numbers; nil for a point without one.
    ///   - title: The title above the bar.
    ///   - period: The period of the numbers: 360 for angles in degrees. Traps unless it is above 0.
    /// - Throws: `notFinite`.
    /// - Complexity: O(N).
    public static func cycle(
        _ values: [Double?], title: String, period: Double, theme: FigureTheme = .light
    ) throws(FigureError) -> PointColours {
        precondition(period > 0 && period.isFinite, "a period is a positive number")
        _ = try NumberScale(values, title: title)
        let colours = values.map { value -> Colour in
            guard let value else { return theme.missing }
            let turn = (value / period).truncatingRemainder(dividingBy: 1)
            return Colour(hue: 360 * (turn < 0 ? turn + 1 : turn))
        }
        return PointColours(
            colours, .colourCycle(title: title, period: period, hasMissing: values.contains { $0 == nil }))
    }

    /// Each point in the colour of its category; points without one are grey.
    ///
    /// - Parameters:
    ///   - indices: N positions in `names`, nil for a point without a category; others trap.
    ///   - title: The title above the swatches.
    /// - Complexity: O(N).
    public static func categories(
        _ indices: [Int?], names: [String], title: String, palette: ClassPalette = .standard,
        theme: FigureTheme = .light
    ) -> PointColours {
        let pure = palette.colours(of: names)
        let hasMissing = indices.contains(nil)
        return PointColours(
            indices.map { $0.map { pure[$0] } ?? theme.missing },
            .classes(
                title: title, names: names + (hasMissing ? [Legend.noValue] : []),
                colours: pure + (hasMissing ? [theme.missing] : [])))
    }

    /// Each point in the colour of its predicted class: pale if the prediction is right; otherwise saturated, above all others
    /// and with a dark edge.
    ///
    /// - Parameters:
    ///   - truth: The true class of each point, a position in `classes`.
    ///   - predicted: The predicted class of each point.
    /// - Throws: `countMismatch`.
    /// - Complexity: O(N).
    public static func agreement(
        truth: [Int], predicted: [Int], classes: [String], palette: ClassPalette = .standard,
        theme: FigureTheme = .light
    ) throws(FigureError) -> PointColours {
        if predicted.count != truth.count {
            throw .countMismatch(column: "predictions", found: predicted.count, expected: truth.count)
        }
        let pure = palette.colours(of: classes)
        let pale = pure.map { OKLab($0).mixed(with: OKLab(theme.paper), 0.72).colour }
        var result = PointColours(
            zip(truth, predicted).map { $0 == $1 ? pale[$1] : pure[$1] },
            .agreement(names: classes, right: pale, wrong: pure))
        result.isRaised = zip(truth, predicted).map { $0 != $1 }
        return result
    }
}
