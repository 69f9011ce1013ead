/// Floats that begin on a cache line and that this object alone frees.
final class AlignedBuffer {
    let pointer: UnsafeMutablePointer<Float>
    let count: Int

    /// `count` zeros.
    init(count: Int) {
        self.count = count
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: max(64, count * 4), alignment: 64)
        pointer = bytes.initializeMemory(as: Float.self, repeating: 0, count: max(16, count))
    }

    deinit { UnsafeMutableRawPointer(pointer).deallocate() }

    /// The floats, for reading and writing while the buffer lives.
    var elements: UnsafeMutableBufferPointer<Float> { UnsafeMutableBufferPointer(start: pointer, count: count) }
}
