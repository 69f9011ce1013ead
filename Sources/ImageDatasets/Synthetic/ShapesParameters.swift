/// Everything that determines the bytes of a shapes set (besides the versions of Cairo, libpng and zlib).
public struct ShapesParameters: Sendable, Equatable, Codable {
    /// The number of images.
    public let count: Int
    /// The side of each image in pixels.
    public let size: Int
    /// The share of images that are exactly one of the six classes.
    public let pureShare: Double
    /// The random numbers' seed.
    public let seed: UInt64

    /// The allowed values of `count`.
    public static let counts = 1...1_000_000
    /// The allowed values of `size`.
    public static let sizes = 8...4096

    /// The paper's set by default. Throws `ShapesError` unless all are in their ranges, and `pureShare` is in 0…1.
    public init(count: Int = 15_000, size: Int = 224, pureShare: Double = 0.4, seed: UInt64 = 0) throws(ShapesError) {
        if !Self.counts.contains(count) { throw .count(count) }
        if !Self.sizes.contains(size) { throw .size(size) }
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

/// Why a shapes set cannot be made as requested. All other errors come from writing files, from Cairo or from libpng.
public enum ShapesError: Error, Equatable, CustomStringConvertible {
    /// The number of images is out of range.
    case count(Int)
    /// The side of the images is out of range.
    case size(Int)
    /// The share is out of range; given as its spelling, so that errors can be compared for equality.
    case pureShare(String)
    /// Something else is where the set would go.
    case destinationTaken(path: String, found: String)

    /// What was found and what was expected.
    public var description: String {
        switch self {
        case .count(let count): "the number of images is \(count); expected 1 to 1000000"
        case .size(let size): "the images' side is \(size) pixels; expected 8 to 4096"
        case .pureShare(let share): "the share of pure images is \(share); expected a number from 0 to 1"
        case .destinationTaken(let path, let found):
            "\(path): already holds \(found); nothing was changed; choose another folder or an empty one"
        }
    }
}
