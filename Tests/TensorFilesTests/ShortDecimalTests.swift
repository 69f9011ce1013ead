import Numerics
import Testing

@testable import TensorFiles

@Suite struct ShortDecimalTests {
    /// Random decimals with every number of digits before and after the point. The oracle is the standard library's parser.
    @Test func equalsTheStandardLibrary() {
        var random = CounterRandom(seed: 3)
        func digits(_ count: Int) -> String {
            String((0..<count).map { _ in "0123456789".randomElement(using: &random)! })
        }
        var floats = 0
        for before in 1...15 {
            for after in 0...15 - before {
                for sign in ["", "-"] {
                    for _ in 0..<20 {
                        let text = sign + digits(before) + (after > 0 ? "." + digits(after) : "")
                        let value = ShortDecimal.double(Array(text.utf8)[...])
                        #expect(value?.bitPattern == Double(text)!.bitPattern, "\(text)")
                        guard let float = value.flatMap(ShortDecimal.nearestFloat) else { continue }
                        floats += 1
                        #expect(float.bitPattern == Float(text)!.bitPattern, "\(text)")
                    }
                }
            }
        }
        #expect(floats > 4700)
    }

    /// 1 + 2⁻²⁴ is halfway between two floats, so digits beyond a Double's precision decide the rounding.
    @Test func halfwayIsLeftToTheGeneralParser() throws {
        let numbers: [Double] = [1 + 0x1p-24, 1 + 0x1p-23, 1e-40]
        let above = Float(1).nextUp
        let found: [Float?] = numbers.map { ShortDecimal.nearestFloat($0) }
        #expect(found == [nil, above, nil])
        let zero = try #require(ShortDecimal.nearestFloat(-0.0))
        #expect(zero == 0 && zero.sign == .minus)
        let table = try CSVTable.parse(
            Array("x\n1.000000059604644775390625\n1.000000059604644775390626\n16777217\n".utf8), path: "t.csv")
        let read: [Float] = try (0..<3).map { try table.float($0, 0) }
        #expect(read == [1, above, 16_777_216])
    }

    @Test(arguments: ["", "-", ".", "1.", ".5", "+1", "1e3", "1.2.3", " 1", "1 ", "0x1", "nan", "1234567890123456"])
    func otherTextsAreLeftToTheGeneralParser(text: String) {
        #expect(ShortDecimal.double(Array(text.utf8)[...]) == nil)
    }
}
