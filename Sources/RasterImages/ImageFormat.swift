import Foundation
import TensorFiles

/// A format of image files, recognised by the first bytes, whatever the file is called.
package enum ImageFormat: String, Sendable, CaseIterable {
    case png = "PNG"
    case jpeg = "JPEG"
    case webp = "WebP"
    case gif = "GIF"
    case bmp = "BMP"
    case tiff = "TIFF"
    /// HEIC and AVIF too.
    case heif = "HEIF"
    case jpeg2000 = "JPEG 2000"
    case dicom = "DICOM"

    /// Whether images in that format can be read.
    package var isRead: Bool { [.png, .jpeg, .webp].contains(self) }

    /// The supported formats, in words.
    package static let wordsForRead = "PNG, JPEG or WebP"

    /// How many bytes at the beginning of a file identify its format.
    package static let startSize = 132

    /// The format of the file at `url`; nil if it is unknown, or the file cannot be read.
    package static func found(in url: URL) -> ImageFormat? {
        guard let file = try? InputFile(url) else { return nil }
        let start = try? file.bytes(at: 0, count: min(file.size, startSize))
        return start.flatMap { ImageFormat(start: $0) }
    }

    /// The format given by the first bytes of a file. A file that ends inside the signature of a supported format is taken for
    /// a truncated one, which the format's codec reports.
    package init?(start: [UInt8]) {
        if start.isEmpty { return nil }
        func has(_ text: String, at offset: Int) -> Bool { start.dropFirst(offset).starts(with: text.utf8) }
        if start.starts(with: Self.pngSignature.prefix(start.count)) {
            self = .png
        } else if start.starts(with: Self.jpegSignature.prefix(start.count)) {
            self = .jpeg
        } else if has("RIFF", at: 0), has("WEBP", at: 8) || start.count < 12 {
            self = .webp
        } else if has("GIF87a", at: 0) || has("GIF89a", at: 0) {
            self = .gif
        } else if has("BM", at: 0), start.count >= 18, start[6..<10].allSatisfy({ $0 == 0 }),
            Self.bmpHeaderSizes.contains(Int(start[14])), start[15..<18].allSatisfy({ $0 == 0 })
        {
            self = .bmp
        } else if start.starts(with: [0x49, 0x49, 0x2A, 0]) || start.starts(with: [0x4D, 0x4D, 0, 0x2A])
            || start.starts(with: [0x49, 0x49, 0x2B, 0]) || start.starts(with: [0x4D, 0x4D, 0, 0x2B])
        {
            self = .tiff
        } else if has("ftyp", at: 4), Self.heifBrands.contains(where: { has($0, at: 8) }) {
            self = .heif
        } else if start.starts(with: [0, 0, 0, 0x0C, 0x6A, 0x50, 0x20, 0x20])
            || start.starts(with: [0xFF, 0x4F, 0xFF, 0x51])
        {
            self = .jpeg2000
        } else if has("DICM", at: 128) {
            self = .dicom
        } else {
            return nil
        }
    }

    private static let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47]
    private static let jpegSignature: [UInt8] = [0xFF, 0xD8]
    /// The sizes of the header that follows the file header: two letters alone would match many texts.
    private static let bmpHeaderSizes: Set = [12, 16, 40, 52, 56, 64, 108, 124]
    private static let heifBrands = ["heic", "heix", "heim", "heis", "hevc", "mif1", "msf1", "avif", "avis"]
}
