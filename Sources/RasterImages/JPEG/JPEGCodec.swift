import CJPEGDecoder

/// JPEG to 8-bit RGB with libjpeg-turbo. The only code that calls it.
public enum JPEGCodec {
    /// 64 Mi pixels, 192 MiB as RGB.
    public static let largestPixelCount = PNGCodec.largestPixelCount
    /// Far more than encoders produce; each scan is a pass over the whole image.
    public static let largestScanCount = 100

    /// Decodes a JPEG image: sequential or progressive, 8 bits per sample, grey, YCbCr, RGB, CMYK or YCCK.
    ///
    /// The numbers are those of Pillow's `convert("RGB")`: accurate integer transform, smooth chroma upsampling, grey as three
    /// equal channels. CMYK is assumed to be stored inverted, as by Adobe, and converted to red = (255 − cyan) · (255 − black)
    /// / 255 and so on, without colour profiles. Unless `exif` says otherwise, the image is rotated according to its EXIF
    /// orientation, as the annotators saw it (Pillow's `ImageOps.exif_transpose`; torchvision and TensorFlow do not do this by
    /// default). Bytes after the end marker are ignored.
    ///
    /// Throws `JPEGError`, also where libjpeg would only warn and fill in grey. Nothing is allocated for the pixels before the
    /// header has been found plausible for the number of bytes.
    public static func decode(_ bytes: [UInt8], exif: EXIFUse = .apply) throws(JPEGError) -> RGBImage {
        let header = try JPEGHeader(bytes)
        let count = header.width * header.height * 3
        var failure: String?
        let pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(penumbra_jpeg_message_size)) { message in
                let status = penumbra_jpeg_decode(
                    bytes, bytes.count, Int32(header.width), Int32(header.height), buffer.baseAddress!,
                    message.baseAddress!)
                if status != 0 { failure = String(cString: message.baseAddress!) }
                initialized = status == 0 ? count : 0
            }
        }
        if let failure { throw .damaged(failure) }
        return RGBImage(width: header.width, height: header.height, pixels: pixels).oriented(header.orientation, exif)
    }
}
