/// Images as a network takes them.
public struct ImageBatch: Sendable, Equatable {
    /// Which samples of the data set these are, in the order of the images.
    public let indices: [Int]
    /// Side of each image in pixels.
    public let imageSize: Int
    /// N × 3 × `imageSize` × `imageSize` normalised numbers: N, C (red, green, blue), H, W.
    public let values: [Float]

    /// N.
    public var count: Int { indices.count }
}
