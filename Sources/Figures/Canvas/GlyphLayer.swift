/// Ellipses that are drawn together, with the same outline width and opacity.
struct GlyphLayer: Sendable {
    var glyphs: [Glyph]
    /// In points; 0 draws no outline. Half of the outline lies inside the ellipse's edge.
    var outlineWidth: Double
    /// The opacity of fill and outline, 0…1.
    var opacity: Double

    /// An ellipse whose longer axis is horizontal.
    struct Glyph: Sendable {
        /// In points.
        var x: Double
        /// In points.
        var y: Double
        var shape: EllipseShape
        var fill: Colour
        var outline: Colour
        /// The opacity of this glyph, 0…1, multiplied by the layer's.
        var opacity = 1.0
    }
}
