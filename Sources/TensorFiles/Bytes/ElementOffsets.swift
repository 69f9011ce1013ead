/// The positions of a strided array's elements in its storage, in row-major order of their indices: Σ iₖ · strideₖ.
struct ElementOffsets: Sequence, IteratorProtocol {
    private let shape: [Int]
    private let strides: [Int]
    private var index: [Int]
    private var offset: Int
    private var left: Int

    /// - Parameters:
    ///   - strides: one per axis, in elements.
    ///   - start: the position of the first element.
    ///   - count: how many elements the shape has.
    init(shape: [Int], strides: [Int], from start: Int = 0, count: Int) {
        self.shape = shape
        self.strides = strides
        index = Array(repeating: 0, count: shape.count)
        offset = start
        left = count
    }

    /// The strides of contiguous elements, the last index moving fastest.
    static func strides(of shape: [Int]) -> [Int] {
        var strides = [1]
        for extent in shape.dropFirst().reversed() { strides.append(strides.last! * extent) }
        return strides.reversed()
    }

    var underestimatedCount: Int { left }

    mutating func next() -> Int? {
        if left == 0 { return nil }
        left -= 1
        let current = offset
        for dimension in shape.indices.reversed() {
            index[dimension] += 1
            offset += strides[dimension]
            if index[dimension] < shape[dimension] { break }
            offset -= strides[dimension] * shape[dimension]
            index[dimension] = 0
        }
        return current
    }
}
