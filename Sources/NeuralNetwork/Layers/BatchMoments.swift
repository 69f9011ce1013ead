/// Mean and variance of a map's channels, gathered tile by tile in each piece of a batch.
///
/// Tiles are merged by Chan, Golub and LeVeque's rule ("Updating formulae and a pairwise algorithm for computing sample
/// variances", 1979) in Double, so that a mean far from zero costs no digits.
final class BatchMoments {
    /// For each piece the count of numbers, then the means of the channels, then their sums of squared deviations.
    let sums: PieceSums
    private let channels: Int
    private let pieces: Int
    /// Of a tile, one for each piece of this process.
    private let tiles: UnsafeMutablePointer<Double>
    private let firstOwn: Int

    init(channels: Int, pieces: BatchPieces) {
        self.channels = channels
        self.pieces = pieces.count
        firstOwn = pieces.own.lowerBound
        sums = PieceSums(pieces: pieces.count, width: 1 + 2 * channels)
        tiles = .allocate(capacity: 2 * channels * pieces.own.count)
        tiles.initialize(repeating: 0, count: 2 * channels * pieces.own.count)
    }

    deinit { tiles.deallocate() }

    func clear() {
        for piece in 0..<pieces { sums.row(piece)[0] = 0 }
    }

    /// Adds one tile of `images` images at `values` to a piece.
    func add(
        _ values: UnsafePointer<Float>, of map: FeatureMap, images: Int, piece: Int, _ kernels: BlockedKernels
    ) {
        let tileMean = tiles + 2 * channels * (piece - firstOwn), tileDeviation = tileMean + channels
        kernels.moments(values, of: map, images: images, mean: tileMean, deviations: tileDeviation)
        let row = sums.row(piece)
        let mean = row + 1, deviation = mean + channels
        let before = row[0]
        let added = Double(images * map.positions)
        let share = added / (before + added)
        for c in 0..<channels {
            if before == 0 {
                mean[c] = tileMean[c]
                deviation[c] = tileDeviation[c]
            } else {
                let gap = tileMean[c] - mean[c]
                mean[c] += gap * share
                deviation[c] += tileDeviation[c] + gap * gap * before * share
            }
        }
        row[0] = before + added
    }

    /// Merges the pieces in their order and stores mean and (biased) variance in `map`.
    func store(in map: FeatureMap) {
        let total = (0..<pieces).reduce(0) { $0 + Int(sums.row($1)[0]) }
        map.statisticsCount = total
        for c in 0..<channels {
            var count = 0.0, mean = 0.0, deviation = 0.0
            for piece in 0..<pieces where sums.row(piece)[0] > 0 {
                let row = sums.row(piece)
                let added = row[0]
                let gap = row[1 + c] - mean
                mean += gap * added / (count + added)
                deviation += row[1 + channels + c] + gap * gap * count * added / (count + added)
                count += added
            }
            map.mean[c] = Float(mean)
            map.variance[c] = Float(deviation / Double(max(1, total)))
        }
    }
}
