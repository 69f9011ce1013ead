/// Everything that the bytes of a shapes set depend on (beside the versions of Cairo, libpng and zlib).
public struct ShapesParameters: Sendable, Equatable, Codable {
    /// How many images.
    public let count: Int
    /// Side of each image in pixels.
    public let size: Int
    /// The share of images that are exactly one of the six classes.
    public let pureShare: Double
    /// The random numbers' seed.
    public let seed: UInt64

    /// The paper's set by default. Throws `ShapesError` unless `count` is 1…1,000,000, `size` 8…4,096 and `pureShare` 0…1.
    public init(count: Int = 15_000, size: Int = 224, pureShare: Double = 0.4, seed: UInt64 = 0) throws(ShapesError) {
        if !(1...1_000_000).contains(count) { throw .count(count) }
        if !(8...4096).contains(size) { throw .size(size) }
        if !(0...1).contains(pureShare) { throw .pureShare("\(pureShare)") }
        self.count = count
        self.size = size
        self.pureShare = pureShare
        self.seed = seed
    }

    private enum CodingKeys: String, CodingKey {
        case count, size, seed
        case pureShare = "pure_share"
    }
}
