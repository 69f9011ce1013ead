import CWebP
import Foundation

/// The owner of libwebp's animation encoder.
package final class WebPFilmEncoder {
    private let encoder: OpaquePointer
    private var config = WebPConfig()
    private var picture = WebPPicture()

    /// An encoder for pictures of this size, in pixels.
    package init(width: Int, height: Int, quality: Float) throws(WebPEncoderError) {
        var options = WebPAnimEncoderOptions()
        guard WebPAnimEncoderOptionsInit(&options) != 0, WebPConfigPreset(&config, WEBP_PRESET_DRAWING, quality) != 0,
            WebPPictureInit(&picture) != 0
        else { throw WebPEncoderError("libwebp is a different version") }
        // Letters and thin outlines keep their colours; occasional key frames let players seek.
        config.use_sharp_yuv = 1
        config.thread_level = 1
        options.kmin = 9
        options.kmax = 17
        guard let encoder = WebPAnimEncoderNew(Int32(clamping: width), Int32(clamping: height), &options) else {
            throw WebPEncoderError("libwebp cannot make a film of \(width) x \(height) pixels")
        }
        self.encoder = encoder
        picture.use_argb = 1
        picture.width = Int32(clamping: width)
        picture.height = Int32(clamping: height)
        if WebPPictureAlloc(&picture) == 0 {
            WebPAnimEncoderDelete(encoder)
            throw WebPEncoderError("not enough memory for \(width) x \(height) pixels")
        }
    }

    deinit {
        WebPPictureFree(&picture)
        WebPAnimEncoderDelete(encoder)
    }

    /// Adds a picture that is shown from `milliseconds` on; these must increase from one picture to the next.
    package func append(_ surface: CairoSurface, at milliseconds: Int32) throws(WebPEncoderError) {
        let (width, height) = (Int(picture.width), Int(picture.height))
        surface.withPixels { pixels, stride, columns, rows in
            let paper = pixels[(rows.count - 1) * stride] | 0xFF00_0000
            for row in 0..<height {
                let line = picture.argb + row * Int(picture.argb_stride)
                for column in 0..<width {
                    let isThere = row < rows.count && column < columns.count
                    line[column] = isThere ? pixels[row * stride + column] | 0xFF00_0000 : paper
                }
            }
        }
        if WebPAnimEncoderAdd(encoder, &picture, milliseconds, &config) == 0 { throw failure }
    }

    /// Returns the file, whose last picture ends at `milliseconds`. Nothing can be added afterwards.
    package func finished(at milliseconds: Int32) throws(WebPEncoderError) -> Data {
        var data = WebPData()
        WebPDataInit(&data)
        defer { WebPDataClear(&data) }
        guard WebPAnimEncoderAdd(encoder, nil, milliseconds, nil) != 0,
            WebPAnimEncoderAssemble(encoder, &data) != 0, let bytes = data.bytes
        else { throw failure }
        return Data(bytes: bytes, count: data.size)
    }

    private var failure: WebPEncoderError { WebPEncoderError(String(cString: WebPAnimEncoderGetError(encoder))) }
}

/// Why libwebp produced no image.
package struct WebPEncoderError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

extension WebPCodec {
    /// A lossy image of `pixels`: red, green, blue and alpha, row by row; `quality` is from 0 to 100.
    package static func encode(
        rgba pixels: [UInt8], width: Int, height: Int, quality: Float
    ) throws(WebPEncoderError) -> Data {
        precondition(pixels.count == 4 * width * height, "four bytes per pixel")
        var output: UnsafeMutablePointer<UInt8>?
        let size = WebPEncodeRGBA(
            pixels, Int32(clamping: width), Int32(clamping: height), Int32(clamping: 4 * width), quality, &output)
        guard size > 0, let output else { throw WebPEncoderError("libwebp could not encode it") }
        defer { WebPFree(output) }
        return Data(bytes: output, count: size)
    }
}
