import Numerics
import Testing

@Suite struct AlignedBufferTests {
    /// The last count takes huge pages where there are some.
    @Test(arguments: [0, 1, 17, 1_000_003, 5_000_001]) func numbersAreZeroAndAligned(count: Int) {
        let buffer = AlignedBuffer<Float>(count: count)
        #expect(buffer.count == count && buffer.array.count == count)
        #expect(buffer.array.allSatisfy { $0 == 0 })
        #expect(Int(bitPattern: buffer.base) % 64 == 0)
        for index in 0..<count { buffer[index] = Float(index) }
        #expect(count == 0 || buffer[count - 1] == Float(count - 1))
    }
}
