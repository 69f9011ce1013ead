import Foundation
import TensorFiles

extension RGBImage {
    /// Reads the PNG image in the file at `url`, as `PNGCodec.decode` does. Throws `ImageFileError`.
    public init(contentsOf url: URL) throws(ImageFileError) {
        let bytes: [UInt8]
        do throws(FileReadError) {
            let file = try InputFile(url)
            bytes = try file.bytes(at: 0, count: file.size)
        } catch {
            throw .unreadable(error)
        }
        do throws(PNGError) {
            self = try PNGCodec.decode(bytes)
        } catch {
            throw .png(path: url.path, error)
        }
    }
}
