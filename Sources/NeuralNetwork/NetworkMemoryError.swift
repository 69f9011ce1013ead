import Determinism

/// A network that the machine's memory cannot hold.
public struct NetworkMemoryError: Error, Equatable, CustomStringConvertible {
    /// Bytes of activations and scratch memory.
    public let needed: Int
    /// Bytes that the machine and the process's control groups have to give.
    public let available: Int
    /// Images in a batch.
    public let batch: Int
    /// How the images come.
    public let image: ImageShape

    /// One line with the figures and what would help.
    public var description: String {
        "batches of \(batch) images of \(image.width) × \(image.height) pixels take \(MemoryAmount(needed)) of "
            + "memory, \(MemoryAmount(available)) can be had; take a smaller batch or image size"
    }

    /// Throws where `floats` numbers of 4 bytes are more than the machine can hold.
    static func check(floats: Int, batch: Int, image: ImageShape) throws(NetworkMemoryError) {
        let available = AvailableMemory.bytes
        let (needed, overflow) = floats.multipliedReportingOverflow(by: 4)
        if overflow || needed > available {
            throw NetworkMemoryError(
                needed: overflow ? .max : needed, available: available, batch: batch, image: image)
        }
    }
}
