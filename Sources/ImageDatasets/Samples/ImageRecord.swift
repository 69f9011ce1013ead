/// Where an image lies in a file of many, uncompressed: the planes of red, green and blue one after the other, 8 bits a
/// pixel, rows from the top.
public struct ImageRecord: Sendable, Equatable {
    /// Of the red plane's first byte in the file.
    public let offset: Int
    /// In pixels.
    public let width: Int
    /// In pixels.
    public let height: Int

    /// Traps unless the image has a pixel and lies in a file.
    public init(offset: Int, width: Int, height: Int) {
        precondition(offset >= 0 && width > 0 && height > 0, "an image with a pixel, in a file")
        self.offset = offset
        self.width = width
        self.height = height
    }
}
