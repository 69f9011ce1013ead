/// How an SVG represents text.
public enum SVGText: String, Sendable, CaseIterable {
    /// As text, which can be searched and edited, and is shown in another font if its own is missing.
    case text
    /// As outlines of letters, which look the same everywhere.
    case paths
}
