/// Which old pixels contribute to each new pixel along one axis, and with which weights.
package struct ResamplingAxis {
    /// The number of old pixels per new pixel.
    package let tapCount: Int
    /// For each new pixel, the first of its old ones.
    package let starts: [Int]
    /// New pixels × `tapCount`; those of one new pixel sum to 1.
    package let weights: [Float]

    /// `oldCount` pixels become `newCount`, pixel areas aligned at the outer edges.
    package init(from oldCount: Int, to newCount: Int, filter: ResizeFilter) {
        let scale = Double(oldCount) / Double(newCount)
        if filter == .bilinear || scale <= 1 {
            self.init(origin: 0, extent: Double(oldCount), of: oldCount, to: newCount)
            return
        }
        // The triangle 1 − |x|, stretched by the factor, cut off at the image's edges and normalised to sum to 1.
        var starts: [Int] = []
        var ranges: [[Double]] = []
        for index in 0..<newCount {
            let center = scale * (Double(index) + 0.5)
            let first = max(Int(center - scale + 0.5), 0)
            let end = min(Int(center + scale + 0.5), oldCount)
            let raw = (first..<end).map { max(0, 1 - abs((Double($0) - center + 0.5) / scale)) }
            let sum = raw.reduce(0, +)
            starts.append(first)
            ranges.append(raw.map { $0 / sum })
        }
        // All rows have the length of the longest, so that one loop serves them; a row that would then extend beyond the last
        // pixel starts earlier, with zeros in front.
        let taps = ranges.map(\.count).max() ?? 1
        var weights = [Float](repeating: 0, count: newCount * taps)
        for index in 0..<newCount {
            let shift = max(0, starts[index] + taps - oldCount)
            starts[index] -= shift
            for (tap, weight) in ranges[index].enumerated() { weights[index * taps + shift + tap] = Float(weight) }
        }
        self.init(tapCount: taps, starts: starts, weights: weights)
    }

    /// Resamples the part from `origin` on, `extent` long (both in old pixels, fractions allowed), to `newCount` pixels, each
    /// interpolated between its two nearest old ones; beyond the outermost pixels' centres their values are continued.
    package init(origin: Double, extent: Double, of oldCount: Int, to newCount: Int) {
        if oldCount == 1 {
            self.init(
                tapCount: 1, starts: [Int](repeating: 0, count: newCount),
                weights: [Float](repeating: 1, count: newCount))
            return
        }
        var starts: [Int] = []
        var weights: [Float] = []
        for index in 0..<newCount {
            let exact = origin + (Double(index) + 0.5) * extent / Double(newCount) - 0.5
            let position = min(max(exact, 0), Double(oldCount - 1))
            let first = min(Int(position), oldCount - 2)
            let share = Float(position - Double(first))
            starts.append(first)
            weights += [1 - share, share]
        }
        self.init(tapCount: 2, starts: starts, weights: weights)
    }

    private init(tapCount: Int, starts: [Int], weights: [Float]) {
        (self.tapCount, self.starts, self.weights) = (tapCount, starts, weights)
    }
}
