import Numerics
import Testing

@testable import TensorFiles

@Suite struct ShortDecimalTests {
    /// Random decimals of every number of digits before and after the point, beside the standard library's parser.
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

    /// 1 + 2⁻²⁴ lies between two neighbours; a digit that a Double has no room for decides.
    @Test func halfwayIsLeftToTheGeneralParser() throws {
        #expect(ShortDecimal.nearestFloat(1 + 0x1p-24) == nil)
        #expect(ShortDecimal.nearestFloat(1 + 0x1p-23) == 1 + 0x1p-23)
        #expect(ShortDecimal.nearestFloat(1e-40) == nil)
        #expect(ShortDecimal.nearestFloat(-0.0)?.sign == .minus)
        let table = try CSVTable.parse(
            Array("x\n1.000000059604644775390625\n1.000000059604644775390626\n16777217\n".utf8), path: "t.csv")
        #expect(try table.float(0, 0) == 1)
        #expect(try table.float(1, 0) == 1 + 0x1p-23)
        #expect(try table.float(2, 0) == 16_777_216)
    }

    @Test(arguments: ["", "-", ".", "1.", ".5", "+1", "1e3", "1.2.3", " 1", "1 ", "0x1", "nan", "1234567890123456"])
    func otherTextsAreLeftToTheGeneralParser(text: String) {
        #expect(ShortDecimal.double(Array(text.utf8)[...]) == nil)
    }
}
