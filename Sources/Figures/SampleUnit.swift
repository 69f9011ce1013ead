/// What the points of a figure are, as counted in its caption.
public enum SampleUnit: String, Sendable, CaseIterable {
    /// Pictures.
    case images
    /// Biological cells.
    case cells
    /// Anything.
    case samples

    /// The word after `count`.
    package func name(of count: Int) -> String { count == 1 ? String(rawValue.dropLast()) : rawValue }
}
