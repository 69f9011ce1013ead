import TestSupport
import Testing

@testable import RasterImages

struct CairoImageSurfaceTests {
    @Test func startsBlackAndShowsWhatIsDrawn() throws {
        let surface = try CairoImageSurface(width: 9, height: 5)
        #expect(try surface.image() == RGBImage(width: 9, height: 5, pixels: [UInt8](repeating: 0, count: 135)))
        try surface.fillEllipse(centerX: 2, centerY: 2, halfAxes: (1, 1), rotation: 0, color: (1, 0, 0.2))
        let pixels = try surface.image().pixels
        // The circle covers π / 4 of each of the four pixels around its centre.
        let first = (1 * 9 + 1) * 3
        #expect(abs(Double(pixels[first]) / 255 - .pi / 4) < 0.02)
        #expect(pixels[first + 1] == 0)
        #expect(abs(Double(pixels[first + 2]) / 255 - .pi / 20) < 0.01)
        #expect(pixels[first..<first + 3] == pixels[first + 3..<first + 6])
        #expect(pixels[first + 6..<first + 9] == [0, 0, 0])
    }

    @Test func aSizeThatCairoCannotHoldIsAnError() {
        let error = thrown(CairoError.self) { _ = try CairoImageSurface(width: 40_000, height: 1) }
        let start = "making an image of 40000 x 1 pixels failed (Cairo: invalid value"
        #expect(error?.description.hasPrefix(start) == true)
    }
}
