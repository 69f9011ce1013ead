/// Memory of a fixed size for numbers, beginning on a multiple of 64 bytes and zero at first.
///
/// It is filled up to a multiple of 64 bytes, so that a loop over whole vectors may read past the last number.
package final class AlignedBuffer<Element: BitwiseCopyable & ExpressibleByIntegerLiteral> {
    /// The number of elements asked for.
    package let count: Int
    /// The first element.
    package let base: UnsafeMutablePointer<Element>

    /// `count` zeros, in memory that this object frees.
    package init(count: Int) {
        let bytes = max(64, (count * MemoryLayout<Element>.stride + 63) / 64 * 64)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        self.count = count
        base = memory.assumingMemoryBound(to: Element.self)
    }

    deinit { UnsafeMutableRawPointer(base).deallocate() }

    /// The element at `index`, which is not checked.
    package subscript(index: Int) -> Element {
        get { base[index] }
        set { base[index] = newValue }
    }

    /// The elements, for reading and writing while the buffer lives.
    package var elements: UnsafeMutableBufferPointer<Element> { UnsafeMutableBufferPointer(start: base, count: count) }

    /// The elements as an array.
    package var array: [Element] { Array(UnsafeBufferPointer(start: base, count: count)) }
}
