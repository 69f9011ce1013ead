import Foundation
import TensorFiles

/// An image file's bytes, with their format according to the first bytes, whatever the file is called.
struct ImageFile {
    private let path: String
    private let bytes: [UInt8]
    private let format: Format

    private enum Format { case png, jpeg, webp }

    /// Reads the file. Throws `ImageFileError` if that fails or its format is not supported.
    init(_ url: URL) throws(ImageFileError) {
        path = url.path
        do throws(FileReadError) {
            let file = try InputFile(url)
            bytes = try file.bytes(at: 0, count: file.size)
        } catch {
            throw .unreadable(error)
        }
        switch ImageFormat(start: Array(bytes.prefix(ImageFormat.startSize))) {
        case .png: format = .png
        case .jpeg: format = .jpeg
        case .webp: format = .webp
        case let other?: throw .unreadFormat(path: path, name: other.rawValue)
        case nil: throw .unknownFormat(path: path, start: Array(bytes.prefix(4)))
        }
    }

    /// The size in the header, after rotation to upright. Throws `ImageFileError`.
    func size() throws(ImageFileError) -> (width: Int, height: Int) {
        switch format {
        case .png:
            do throws(PNGError) {
                let header = try PNGHeader(bytes)
                return header.orientation.isTurned ? (header.height, header.width) : (header.width, header.height)
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
        case .webp:
            do throws(WebPError) {
                let header = try WebPHeader(bytes)
                return header.orientation.isTurned ? (header.height, header.width) : (header.width, header.height)
            } catch {
                throw .webp(path: path, error)
            }
        }
    }

    /// Nil unless it is a PNG with 16 bits per channel. Throws `ImageFileError`.
    func brightestLevelIfDeep() throws(ImageFileError) -> UInt8? {
        guard format == .png else { return nil }
        do throws(PNGError) {
            if try PNGHeader(bytes).bitsPerChannel < 16 { return nil }
        } catch {
            throw .png(path: path, error)
        }
        return try decode(exif: .ignore).pixels.max()
    }

    /// Throws `ImageFileError`.
    func decode(exif: EXIFUse) throws(ImageFileError) -> RGBImage {
        switch format {
        case .png:
            do throws(PNGError) {
                return try PNGCodec.decode(bytes, exif: exif)
            } catch {
                throw .png(path: path, error)
            }
        case .jpeg:
            do throws(JPEGError) {
                return try JPEGCodec.decode(bytes, exif: exif)
            } catch {
                throw .jpeg(path: path, error)
            }
        case .webp:
            do throws(WebPError) {
                return try WebPCodec.decode(bytes, exif: exif)
            } catch {
                throw .webp(path: path, error)
            }
        }
    }
}

extension RGBImage {
    /// Reads the image in the file at `url`, PNG (`PNGCodec.decode`), JPEG (`JPEGCodec.decode`) or WebP (`WebPCodec.decode`),
    /// distinguished by the first bytes. Throws `ImageFileError`.
    public init(contentsOf url: URL, exif: EXIFUse = .apply) throws(ImageFileError) {
        self = try ImageFile(url).decode(exif: exif)
    }

    /// The width and height in pixels of the image in the file at `url`, read without decoding it. Throws `ImageFileError`.
    public static func size(of url: URL) throws(ImageFileError) -> (width: Int, height: Int) {
        try ImageFile(url).size()
    }

    /// The brightest of the levels 0 to 255 that the image in the file at `url` is read as, if it is a PNG with 16 bits per
    /// channel; nil for other images. Throws `ImageFileError`.
    public static func brightestLevel(ofDeepPNG url: URL) throws(ImageFileError) -> UInt8? {
        try ImageFile(url).brightestLevelIfDeep()
    }
}
