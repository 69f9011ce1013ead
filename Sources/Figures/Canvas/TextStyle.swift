/// The style of a text.
struct TextStyle: Sendable, Equatable {
    /// In points.
    var size: Double
    var isBold = false
    var alignment = Alignment.left
    /// In points; lines are broken to fit. Nil for the natural length of the text.
    var width: Double?
    /// At most this many lines; the rest is cut with an ellipsis. Requires `width`.
    var maximumLines: Int?

    enum Alignment: Sendable {
        case left, centre
    }

    /// The same style with centred lines.
    var centred: TextStyle {
        var style = self
        style.alignment = .centre
        return style
    }
}
