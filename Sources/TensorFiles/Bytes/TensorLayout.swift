/// How a tensor's elements lie in a storage: element (i₀, i₁, …) at offset + Σ iₖ · strideₖ.
struct TensorLayout: Equatable, Sendable {
    let shape: [Int]
    /// In elements.
    let strides: [Int]
    /// The offset of the first element within the whole storage, in elements.
    let offset: Int
    /// The number of elements.
    let count: Int

    /// An expanded tensor (with a stride of 0) may have more elements than are stored, up to this many.
    private static let expansionLimit = 1 << 16

    /// Checks a tensor in a part of a storage: `stored` elements from `start` on. Throws `PyTorchError` with `path` and
    /// `name` unless all its elements lie there.
    init(
        shape: [Int], strides: [Int], offset: Int, start: Int, stored: Int, path: String, name: String
    ) throws(PyTorchError) {
        let impossible = PyTorchError.impossibleShape(path: path, name: name, shape: shape, strides: strides)
        guard shape.count == strides.count, offset >= 0, strides.allSatisfy({ $0 >= 0 }),
            let count = NumericArray.count(of: shape)
        else { throw impossible }
        if count > 0 {
            var last = offset
            for (extent, stride) in zip(shape, strides) {
                let (reach, overflow) = (extent - 1).multipliedReportingOverflow(by: stride)
                let (sum, sumOverflow) = last.addingReportingOverflow(reach)
                if overflow || sumOverflow { throw impossible }
                last = sum
            }
            if last >= stored {
                throw .beyondStorage(path: path, name: name, needed: last, available: stored)
            }
            if count > max(stored, Self.expansionLimit) {
                throw .expanded(path: path, name: name, shape: shape, stored: stored)
            }
        }
        self.shape = shape
        self.strides = strides
        self.offset = start + offset
        self.count = count
    }

    /// Whether the elements are contiguous in row-major order, beginning with the storage's first.
    var isPlain: Bool {
        var expected = 1
        for (extent, stride) in zip(shape, strides).reversed() where extent != 1 {
            if stride != expected { return false }
            expected *= extent
        }
        return offset == 0
    }

    /// Copies the elements out of a whole storage, row-major.
    func gather(_ storage: UnsafeRawBufferPointer, elementSize size: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count * size) { target, initialized in
            initialized = count * size
            let bytes = UnsafeMutableRawBufferPointer(target)
            let offsets = ElementOffsets(shape: shape, strides: strides, from: offset, count: count)
            for (element, source) in offsets.enumerated() {
                for byte in 0..<size { bytes[element * size + byte] = storage[source * size + byte] }
            }
        }
    }
}
