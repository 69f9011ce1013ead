import Numerics

extension ImageBatchLoader {
    /// `indices` in a random order that seed and epoch decide, cut into batches of `batchSize`; the last may be smaller.
    /// Traps unless `batchSize` is at least 1.
    public static func shuffledBatches(_ indices: [Int], batchSize: Int, seed: UInt64, epoch: Int) -> [[Int]] {
        var random = CounterRandom(seed: seed, orderStream, UInt64(epoch))
        let order = random.permutation(of: indices.count)
        return consecutiveBatches(order.map { indices[$0] }, batchSize: batchSize)
    }

    /// `indices` in their order, cut into batches of `batchSize`; the last may be smaller. Traps unless `batchSize` is at
    /// least 1.
    public static func consecutiveBatches(_ indices: [Int], batchSize: Int) -> [[Int]] {
        precondition(batchSize >= 1, "a batch holds at least one image")
        return stride(from: 0, to: indices.count, by: batchSize).map {
            Array(indices[$0..<min($0 + batchSize, indices.count)])
        }
    }

    /// Tells these random numbers from others of the same seed ("order" in ASCII).
    private static let orderStream: UInt64 = 0x006F_7264_6572
}
