/// An image with 8 bits per channel, rows from the top, each pixel red, green, blue.
public struct RGBImage: Sendable, Equatable {
    /// In pixels.
    public let width: Int
    /// In pixels.
    public let height: Int
    /// `height` × `width` × 3 bytes.
    public let pixels: [UInt8]

    /// Traps unless `pixels` holds `height` × `width` × 3 bytes of a non-empty image.
    public init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(width > 0 && height > 0, "an image has at least one pixel")
        precondition(pixels.count == width * height * 3, "\(pixels.count) bytes for \(width) × \(height) pixels")
        self.width = width
        self.height = height
        self.pixels = pixels
    }
}
