import CKernels
import Numerics

/// The processing of a row of pixels before it is compressed as part of a PNG file.
struct PNGRows {
    /// Which version of the loops runs; those in plain Swift are the reference for those in C.
    let path: KernelPath

    /// Writes red, green and blue of pixels (0xAARRGGBB) as bytes.
    func unpack(_ pixels: UnsafeBufferPointer<UInt32>, into samples: UnsafeMutablePointer<UInt8>) {
        if let code = path.code {
            return penumbra_png_rgb(code, pixels.baseAddress, Int64(pixels.count), samples)
        }
        for (i, pixel) in pixels.enumerated() {
            for (channel, shift) in [16, 8, 0].enumerated() {
                samples[3 * i + channel] = UInt8(truncatingIfNeeded: pixel >> UInt32(shift))
            }
        }
    }

    /// Writes the differences of a row's `count` bytes from Paeth's predictor (PNG specification, filter type 4).
    ///
    /// - Parameters:
    ///   - row: `pixelBytes` zeros must precede its first byte.
    ///   - above: the row above, or zeros, with `pixelBytes` zeros before it.
    func filter(
        _ row: UnsafePointer<UInt8>, above: UnsafePointer<UInt8>, count: Int, pixelBytes: Int,
        into filtered: UnsafeMutablePointer<UInt8>
    ) {
        if let code = path.code {
            return penumbra_png_paeth(code, row, above, Int64(count), Int64(pixelBytes), filtered)
        }
        for i in 0..<count {
            let (left, up, corner) = (Int(row[i - pixelBytes]), Int(above[i]), Int(above[i - pixelBytes]))
            let (toLeft, toUp, toCorner) = (abs(up - corner), abs(left - corner), abs(left + up - 2 * corner))
            let predicted = toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner
            filtered[i] = row[i] &- UInt8(predicted)
        }
    }
}
