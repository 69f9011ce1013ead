import Foundation

/// A colour bar with round numbers below it.
struct ColourBarDrawing: LegendDrawing {
    let size: CGSize
    private let theme: FigureTheme
    private let heading: TextBlock
    /// The numbers to write, and their positions from 0 at the left to 1.
    let ticks: [(text: TextBlock, share: Double)]
    private let missing: TextBlock?
    /// The height of one line.
    private let line: Double
    /// The length of the bar.
    let width: Double
    private let colour: (Double) -> Colour

    private static let height = 7.0
    /// The least distance between two numbers.
    private static let gap = 2.0
    private static let swatch = 6.0
    private static let steps = 64

    init(
        _ title: String, _ range: ClosedRange<Double>, colour: @escaping (Double) -> Colour, hasMissing: Bool,
        _ style: FigureStyle, _ typeface: Typeface
    ) {
        theme = style.theme
        self.colour = colour
        let text = TextStyle(size: style.legendSize)
        let scale = NumberScale(range)
        let marks = NumberText.roundMarks(range).map {
            (text: TextBlock($0.text, text, typeface), share: scale.share(of: $0.value))
        }
        var width = (style.isNarrow ? 76 : 72) * style.textScale
        var reach = Double(marks.map(\.text.size.width).max()!)
        if let ticks = Self.apart(marks, reach, width: width) {
            self.ticks = ticks
        } else {
            // No two marks have room, but the ends of the bar have.
            let texts = NumberText.ticks(range)
            let ends = [texts.first!, texts.last!].map { TextBlock($0, text, typeface) }
            ticks = [(ends[0], 0), (ends[1], 1)]
            reach = ends.map { Double($0.size.width) }.max()!
            width = max(width, Double(ends[0].size.width + ends[1].size.width) / 2 + Self.gap)
        }
        self.width = width
        heading = TextBlock(title, limit: width + 12, lines: 2, text.centred, typeface)
        missing = hasMissing ? TextBlock(Legend.noValue, text, typeface) : nil
        line = TextBlock("Ag", text, typeface).size.height
        size = CGSize(
            width: max(heading.size.width, width + reach),
            height: heading.size.height + line + Self.height + 5 + (missing == nil ? 0 : line + 4))
    }

    /// Every mark, or every second or third one, such that no two numbers touch; nil if that leaves one of several.
    private static func apart(
        _ marks: [(text: TextBlock, share: Double)], _ widest: Double, width: Double
    ) -> [(text: TextBlock, share: Double)]? {
        if marks.count == 1 { return marks }
        let distance = width / Double(marks.count - 1)
        let least = max(1, Int(((widest + 4) / distance).rounded(.up)))
        for step in 1..<marks.count where step >= least {
            let ticks = stride(from: 0, to: marks.count, by: step).map { marks[$0] }
            let areApart = zip(ticks, ticks.dropFirst()).allSatisfy { left, right in
                let room = width * (right.share - left.share)
                return room >= Double(left.text.size.width + right.text.size.width) / 2 + gap
            }
            if areApart { return ticks }
        }
        return nil
    }

    func draw(on canvas: any Canvas, at origin: CGPoint) {
        let left = origin.x + (size.width - width) / 2
        let top = origin.y + heading.size.height + 2
        canvas.writeCentred(heading, at: CGPoint(x: origin.x + size.width / 2, y: origin.y), theme.ink)
        let step = width / Double(Self.steps)
        for index in 0..<Self.steps {
            // Each step extends under the next, so that no seams are visible.
            let reach = index == Self.steps - 1 ? step : 1.5 * step
            let share = (Double(index) + 0.5) / Double(Self.steps)
            canvas.fill(
                CGRect(x: left + Double(index) * step, y: top, width: reach, height: Self.height), colour(share))
        }
        let bar = CGRect(x: left, y: top, width: width, height: Self.height)
        canvas.stroke(bar, theme.fadedInk, width: 0.4)
        for tick in ticks {
            let x = left + width * tick.share
            canvas.stroke(
                [CGPoint(x: x, y: bar.maxY), CGPoint(x: x, y: bar.maxY + 2)], closed: false, theme.ink, width: 0.5)
            canvas.writeCentred(tick.text, at: CGPoint(x: x, y: bar.maxY + 3), theme.ink)
        }
        if let missing {
            let y = bar.maxY + 3 + line + 4
            let square = CGRect(x: left, y: y + (line - Self.swatch) / 2, width: Self.swatch, height: Self.swatch)
            canvas.fill(square, theme.missing)
            canvas.stroke(square, theme.fadedInk, width: 0.3)
            canvas.write(missing, at: CGPoint(x: left + Self.swatch + 4, y: y), theme.ink)
        }
    }
}
