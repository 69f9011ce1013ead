/// Mean and variance of a map's channels, gathered tile by tile on several threads.
///
/// Tiles are merged by Chan, Golub and LeVeque's rule ("Updating formulae and a pairwise algorithm for computing sample
/// variances", 1979) in Double, so that a mean far from zero costs no digits.
final class BatchMoments {
    private let channels: Int
    private let counts: UnsafeMutablePointer<Int>
    private let means: UnsafeMutablePointer<Double>
    private let deviations: UnsafeMutablePointer<Double>
    private let tileMeans: UnsafeMutablePointer<Double>
    private let tileDeviations: UnsafeMutablePointer<Double>
    private let threads: Int

    init(channels: Int, threads: Int) {
        self.channels = channels
        self.threads = threads
        counts = .allocate(capacity: threads)
        counts.initialize(repeating: 0, count: threads)
        func doubles() -> UnsafeMutablePointer<Double> {
            let pointer = UnsafeMutablePointer<Double>.allocate(capacity: channels * threads)
            pointer.initialize(repeating: 0, count: channels * threads)
            return pointer
        }
        means = doubles()
        deviations = doubles()
        tileMeans = doubles()
        tileDeviations = doubles()
    }

    deinit {
        for pointer in [means, deviations, tileMeans, tileDeviations] { pointer.deallocate() }
        counts.deallocate()
    }

    func clear() {
        for thread in 0..<threads { counts[thread] = 0 }
    }

    /// Adds one tile of `images` images at `values`, on the thread numbered `thread`.
    func add(
        _ values: UnsafePointer<Float>, of map: FeatureMap, images: Int, thread: Int, _ kernels: BlockedKernels
    ) {
        let tileMean = tileMeans + thread * channels, tileDeviation = tileDeviations + thread * channels
        kernels.moments(values, of: map, images: images, mean: tileMean, deviations: tileDeviation)
        let mean = means + thread * channels, deviation = deviations + thread * channels
        let before = counts[thread]
        let added = images * map.positions
        let share = Double(added) / Double(before + added)
        for c in 0..<channels {
            if before == 0 {
                mean[c] = tileMean[c]
                deviation[c] = tileDeviation[c]
            } else {
                let gap = tileMean[c] - mean[c]
                mean[c] += gap * share
                deviation[c] += tileDeviation[c] + gap * gap * Double(before) * share
            }
        }
        counts[thread] = before + added
    }

    /// Merges the threads in their order and stores mean and (biased) variance in `map`.
    func store(in map: FeatureMap) {
        let total = (0..<threads).reduce(0) { $0 + counts[$1] }
        map.statisticsCount = total
        for c in 0..<channels {
            var count = 0.0, mean = 0.0, deviation = 0.0
            for thread in 0..<threads where counts[thread] > 0 {
                let added = Double(counts[thread])
                let gap = means[thread * channels + c] - mean
                mean += gap * added / (count + added)
                deviation += deviations[thread * channels + c] + gap * gap * count * added / (count + added)
                count += added
            }
            map.mean[c] = Float(mean)
            map.variance[c] = Float(deviation / Double(max(1, total)))
        }
    }
}
