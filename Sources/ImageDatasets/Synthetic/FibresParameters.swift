/// Everything that the bytes of a set of simulated fibres depend on (beside the versions of Cairo, libpng and zlib).
public struct FibresParameters: Sendable, Equatable, Codable {
    /// How many images.
    public let count: Int
    /// Side of each image in pixels.
    public let size: Int
    /// The mean number of annotations per image.
    public let annotators: Int
    /// The random numbers' seed.
    public let seed: UInt64
    /// Side in pixels at which images are drawn, before they are reduced to `size`: the least multiple of it that is not
    /// below `finestSize`, as if one microscope had taken them all. Drawn in few pixels, strands would be thinner than a
    /// pixel, and speckle as coarse as one would hide their directions.
    public let drawnSize: Int

    /// The side in pixels that images are drawn at, at least: MiceBone's.
    public static let finestSize = 224
    /// What `count` may be.
    public static let counts = 5...1_000_000
    /// What `size` may be.
    public static let sizes = 16...4096
    /// What `annotators` may be.
    public static let annotations = 1...1000

    /// As many images, pixels and annotations as MiceBone has by default. Throws `FibresError` unless all are in their ranges.
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

/// Why a set of simulated fibres cannot be made as asked. All but these are errors of writing files, of Cairo or of libpng.
public enum FibresError: Error, Equatable, CustomStringConvertible {
    /// Not a number of images that is made.
    case count(Int)
    /// Not a side that is drawn.
    case size(Int)
    /// Not a number of annotations per image.
    case annotators(Int)
    /// Something else stands where the set would go.
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
