/// How an image is resized. Pixels are areas aligned at the image's edges (half-pixel centres).
public enum ResizeFilter: String, Sendable, CaseIterable, Codable {
    /// Each new pixel from the two by two old ones nearest to it, as in PyTorch's `F.interpolate(mode="bilinear",
    /// align_corners=False)` and TensorFlow 2's `tf.image.resize`. Shrinking by more than half skips old pixels.
    case bilinear
    /// The same, but when shrinking, the triangle that weights old pixels widens with the factor, as in torchvision's and
    /// Pillow's resizing, `F.interpolate(antialias=True)` and `tf.image.resize(antialias=True)`.
    case antialiased = "antialias"
}

extension RGBImage {
    /// The most pixels that an image may have after upsampling: 16 Mi, the largest square that a network accepts.
    package static let largestUpsampledPixelCount = 1 << 24

    /// The image resized to `newWidth` × `newHeight` pixels, whatever its aspect ratio, as 3 × `newHeight` × `newWidth` numbers
    /// 0…255 (planes of red, green, blue, rows from the top), not rounded.
    /// - Complexity: O(newHeight · (width + newWidth) · taps), where taps is 2, or twice the factor when shrinking with
    ///   antialiasing.
    func planes(width newWidth: Int, height newHeight: Int, filter: ResizeFilter) -> [Float] {
        let columns = ResamplingAxis(from: width, to: newWidth, filter: filter)
        let rows = ResamplingAxis(from: height, to: newHeight, filter: filter)
        let rowLength = width * 3
        let area = newWidth * newHeight
        return [Float](unsafeUninitializedCapacity: 3 * area) { planes, initialized in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: rowLength) { mixed in
                pixels.withUnsafeBufferPointer { pixels in
                    for y in 0..<newHeight {
                        // Down the columns first: processes whole rows of contiguous numbers at a time.
                        mixed.update(repeating: 0)
                        for tap in 0..<rows.tapCount {
                            let weight = rows.weights[y * rows.tapCount + tap]
                            // A pointer to the row: a computed index would be checked for overflow at every pixel, which
                            // prevents vectorisation.
                            let row = pixels.baseAddress! + (rows.starts[y] + tap) * rowLength
                            for x in 0..<rowLength { mixed[x] += weight * Float(row[x]) }
                        }
                        for x in 0..<newWidth {
                            var (red, green, blue): (Float, Float, Float) = (0, 0, 0)
                            for tap in 0..<columns.tapCount {
                                let weight = columns.weights[x * columns.tapCount + tap]
                                let offset = (columns.starts[x] + tap) * 3
                                red += weight * mixed[offset]
                                green += weight * mixed[offset + 1]
                                blue += weight * mixed[offset + 2]
                            }
                            planes[y * newWidth + x] = red
                            planes[area + y * newWidth + x] = green
                            planes[2 * area + y * newWidth + x] = blue
                        }
                    }
                }
            }
            initialized = 3 * area
        }
    }

    /// As `planes`, rounded to the nearest whole number, into `destination`, which holds 3 × `side` × `side` bytes.
    package func write(side: Int, filter: ResizeFilter, to destination: UnsafeMutableBufferPointer<UInt8>) {
        let area = side * side
        if width == side && height == side {
            for index in 0..<area {
                for channel in 0..<3 { destination[channel * area + index] = pixels[index * 3 + channel] }
            }
            return
        }
        for (index, value) in planes(width: side, height: side, filter: filter).enumerated() {
            destination[index] = Self.byte(value)
        }
    }

    /// The image enlarged bilinearly by `factor` in width and height, rounded to the nearest whole numbers. Traps unless
    /// `factor` is at least 1.
    /// - Complexity: O(number of new pixels).
    package func upsampled(by factor: Int) -> RGBImage {
        precondition(factor >= 1, "an image is enlarged by a factor of at least 1")
        if factor == 1 { return self }
        return resized(width: width * factor, height: height * factor, filter: .bilinear)
    }

    /// The image resized to `newWidth` × `newHeight` pixels, whatever its aspect ratio, rounded to the nearest whole numbers.
    /// - Complexity: as for `planes`.
    package func resized(width newWidth: Int, height newHeight: Int, filter: ResizeFilter) -> RGBImage {
        if newWidth == width && newHeight == height { return self }
        let planes = planes(width: newWidth, height: newHeight, filter: filter)
        let area = newWidth * newHeight
        let pixels = [UInt8](unsafeUninitializedCapacity: 3 * area) { pixels, initialized in
            for index in 0..<area {
                for channel in 0..<3 { pixels[index * 3 + channel] = Self.byte(planes[channel * area + index]) }
            }
            initialized = 3 * area
        }
        return RGBImage(width: newWidth, height: newHeight, pixels: pixels)
    }

    private static func byte(_ value: Float) -> UInt8 { UInt8(min(max(value.rounded(), 0), 255)) }
}
