import RasterImages

extension RGBImage {
    /// The mean of images of the same size, channel by channel, rounded to the nearest whole number.
    static func weightedMean(of images: [RGBImage], weights: [Double]) -> RGBImage {
        let (width, height) = (images[0].width, images[0].height)
        var sums = [Double](repeating: 0, count: images[0].pixels.count)
        for (image, weight) in zip(images, weights) {
            precondition(image.width == width && image.height == height, "images of one size are mixed")
            image.pixels.withUnsafeBufferPointer { pixels in
                for index in sums.indices { sums[index] += weight * Double(pixels[index]) }
            }
        }
        return RGBImage(width: width, height: height, pixels: sums.map { UInt8(min($0.rounded(), 255)) })
    }

    /// Quadrants of four images of the same size, each in its own position relative to the corner between pixels (`x`, `y`):
    /// above and left, above and right, below and left, below and right.
    static func quadrants(of images: [RGBImage], x: Int, y: Int) -> RGBImage {
        let (width, height) = (images[0].width, images[0].height)
        precondition(
            images.count == 4 && images.allSatisfy { $0.width == width && $0.height == height },
            "four images of one size")
        var pixels: [UInt8] = []
        pixels.reserveCapacity(images[0].pixels.count)
        for row in 0..<height {
            let (left, right) = row < y ? (images[0], images[1]) : (images[2], images[3])
            let start = 3 * row * width
            pixels += left.pixels[start..<start + 3 * x]
            pixels += right.pixels[start + 3 * x..<start + 3 * width]
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }
}
