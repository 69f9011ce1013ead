import Numerics
import Testing

@testable import RasterImages

@Suite struct PNGRowsTests {
    @Test(arguments: KernelPath.available) func pixelsBecomeBytes(path: KernelPath) {
        var random = CounterRandom(seed: 7)
        let pixels = (0..<77).map { _ in UInt32(random.index(below: 1 << 32)) }
        var samples = [UInt8](repeating: 0, count: 3 * 77)
        pixels.withUnsafeBufferPointer { PNGRows(path: path).unpack($0, into: &samples) }
        #expect(
            samples == pixels.flatMap { [UInt8($0 >> 16 & 255), UInt8($0 >> 8 & 255), UInt8($0 & 255)] })
    }

    /// Paeth's predictor as in the specification, byte by byte.
    @Test(arguments: [3, 4], KernelPath.available) func filterIsPaeths(channels: Int, path: KernelPath) {
        var random = CounterRandom(seed: 6)
        func bytes() -> [UInt8] {
            Array(repeating: 0, count: channels) + (0..<301).map { _ in UInt8(random.index(below: 256)) }
        }
        let (row, above) = (bytes(), bytes())
        var filtered = [UInt8](repeating: 0, count: 301)
        row.withUnsafeBufferPointer { row in
            above.withUnsafeBufferPointer { above in
                PNGRows(path: path).filter(
                    row.baseAddress! + channels, above: above.baseAddress! + channels, count: 301, pixelBytes: channels,
                    into: &filtered)
            }
        }
        for index in 0..<301 {
            let (a, b, c) = (Int(row[index]), Int(above[index + channels]), Int(above[index]))
            let p = a + b - c
            let (pa, pb, pc) = (abs(p - a), abs(p - b), abs(p - c))
            let predicted = pa <= pb && pa <= pc ? a : pb <= pc ? b : c
            #expect(filtered[index] == UInt8(truncatingIfNeeded: Int(row[index + channels]) - predicted))
        }
    }
}
