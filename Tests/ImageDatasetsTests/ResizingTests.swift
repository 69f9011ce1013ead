import Testing

@testable import ImageDatasets

struct ResizingTests {
    @Test func equalsTorch() throws {
        let fixture = try Fixture.decode(Fixture.Resize.self, "resize")
        let image = RGBImage(width: fixture.width, height: fixture.height, pixels: fixture.pixels)
        // Torch places pixels in single precision: a position up to 13 is off by 13 · 2⁻²⁴, on each of two axes, beside
        // some 32 roundings of sums and products; the fixture holds four decimals.
        let tolerance = Float(255 * (32 + 2 * 13) * 0x1p-24 + 0.00005)
        #expect(fixture.cases.count == 12)
        for example in fixture.cases {
            let planes = image.planes(side: example.side, filter: example.antialias ? .antialiased : .bilinear)
            let differences = zip(planes, example.planes).map { abs($0 - $1) }
            #expect(differences.count == 3 * example.side * example.side)
            #expect(differences.max()! <= tolerance, "\(example.side), antialias \(example.antialias)")
        }
    }

    @Test func bytesAreRoundedToTheNearest() throws {
        let fixture = try Fixture.decode(Fixture.Resize.self, "resize")
        let image = RGBImage(width: fixture.width, height: fixture.height, pixels: fixture.pixels)
        let planes = image.planes(side: 5, filter: .antialiased)
        var bytes = [UInt8](repeating: 0, count: 75)
        bytes.withUnsafeMutableBufferPointer { image.write(side: 5, filter: .antialiased, to: $0) }
        #expect(bytes == planes.map { UInt8($0.rounded()) })
    }

    @Test func theSameSizeIsACopy() {
        let pixels = (0..<48).map { UInt8($0 * 5) }
        let image = RGBImage(width: 4, height: 4, pixels: pixels)
        var bytes = [UInt8](repeating: 0, count: 48)
        bytes.withUnsafeMutableBufferPointer { image.write(side: 4, filter: .antialiased, to: $0) }
        let expected = (0..<3).flatMap { channel in stride(from: channel, to: 48, by: 3).map { pixels[$0] } }
        #expect(bytes == expected)
        #expect(image.planes(side: 4, filter: .bilinear) == expected.map { Float($0) })
    }

    @Test(arguments: ResizeFilter.allCases)
    func evenImagesStayEven(filter: ResizeFilter) {
        for (width, height, side) in [(1, 1, 4), (7, 3, 2), (2, 9, 5), (300, 1, 2)] {
            let image = RGBImage(width: width, height: height, pixels: .init(repeating: 201, count: width * height * 3))
            var bytes = [UInt8](repeating: 0, count: 3 * side * side)
            bytes.withUnsafeMutableBufferPointer { image.write(side: side, filter: filter, to: $0) }
            #expect(bytes.allSatisfy { $0 == 201 })
        }
    }
}
