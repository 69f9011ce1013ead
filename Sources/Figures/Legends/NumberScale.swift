/// A range of numbers, and the position of each number within it.
public struct NumberScale: Sendable {
    /// From the smallest to the largest.
    public let range: ClosedRange<Double>

    /// The scale of those `values` that are present, or the given range; 0...1 if there are none. Throws
    /// `FigureError.notFinite` with `title` as the column.
    public init(_ values: [Double?], title: String, range: ClosedRange<Double>? = nil) throws(FigureError) {
        if let row = values.firstIndex(where: { $0.map { !$0.isFinite } ?? false }) {
            throw .notFinite(column: title, row: row)
        }
        let found = values.lazy.compactMap(\.self)
        self.init(range ?? (found.min() ?? 0)...(found.max() ?? 1))
    }

    /// The scale of a range.
    init(_ range: ClosedRange<Double>) { self.range = range }

    /// From 0 at the lower end to 1 at the upper, clipped; 0 if the range is a single number.
    public func share(of value: Double) -> Double {
        // Halved first, so that the difference of huge numbers stays finite.
        let span = range.upperBound / 2 - range.lowerBound / 2
        return span > 0 ? min(max((value / 2 - range.lowerBound / 2) / span, 0), 1) : 0
    }
}
