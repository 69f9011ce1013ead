import RasterImages

/// Writes one image into a batch: cropped and resized, mirrored and rotated, jittered, normalised.
struct ImageWriter {
    private let side: Int
    private let scales: [Float]
    private let offsets: [Float]

    init(side: Int, normalization: ChannelNormalization) {
        self.side = side
        scales = normalization.deviation.map { 1 / $0 }
        offsets = zip(normalization.mean, normalization.deviation).map { -$0 / $1 }
    }

    /// Converts 3 planes of bytes to 3 planes of normalised numbers.
    func write(_ source: UnsafePointer<UInt8>, as choice: Augmentation.Choice, to target: UnsafeMutablePointer<Float>) {
        if choice.shift != (0, 0) {
            return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 3 * side * side) { moved in
                shift(source, by: choice.shift, to: moved.baseAddress!)
                var rest = choice
                rest.shift = (0, 0)
                write(moved.baseAddress!, as: rest, to: target)
            }
        }
        let area = side * side
        let placement = ImagePlacement(choice, side: side)
        let isWhole = choice.crop.side == 1
        let columns = isWhole ? nil : axis(from: choice.crop.x, length: choice.crop.side)
        let rows = isWhole ? nil : axis(from: choice.crop.y, length: choice.crop.side)
        for channel in 0..<3 {
            let plane = source + channel * area
            let out = target + channel * area
            // With jitter, values are first plain shares of 255 and are normalised at the end.
            let scale = choice.jitterFactors == nil ? scales[channel] / 255 : 1 / 255
            let offset = choice.jitterFactors == nil ? offsets[channel] : 0
            if let columns, let rows {
                writeResampled(plane, rows, columns, placement, scale, offset, to: out)
            } else {
                for y in 0..<side {
                    let row = plane + y * side
                    let place = out + (placement.origin + y * placement.rowStep)
                    for x in 0..<side { place[x * placement.columnStep] = Float(row[x]) * scale + offset }
                }
            }
        }
        guard let factors = choice.jitterFactors else { return }
        ColorJitter.apply(factors, to: target, area: area)
        for channel in 0..<3 {
            let (scale, offset) = (scales[channel], offsets[channel])
            for index in channel * area..<(channel + 1) * area { target[index] = target[index] * scale + offset }
        }
    }

    /// Three planes seen through a frame that is moved; outside them it is black.
    private func shift(
        _ source: UnsafePointer<UInt8>, by shift: (x: Int, y: Int), to moved: UnsafeMutablePointer<UInt8>
    ) {
        moved.initialize(repeating: 0, count: 3 * side * side)
        func covered(_ shift: Int) -> Range<Int> {
            let first = min(max(0, -shift), side)
            return first..<max(first, min(side, side - shift))
        }
        let (columns, rows) = (covered(shift.x), covered(shift.y))
        for channel in 0..<3 {
            for y in rows {
                let start = (channel * side + y) * side + columns.lowerBound
                moved.advanced(by: start).update(
                    from: source + (start + shift.y * side + shift.x), count: columns.count)
            }
        }
    }

    /// The axis that resizes a part of the image, in shares of its side, to the whole.
    private func axis(from start: Double, length: Double) -> ResamplingAxis {
        ResamplingAxis(origin: start * Double(side), extent: length * Double(side), of: side, to: side)
    }

    private func writeResampled(
        _ plane: UnsafePointer<UInt8>, _ rows: ResamplingAxis, _ columns: ResamplingAxis, _ placement: ImagePlacement,
        _ scale: Float, _ offset: Float, to out: UnsafeMutablePointer<Float>
    ) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: side) { mixed in
            columns.starts.withUnsafeBufferPointer { starts in
                columns.weights.withUnsafeBufferPointer { weights in
                    for y in 0..<side {
                        let upper = plane + rows.starts[y] * side
                        let lower = upper + side
                        // The normalisation is linear, so it can be applied to the rows' weights.
                        let (upperWeight, lowerWeight) = (rows.weights[2 * y] * scale, rows.weights[2 * y + 1] * scale)
                        for x in 0..<side {
                            mixed[x] = upperWeight * Float(upper[x]) + lowerWeight * Float(lower[x]) + offset
                        }
                        let place = out + (placement.origin + y * placement.rowStep)
                        for x in 0..<side {
                            let start = starts[x]
                            place[x * placement.columnStep] =
                                weights[2 * x] * mixed[start] + weights[2 * x + 1] * mixed[start + 1]
                        }
                    }
                }
            }
        }
    }
}

/// The position of each pixel of an image after mirroring and rotation: row y, column x goes to `origin + y · rowStep + x ·
/// columnStep` in a plane of `side` × `side` values.
struct ImagePlacement {
    let origin: Int
    let rowStep: Int
    let columnStep: Int

    init(_ choice: Augmentation.Choice, side: Int) {
        // The unit vectors of the source's columns and rows, in the target.
        var (columnX, columnY, rowX, rowY) = (1, 0, 0, 1)
        if choice.flipsHorizontally { columnX = -1 }
        if choice.flipsVertically { rowY = -1 }
        for _ in 0..<choice.quarterTurns {
            // Clockwise, with y pointing down: right becomes down, down becomes left.
            (columnX, columnY) = (-columnY, columnX)
            (rowX, rowY) = (-rowY, rowX)
        }
        // If either vector points left (up), the source's first pixel ends up at the right (bottom).
        let x = columnX + rowX < 0 ? side - 1 : 0
        let y = columnY + rowY < 0 ? side - 1 : 0
        origin = y * side + x
        rowStep = rowY * side + rowX
        columnStep = columnY * side + columnX
    }
}
