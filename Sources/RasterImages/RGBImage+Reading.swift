import Foundation

extension RGBImage {
    /// Reads the image in the file at `url`, PNG (`PNGCodec.decode`) or JPEG (`JPEGCodec.decode`), told apart by the
    /// first bytes. Throws `ImageFileError`.
    public init(contentsOf url: URL) throws(ImageFileError) {
        self = try ImageFile(url).decode()
    }

    /// The width and height in pixels of the image in the file at `url`, which is not decoded. Throws `ImageFileError`.
    public static func size(of url: URL) throws(ImageFileError) -> (width: Int, height: Int) {
        try ImageFile(url).size()
    }
}
