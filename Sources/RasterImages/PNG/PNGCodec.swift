import CPNG

/// PNG to and from 8-bit RGB with libpng's simplified interface. The only code that calls libpng.
public enum PNGCodec {
    /// 64 Mi pixels, 192 MiB as RGB.
    public static let largestPixelCount = 1 << 26

    /// Decodes a PNG image of any colour type and depth, interlaced or not.
    ///
    /// Grey becomes three equal channels; 16 bits per channel become 8, rounded to nearest; an alpha channel is dropped and the
    /// colours under it are used as they are, like in Pillow's `convert("RGB")`. Gamma and colour profiles are ignored, as
    /// there. The image is rotated according to its EXIF orientation (`eXIf`), unless `exif` says otherwise. Bytes after the
    /// image's end are ignored. Throws `PNGError`; nothing is allocated for the pixels before the header has been found
    /// plausible for the number of bytes.
    public static func decode(_ bytes: [UInt8], exif: EXIFUse = .apply) throws(PNGError) -> RGBImage {
        let header = try PNGHeader(bytes)
        let result: Result<RGBImage, PNGError> = header.withoutGamma(bytes).withUnsafeBytes { source in
            var image = png_image()
            image.version = png_uint_32(PNG_IMAGE_VERSION)
            defer { png_image_free(&image) }
            guard png_image_begin_read_from_memory(&image, source.baseAddress, source.count) != 0 else {
                return .failure(.damaged(message(of: image)))
            }
            guard Int(image.width) == header.width && Int(image.height) == header.height else {
                return .failure(.damaged("the size differs from the header's"))
            }
            let hasAlpha = image.format & png_uint_32(PNG_FORMAT_FLAG_ALPHA) != 0
            image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR) | (hasAlpha ? png_uint_32(PNG_FORMAT_FLAG_ALPHA) : 0)
            image.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
            let count = header.width * header.height * (hasAlpha ? 4 : 3)
            var finished = false
            let pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
                finished = png_image_finish_read(&image, nil, buffer.baseAddress, 0, nil) != 0
                initialized = finished ? count : 0
            }
            guard finished else { return .failure(.damaged(message(of: image))) }
            let opaque = hasAlpha ? withoutAlpha(pixels) : pixels
            return .success(
                RGBImage(width: header.width, height: header.height, pixels: opaque).oriented(header.orientation, exif))
        }
        return try result.get()
    }

    /// Encodes `image` as a PNG with 8 bits per channel, in one channel if all pixels are grey and otherwise three, with
    /// libpng's fast settings (no row filters, zlib level 3). The bytes depend only on the image and on the versions of libpng
    /// and zlib. Throws `PNGError.notEncoded`.
    public static func encode(_ image: RGBImage) throws(PNGError) -> [UInt8] {
        var info = png_image()
        info.version = png_uint_32(PNG_IMAGE_VERSION)
        info.width = png_uint_32(image.width)
        info.height = png_uint_32(image.height)
        let grey = greyLevels(of: image)
        let samples = grey ?? image.pixels
        info.format = grey == nil ? png_uint_32(PNG_FORMAT_FLAG_COLOR) : 0
        info.flags = png_uint_32(PNG_IMAGE_FLAG_FAST)
        defer { png_image_free(&info) }
        // Deflate's stored blocks add at most 5 bytes per 16 KiB, a chunk of 8 KiB adds 12, and a row its filter byte.
        let raw = samples.count + image.height
        let capacity = raw + raw / 256 + 1024
        var written = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initialized in
            var size = png_alloc_size_t(capacity)
            let status = png_image_write_to_memory(&info, buffer.baseAddress, &size, 0, samples, 0, nil)
            written = status == 0 ? 0 : Int(size)
            initialized = written
        }
        if written == 0 { throw .notEncoded(message(of: info)) }
        return bytes
    }

    /// One byte per pixel; nil if any pixel is coloured.
    private static func greyLevels(of image: RGBImage) -> [UInt8]? {
        image.pixels.withUnsafeBufferPointer { pixels in
            let isGrey = stride(from: 0, to: pixels.count, by: 3).allSatisfy {
                pixels[$0] == pixels[$0 + 1] && pixels[$0] == pixels[$0 + 2]
            }
            return isGrey ? stride(from: 0, to: pixels.count, by: 3).map { pixels[$0] } : nil
        }
    }

    private static func withoutAlpha(_ pixels: [UInt8]) -> [UInt8] {
        let count = pixels.count / 4
        return [UInt8](unsafeUninitializedCapacity: count * 3) { opaque, initialized in
            for index in 0..<count {
                for channel in 0..<3 { opaque[index * 3 + channel] = pixels[index * 4 + channel] }
            }
            initialized = count * 3
        }
    }

    private static func message(of image: png_image) -> String {
        withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
