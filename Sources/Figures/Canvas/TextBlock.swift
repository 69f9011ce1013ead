import CCairo
import Foundation

/// A text set by Pango, freed with the object. It measures the same on every canvas: there is no hinting to pixels.
final class TextBlock {
    let layout: OpaquePointer
    let style: TextStyle
    /// The font family that it is set in.
    let family: String
    /// Whether Pango cut its end.
    let isEllipsized: Bool
    /// The text, with control characters replaced by spaces.
    let text: String
    /// What is set of it: all of it, unless it was shortened before.
    let set: String
    /// The block's size in points, from the top of the first line to the bottom of the last.
    let size: CGSize
    /// From the top to the first line's baseline, in points.
    let baseline: Double

    /// `shortened` is set in place of `text`, if it is given.
    init(_ text: String, shortened: String? = nil, _ style: TextStyle, _ typeface: Typeface) {
        self.text = Self.printable(text)
        set = shortened.map(Self.printable) ?? self.text
        self.style = style
        family = typeface.family
        Typeface.ensureRoomForThread()
        layout = pango_layout_new(typeface.context)
        let description = pango_font_description_new()
        defer { pango_font_description_free(description) }
        pango_font_description_set_family(description, typeface.family)
        pango_font_description_set_weight(description, style.isBold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
        pango_font_description_set_absolute_size(description, style.size * Double(PANGO_SCALE))
        pango_layout_set_font_description(layout, description)
        pango_layout_set_text(layout, set, -1)
        pango_layout_set_alignment(layout, style.alignment == .centre ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT)
        if let width = style.width {
            pango_layout_set_width(layout, Int32(clamping: Int(max(width, 1) * Double(PANGO_SCALE))))
            pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
            if let lines = style.maximumLines {
                pango_layout_set_height(layout, Int32(-lines))
                pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END)
            }
        }
        var logical = PangoRectangle()
        pango_layout_get_extents(layout, nil, &logical)
        let unit = Double(PANGO_SCALE)
        size = CGSize(width: style.width ?? Double(logical.width) / unit, height: Double(logical.height) / unit)
        isEllipsized = pango_layout_is_ellipsized(layout) != 0
        baseline = Double(pango_layout_get_baseline(layout)) / unit
    }

    /// The text on one line or, if it is longer than `limit` points, on up to `lines` lines, cut with an ellipsis.
    convenience init(_ text: String, limit: Double, lines: Int = 1, _ style: TextStyle, _ typeface: Typeface) {
        var style = style
        if TextBlock(text, style, typeface).size.width > limit { (style.width, style.maximumLines) = (limit, lines) }
        self.init(text, style, typeface)
    }

    /// The text `start end` on one line or on up to `lines` lines. Where there is no room for all of it, `start` is cut, but never
    /// `end`: a number without its last digits is another number.
    static func keeping(
        _ end: String, after start: String, limit: Double, lines: Int, _ style: TextStyle, _ typeface: Typeface
    ) -> TextBlock {
        let text = "\(start) \(end)"
        let whole = TextBlock(text, limit: limit, lines: lines, style, typeface)
        if !whole.isEllipsized { return whole }
        var style = style
        // In smaller type if even the end is longer than a line.
        style.size *= min(1, 0.98 * limit / TextBlock(end, style, typeface).size.width)
        (style.width, style.maximumLines) = (limit, lines)
        let characters = Array(start)
        func block(_ count: Int) -> TextBlock {
            let isAll = count == characters.count
            return TextBlock(
                text, shortened: isAll ? nil : "\(String(characters.prefix(count)))… \(end)", style, typeface)
        }
        var (fitting, tooLong) = (0, characters.count + 1)
        while tooLong - fitting > 1 {
            let middle = (fitting + tooLong) / 2
            if block(middle).isEllipsized { tooLong = middle } else { fitting = middle }
        }
        return block(fitting)
    }

    deinit {
        g_object_unref(UnsafeMutableRawPointer(layout))
    }

    /// Whether a part is missing because there was no room.
    var isCut: Bool { isEllipsized || set != text }

    /// Whether there are characters for which no font was found.
    var hasUnknownCharacters: Bool { pango_layout_get_unknown_glyphs_count(layout) > 0 }

    /// Draws the text at the context's current point, in its current source.
    func show(in context: OpaquePointer) {
        pango_cairo_update_layout(context, layout)
        pango_cairo_show_layout(context, layout)
    }

    /// Adds the letters' outlines to the context's path, from its current point.
    func trace(in context: OpaquePointer) {
        pango_cairo_update_layout(context, layout)
        pango_cairo_layout_path(context, layout)
    }

    private static func printable(_ text: String) -> String {
        String(text.map { $0.isNewline || $0.unicodeScalars.allSatisfy(isControl) ? " " : $0 })
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control
    }
}
