/// How an image is brought to another size.
public enum ResizeFilter: String, Sendable, CaseIterable {
    /// Each new pixel from the two by two old ones nearest to it, as PyTorch's `F.interpolate(mode="bilinear",
    /// align_corners=False)` does. Shrinking by more than half leaves old pixels out.
    case bilinear
    /// The same, but when shrinking the triangle that weighs old pixels grows with the factor, as torchvision's and
    /// Pillow's resizing and `F.interpolate(antialias=True)` do.
    case antialiased
}
