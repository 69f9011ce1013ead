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
