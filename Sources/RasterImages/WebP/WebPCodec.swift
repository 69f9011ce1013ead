import CWebP

/// WebP to 8-bit RGB with libwebp.
public enum WebPCodec {
    /// 64 Mi pixels, 192 MiB as RGB.
    public static let largestPixelCount = PNGCodec.largestPixelCount

    /// Decodes a still WebP image, lossy or lossless.
    ///
    /// An alpha channel is dropped and the colours under it are used as they are, like in Pillow's `convert("RGB")`; a colour
    /// profile is ignored. Unless `exif` says otherwise, the image is rotated according to its EXIF orientation (Pillow's
    /// `ImageOps.exif_transpose`). Bytes after the end that the file states are ignored. Throws `WebPError`; nothing is
    /// allocated for the pixels before the header has been found plausible for the number of bytes.
    public static func decode(_ bytes: [UInt8], exif: EXIFUse = .apply) throws(WebPError) -> RGBImage {
        let header = try WebPHeader(bytes)
        let count = header.width * header.height * 3
        var status = VP8_STATUS_OK
        let pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            var config = WebPDecoderConfig()
            WebPInitDecoderConfig(&config)
            config.output.colorspace = MODE_RGB
            config.output.is_external_memory = 1
            config.output.u.RGBA = WebPRGBABuffer(
                rgba: buffer.baseAddress, stride: Int32(header.width * 3), size: count)
            status = bytes.withUnsafeBufferPointer { WebPDecode($0.baseAddress, header.byteCount, &config) }
            WebPFreeDecBuffer(&config.output)
            initialized = status == VP8_STATUS_OK ? count : 0
        }
        if let error = error(status, byteCount: bytes.count) { throw error }
        return RGBImage(width: header.width, height: header.height, pixels: pixels).oriented(header.orientation, exif)
    }

    /// Nil if `status` is not a failure.
    static func error(_ status: VP8StatusCode, byteCount: Int) -> WebPError? {
        switch status {
        case VP8_STATUS_OK: nil
        case VP8_STATUS_NOT_ENOUGH_DATA: .cutShort(byteCount: byteCount)
        case VP8_STATUS_OUT_OF_MEMORY: .damaged("not enough memory")
        case VP8_STATUS_BITSTREAM_ERROR: .damaged("an error in the bit stream")
        case VP8_STATUS_UNSUPPORTED_FEATURE: .damaged("an unsupported feature")
        default: .damaged("status \(status.rawValue)")
        }
    }
}
