extension RGBImage {
    /// The image at `side` × `side` pixels, whatever its proportions were, as 3 × `side` × `side` numbers 0…255 (planes of
    /// red, green, blue, rows from the top), not rounded.
    /// - Complexity: O(side · width · taps), where taps is 2, or twice the factor when shrinking with antialiasing.
    func planes(side: Int, filter: ResizeFilter) -> [Float] {
        let columns = ResamplingAxis(from: width, to: side, filter: filter)
        let rows = ResamplingAxis(from: height, to: side, filter: filter)
        let rowLength = width * 3
        return [Float](unsafeUninitializedCapacity: 3 * side * side) { planes, initialized in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: rowLength) { mixed in
                pixels.withUnsafeBufferPointer { pixels in
                    for y in 0..<side {
                        // Down the columns first: whole rows of neighbouring numbers at a time.
                        mixed.update(repeating: 0)
                        for tap in 0..<rows.tapCount {
                            let weight = rows.weights[y * rows.tapCount + tap]
                            let row = (rows.starts[y] + tap) * rowLength
                            for x in 0..<rowLength { mixed[x] += weight * Float(pixels[row + x]) }
                        }
                        for x in 0..<side {
                            var (red, green, blue): (Float, Float, Float) = (0, 0, 0)
                            for tap in 0..<columns.tapCount {
                                let weight = columns.weights[x * columns.tapCount + tap]
                                let offset = (columns.starts[x] + tap) * 3
                                red += weight * mixed[offset]
                                green += weight * mixed[offset + 1]
                                blue += weight * mixed[offset + 2]
                            }
                            planes[y * side + x] = red
                            planes[(side + y) * side + x] = green
                            planes[(2 * side + y) * side + x] = blue
                        }
                    }
                }
            }
            initialized = 3 * side * side
        }
    }

    /// As `planes`, rounded to the nearest whole number, into `destination`, which holds 3 × `side` × `side` bytes.
    func write(side: Int, filter: ResizeFilter, to destination: UnsafeMutableBufferPointer<UInt8>) {
        let area = side * side
        if width == side && height == side {
            for index in 0..<area {
                for channel in 0..<3 { destination[channel * area + index] = pixels[index * 3 + channel] }
            }
            return
        }
        for (index, value) in planes(side: side, filter: filter).enumerated() {
            destination[index] = UInt8(min(max(value.rounded(), 0), 255))
        }
    }
}
