import Numerics
import Testing

@testable import TensorFiles

@Suite struct FieldEndsTests {
    /// Short and long fields in blocks of 64; some offsets outgrow two bytes at the first, a middle or the last field.
    @Test(arguments: 0..<8) func everyEndIsKept(seed: UInt64) {
        var random = CounterRandom(seed: seed)
        var ends = FieldEnds()
        for round in 0..<2 {
            var expected: [Int] = []
            var end = 0
            for _ in 0..<1000 {
                let draw = random.next()
                end += draw % 40 == 0 ? Int(draw >> 32) % 200_000 : Int(draw >> 32) % 3
                expected.append(end)
                ends.append(end)
            }
            #expect(ends.count == 1000)
            #expect((0..<1000).map { ends[$0] } == expected, "round \(round)")
            ends.removeAll()
            #expect(ends.count == 0)
        }
    }

    @Test(arguments: [0, 1, 63, 64, 65]) func theLongestBlockInTwoBytesAndOneMore(place: Int) {
        for length in [65_535, 65_536] {
            var ends = FieldEnds()
            for field in 0..<130 { ends.append(field < place ? 0 : length) }
            #expect((0..<130).map { ends[$0] } == (0..<130).map { $0 < place ? 0 : length })
        }
    }
}
