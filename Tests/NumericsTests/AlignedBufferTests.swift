import Numerics
import Testing

@Suite struct AlignedBufferTests {
    /// A buffer must stay alive while its memory is in use, even without another reference.
    @Test func theMemoryLivesAsLongAsItIsUsed() {
        weak var held: AlignedBuffer<Float>?
        func make() -> AlignedBuffer<Float> {
            let buffer = AlignedBuffer<Float>(count: 5)
            held = buffer
            return buffer
        }
        let (last, lived) = make().withBase { base in
            for index in 0..<5 { base[index] = Float(index) }
            return (base[4], held != nil)
        }
        #expect(last == 4 && lived)
    }

    /// The largest count uses huge pages where available.
    @Test(arguments: [0, 1, 17, 1_000_003, 5_000_001]) func numbersAreZeroAndAligned(count: Int) {
        let buffer = AlignedBuffer<Float>(count: count)
        #expect(buffer.count == count && buffer.array.count == count)
        #expect(buffer.array.allSatisfy { $0 == 0 })
        #expect(Int(bitPattern: buffer.base) % 64 == 0)
        for index in 0..<count { buffer[index] = Float(index) }
        #expect(count == 0 || buffer[count - 1] == Float(count - 1))
    }
}
