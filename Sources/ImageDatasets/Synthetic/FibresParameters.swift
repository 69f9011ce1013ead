/// Everything that determines the bytes of a set of simulated fibres (besides the versions of Cairo, libpng and zlib).
public struct FibresParameters: Sendable, Equatable, Codable {
    /// The number of images.
    public let count: Int
    /// The side of each image in pixels.
    public let size: Int
    /// The mean number of annotations per image.
    public let annotators: Int
    /// The random numbers' seed.
    public let seed: UInt64
    /// Side in pixels at which images are drawn, before they are reduced to `size`: the least multiple of it that is not
    /// below `finestSize`, as if one microscope had taken them all. Drawn in few pixels, strands would be thinner than a
    /// pixel, and speckle as coarse as one would hide their directions.
    public let drawnSize: Int

    /// The least side in pixels at which images are drawn: MiceBone's.
    public static let finestSize = 224
    /// The allowed values of `count`.
    public static let counts = 5...1_000_000
    /// The allowed values of `size`.
    public static let sizes = 16...4096
    /// The allowed values of `annotators`.
    public static let annotations = 1...1000

    /// By default, the numbers of images, pixels and annotations are MiceBone's. Throws `FibresError` unless all are in their
    /// ranges.
    public init(count: Int = 7_240, size: Int = 224, annotators: Int = 15, seed: UInt64 = 0) throws(FibresError) {
        if !Self.counts.contains(count) { throw .count(count) }
        if !Self.sizes.contains(size) { throw .size(size) }
        if !Self.annotations.contains(annotators) { throw .annotators(annotators) }
        self.count = count
        self.size = size
        self.annotators = annotators
        self.seed = seed
        drawnSize = size * max(1, (Self.finestSize + size - 1) / size)
    }

    /// Sets of programs that drew in the images' own pixels have no `drawnSize`.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        count = try values.decode(Int.self, forKey: .count)
        size = try values.decode(Int.self, forKey: .size)
        annotators = try values.decode(Int.self, forKey: .annotators)
        seed = try values.decode(UInt64.self, forKey: .seed)
        drawnSize = try values.decodeIfPresent(Int.self, forKey: .drawnSize) ?? size
    }
}

/// Why a set of simulated fibres cannot be made as requested. All other errors come from writing files, from Cairo or from
/// libpng.
public enum FibresError: Error, Equatable, CustomStringConvertible {
    /// The number of images is out of range.
    case count(Int)
    /// The side of the images is out of range.
    case size(Int)
    /// The number of annotations per image is out of range.
    case annotators(Int)
    /// Something else is where the set would go.
    case destinationTaken(path: String, found: String)

    /// What was found and what was expected.
    public var description: String {
        switch self {
        case .count(let count): "the number of images is \(count); expected 5 to 1000000"
        case .size(let size): "the images' side is \(size) pixels; expected 16 to 4096"
        case .annotators(let count): "the number of annotations per image is \(count); expected 1 to 1000"
        case .destinationTaken(let path, let found):
            "\(path): already holds \(found); nothing was changed; choose another folder or an empty one"
        }
    }
}
