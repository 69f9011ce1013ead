import Foundation

/// The mixtures of three classes: a pure colour in each corner, the even mixture in the middle.
struct TriangleDrawing: LegendDrawing {
    let size: CGSize
    private let theme: FigureTheme
    private let names: [TextBlock]
    private let colours: [Colour]
    private let mixing: ColourMixing
    private let side: Double

    private static let steps = 24

    init(
        _ names: [String], _ colours: [Colour], _ mixing: ColourMixing, _ style: FigureStyle, _ typeface: Typeface
    ) {
        theme = style.theme
        precondition(names.count == 3 && colours.count == 3, "a triangle has three classes")
        side = (style.isNarrow ? 54 : 64) * style.textScale
        // The two names below the triangle, each centred on its corner, must not touch.
        let limit = side - 4
        let text = TextStyle(size: style.legendSize)
        self.names = names.map { TextBlock($0, limit: limit, lines: 2, text.centred, typeface) }
        self.colours = colours
        self.mixing = mixing
        let lower = max(self.names[1].size.height, self.names[2].size.height)
        let width = side + self.names[1].size.width / 2 + self.names[2].size.width / 2
        size = CGSize(
            width: max(width, self.names[0].size.width),
            height: self.names[0].size.height + lower + 3 + side * 3.0.squareRoot() / 2)
    }

    func draw(on canvas: any Canvas, at origin: CGPoint) {
        let height = side * 3.0.squareRoot() / 2
        let left = origin.x + (size.width - side + names[1].size.width / 2 - names[2].size.width / 2) / 2
        let top = origin.y + names[0].size.height + 1
        // The position of the shares of the three classes: the first is at the top, the second at the lower left.
        func place(_ shares: [Double]) -> CGPoint {
            CGPoint(x: left + side * (shares[0] / 2 + shares[2]), y: top + height * (1 - shares[0]))
        }
        let n = Self.steps
        for first in 0..<n {
            for second in 0..<(n - first) {
                let third = n - 1 - first - second
                cell([(first + 1, second, third), (first, second + 1, third), (first, second, third + 1)])
                if third > 0 {
                    cell([
                        (first + 1, second + 1, third - 1), (first + 1, second, third), (first, second + 1, third),
                    ])
                }
            }
        }
        canvas.stroke(
            [place([1, 0, 0]), place([0, 1, 0]), place([0, 0, 1])], closed: true, theme.fadedInk, width: 0.5)
        canvas.writeCentred(names[0], at: CGPoint(x: left + side / 2, y: origin.y), theme.ink)
        canvas.writeCentred(names[1], at: CGPoint(x: left, y: top + height + 2), theme.ink)
        canvas.writeCentred(names[2], at: CGPoint(x: left + side, y: top + height + 2), theme.ink)

        func cell(_ corners: [(Int, Int, Int)]) {
            let shares = corners.map { [Double($0.0), Double($0.1), Double($0.2)].map { $0 / Double(n) } }
            let middle = (0..<3).map { part in shares.map { $0[part] }.reduce(0, +) / 3 }
            let colour = mixing.mix(colours, by: middle)
            let places = shares.map(place)
            canvas.fill(places, colour)
            // A hairline of the same colour closes the seams between neighbours.
            canvas.stroke(places, closed: true, colour, width: 0.3)
        }
    }
}
