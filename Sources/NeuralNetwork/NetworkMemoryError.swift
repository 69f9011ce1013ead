import Numerics

/// A network that the machine's memory cannot hold.
public struct NetworkMemoryError: Error, Equatable, CustomStringConvertible {
    /// Bytes of activations and scratch memory.
    public let needed: Int
    /// Bytes that the machine and the process's control groups can provide.
    public let available: Int
    /// Images in a batch.
    public let batch: Int
    /// The shape of the images.
    public let image: ImageShape
    /// Bytes needed if maps are recomputed for the backward pass instead of kept; nil if that is done already or there
    /// is no backward pass.
    public var neededRecomputing: Int?

    /// An error with these figures.
    public init(needed: Int, available: Int, batch: Int, image: ImageShape, neededRecomputing: Int? = nil) {
        self.needed = needed
        self.available = available
        self.batch = batch
        self.image = image
        self.neededRecomputing = neededRecomputing
    }

    /// One line with the figures and what would help.
    public var description: String {
        let remedies = neededRecomputing.map { ", recomputing activations inside blocks (\(MemoryAmount($0)))" } ?? ""
        return figures + "; a smaller batch\(remedies) or smaller images would take less"
    }

    /// What is needed and what is available.
    public var figures: String {
        "batches of \(batch) images of \(image.width) × \(image.height) pixels take \(MemoryAmount(needed)) of "
            + "memory, but only \(MemoryAmount(available)) is available"
    }

    /// The smallest number of equal parts of the batch such that one part fits, or a power of two near it, estimated
    /// from the memory that an image takes; nil if not even one image fits.
    ///
    /// - Parameter recomputing: whether inner maps are made again.
    public func parts(recomputing: Bool) -> Int? {
        let needed = recomputing ? neededRecomputing ?? needed : needed
        var parts = 1
        while parts <= 2 * batch {
            if needed / parts <= available { return min(parts, batch) }
            parts *= 2
        }
        return nil
    }

    /// Address space that a network takes in addition to its plan: oneDNN's code, which it generates without checking that
    /// the system gave memory for it, threads' stacks and heaps, and the images of batches that are being read.
    static let unplanned = 320 << 20

    private static var available: Int {
        let space = AvailableMemory.addressSpace.map { max(0, $0 - unplanned) }
        return min(AvailableMemory.bytes, space ?? .max)
    }

    /// Throws where `floats` numbers of 4 bytes are more than the machine can hold; `recomputing` gives their number
    /// with inner maps made again.
    static func check(
        floats: Int, batch: Int, image: ImageShape, recomputing: () -> Int?
    ) throws(NetworkMemoryError) {
        let available = Self.available
        func bytes(_ floats: Int) -> Int {
            let (bytes, overflow) = floats.multipliedReportingOverflow(by: 4)
            return overflow ? .max : bytes
        }
        if bytes(floats) > available {
            throw NetworkMemoryError(
                needed: bytes(floats), available: available, batch: batch, image: image,
                neededRecomputing: recomputing().map(bytes))
        }
    }
}
