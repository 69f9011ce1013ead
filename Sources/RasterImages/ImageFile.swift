import Foundation
import TensorFiles

/// An image file's bytes, in the format that they begin with, whatever the file is called.
struct ImageFile {
    private let path: String
    private let bytes: [UInt8]
    private let format: Format

    private enum Format: CaseIterable {
        case png, jpeg

        var signature: [UInt8] {
            switch self {
            case .png: [0x89, 0x50, 0x4E, 0x47]
            case .jpeg: [0xFF, 0xD8]
            }
        }
    }

    /// Reads the file. Throws `ImageFileError` where that fails or the format is none of the known ones.
    init(_ url: URL) throws(ImageFileError) {
        path = url.path
        do throws(FileReadError) {
            let file = try InputFile(url)
            bytes = try file.bytes(at: 0, count: file.size)
        } catch {
            throw .unreadable(error)
        }
        // A file that ends within its signature is cut short, which its codec says.
        let start = bytes
        let format = Format.allCases.first { !start.isEmpty && start.starts(with: $0.signature.prefix(start.count)) }
        guard let format else { throw .unknownFormat(path: path, start: Array(bytes.prefix(4))) }
        self.format = format
    }

    /// What the header says, turned upright. Throws `ImageFileError`.
    func size() throws(ImageFileError) -> (width: Int, height: Int) {
        switch format {
        case .png:
            do throws(PNGError) {
                let header = try PNGHeader(bytes)
                return (header.width, header.height)
            } catch {
                throw .png(path: path, error)
            }
        case .jpeg:
            do throws(JPEGError) {
                let header = try JPEGHeader(bytes)
                return header.orientation.isTurned ? (header.height, header.width) : (header.width, header.height)
            } catch {
                throw .jpeg(path: path, error)
            }
        }
    }

    /// Throws `ImageFileError`.
    func decode() throws(ImageFileError) -> RGBImage {
        switch format {
        case .png:
            do throws(PNGError) { return try PNGCodec.decode(bytes) } catch { throw .png(path: path, error) }
        case .jpeg:
            do throws(JPEGError) { return try JPEGCodec.decode(bytes) } catch { throw .jpeg(path: path, error) }
        }
    }
}

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
