import Testing

@testable import RasterImages

struct ResizingTests {
    @Test func equalsTorch() throws {
        let fixture = try Fixture.decode(Fixture.Resize.self, "resize")
        let image = RGBImage(width: fixture.width, height: fixture.height, pixels: fixture.pixels)
        // Positions, weights and sums are in single precision: about 32 roundings of values up to 255 on each axis. The fixture
        // was computed in double precision and stores five decimals.
        let tolerance = Float(255 * 64 * 0x1p-24 + 0.000005)
        #expect(fixture.cases.count == 12)
        for example in fixture.cases {
            let planes = image.planes(
                width: example.side, height: example.side, filter: example.antialias ? .antialiased : .bilinear)
            let differences = zip(planes, example.planes).map { abs($0 - $1) }
            #expect(differences.count == 3 * example.side * example.side)
            #expect(differences.max()! <= tolerance, "\(example.side), antialias \(example.antialias)")
        }
    }

    @Test func bytesAreRoundedToTheNearest() throws {
        let fixture = try Fixture.decode(Fixture.Resize.self, "resize")
        let image = RGBImage(width: fixture.width, height: fixture.height, pixels: fixture.pixels)
        let planes = image.planes(width: 5, height: 5, filter: .antialiased)
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
        #expect(image.planes(width: 4, height: 4, filter: .bilinear) == expected.map { Float($0) })
    }

    @Test func upsamplingEqualsTorch() throws {
        let fixture = try Fixture.decode(Fixture.Upsample.self, "upsample")
        let image = RGBImage(width: fixture.width, height: fixture.height, pixels: fixture.pixels)
        let large = image.upsampled(by: 8)
        #expect(large.width == 32 && large.height == 24)
        // All weights are multiples of 1/16, so sums are exact.
        #expect(large.pixels == fixture.rgb)
        #expect(image.upsampled(by: 1) == image)
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
