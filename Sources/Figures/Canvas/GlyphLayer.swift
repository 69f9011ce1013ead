/// Ellipses that are drawn together, with one width of outline and one opacity.
struct GlyphLayer: Sendable {
    var glyphs: [Glyph]
    /// In points; 0 draws no outline. The outline lies half inside the ellipse's edge.
    var outlineWidth: Double
    /// Of fill and outline, 0…1.
    var opacity: Double

    /// An ellipse with its longer axis level.
    struct Glyph: Sendable {
        /// In points.
        var x: Double
        /// In points.
        var y: Double
        var shape: EllipseShape
        var fill: Colour
        var outline: Colour
        /// Of this glyph, times the layer's; 0…1.
        var opacity = 1.0
    }
}
