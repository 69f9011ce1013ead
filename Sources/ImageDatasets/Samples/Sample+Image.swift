import Foundation
import RasterImages
import TensorFiles

extension Sample {
    /// Reads the image. Throws `ImageFileError`.
    public func image(exif: EXIFUse = .apply) throws(ImageFileError) -> RGBImage {
        guard let record else { return try RGBImage(contentsOf: imageURL, exif: exif) }
        let area = record.width * record.height
        let planes: [UInt8]
        do throws(FileReadError) {
            let file = try InputFile(imageURL)
            if file.size - record.offset < 3 * area { throw .becameShorter(path: file.path) }
            planes = try file.bytes(at: record.offset, count: 3 * area)
        } catch {
            throw .unreadable(error)
        }
        let pixels = [UInt8](unsafeUninitializedCapacity: 3 * area) { pixels, initialized in
            for channel in 0..<3 {
                for index in 0..<area { pixels[3 * index + channel] = planes[channel * area + index] }
            }
            initialized = 3 * area
        }
        return RGBImage(width: record.width, height: record.height, pixels: pixels)
    }

    /// The image's width and height in pixels, read without decoding it. Throws `ImageFileError`.
    public func imageSize() throws(ImageFileError) -> (width: Int, height: Int) {
        guard let record else { return try RGBImage.size(of: imageURL) }
        return (record.width, record.height)
    }
}
