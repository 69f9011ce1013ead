/// What the texts of an SVG are.
public enum SVGText: String, Sendable, CaseIterable {
    /// Text, which can be searched and edited, and is shown in another font where its own is missing.
    case text
    /// Outlines of letters, the same everywhere.
    case paths
}
