/// Random changes of brightness, contrast and saturation, in this order, each by a factor uniform in 1 − strength … 1 +
/// strength; values are clipped to 0…1 after each. Not for data whose label is the colour.
public struct ColorJitter: Sendable, Equatable {
    /// All values are multiplied by the factor.
    public let brightness: Double
    /// The differences from the image's mean luminance are multiplied by the factor.
    public let contrast: Double
    /// The differences from each pixel's luminance are multiplied by the factor.
    public let saturation: Double

    /// Traps unless the strengths are in 0…1.
    public init(brightness: Double, contrast: Double, saturation: Double) {
        precondition([brightness, contrast, saturation].allSatisfy((0...1).contains), "strengths are in 0...1")
        self.brightness = brightness
        self.contrast = contrast
        self.saturation = saturation
    }

    /// The factors of one image, from three numbers uniform in [0, 1).
    func factors(_ numbers: [Double]) -> [Float] {
        zip([brightness, contrast, saturation], numbers).map { Float(1 + $0 * (2 * $1 - 1)) }
    }

    /// Applies `factors` to three planes of `area` values each, in 0…1.
    static func apply(_ factors: [Float], to planes: UnsafeMutablePointer<Float>, area: Int) {
        func luminance(_ index: Int) -> Float {
            0.299 * planes[index] + 0.587 * planes[area + index] + 0.114 * planes[2 * area + index]
        }
        func blend(_ index: Int, from center: Float, by factor: Float) {
            planes[index] = min(max(center + (planes[index] - center) * factor, 0), 1)
        }
        for index in 0..<3 * area { blend(index, from: 0, by: factors[0]) }
        var sum = 0.0
        for index in 0..<area { sum += Double(luminance(index)) }
        let mean = Float(sum / Double(area))
        for index in 0..<3 * area { blend(index, from: mean, by: factors[1]) }
        for index in 0..<area {
            let grey = luminance(index)
            for channel in 0..<3 { blend(channel * area + index, from: grey, by: factors[2]) }
        }
    }
}
