/// How an image is brought to another size. Pixels are areas aligned at the image's edges (half-pixel centres).
public enum ResizeFilter: String, Sendable, CaseIterable, Codable {
    /// Each new pixel from the two by two old ones nearest to it, as PyTorch's `F.interpolate(mode="bilinear",
    /// align_corners=False)` and TensorFlow 2's `tf.image.resize` do. Shrinking by more than half leaves old pixels
    /// out.
    case bilinear
    /// The same, but when shrinking the triangle that weighs old pixels grows with the factor, as torchvision's and
    /// Pillow's resizing, `F.interpolate(antialias=True)` and `tf.image.resize(antialias=True)` do.
    case antialiased = "antialias"
}
