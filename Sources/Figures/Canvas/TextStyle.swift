/// How a text is set.
struct TextStyle: Sendable, Equatable {
    /// In points.
    var size: Double
    var isBold = false
    var alignment = Alignment.left
    /// In points; lines are broken to fit. Nil: as long as the text.
    var width: Double?
    /// At most this many lines, the rest cut with an ellipsis. Needs `width`.
    var maximumLines: Int?

    enum Alignment: Sendable {
        case left, centre
    }

    /// The same with its lines in the middle.
    var centred: TextStyle {
        var style = self
        style.alignment = .centre
        return style
    }
}
