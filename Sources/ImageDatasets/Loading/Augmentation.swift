import Numerics

/// The orientations in which an image keeps its meaning.
public enum Orientation: String, Sendable, CaseIterable, Codable {
    /// Mirrored horizontally and vertically, each with probability ½, and rotated by 0, 90, 180 or 270 degrees, each equally
    /// likely: for images without a top, such as micrographs.
    case any
    /// Mirrored horizontally with probability ½: for photographs.
    case upright
}

/// Random changes of an image that do not affect its label, drawn anew in every epoch. They are applied after the image has
/// been resized to the network's input size.
public struct Augmentation: Sendable, Equatable {
    /// The orientations in which an image is shown; nil leaves it unchanged.
    public let orientation: Orientation?
    /// Crops a square whose side is uniform in this range (as a share of the image's side, above 0 and up to 1), at a uniform
    /// position, and resizes it bilinearly to full size; nil leaves the frame unchanged.
    public let zoom: ClosedRange<Double>?
    /// Nil leaves colours unchanged.
    public let jitter: ColorJitter?
    /// Pads the image with this many black pixels on each side and crops a square of the original size at a uniform whole-pixel
    /// position, before anything else is done, like torchvision's `RandomCrop(size, padding)`; 0 leaves the frame unchanged.
    public let padding: Int

    /// Traps unless `zoom` is above 0 and at most 1, and `padding` is at least 0.
    public init(
        orientation: Orientation? = .any, zoom: ClosedRange<Double>? = 0.8...1, jitter: ColorJitter? = nil,
        padding: Int = 0
    ) {
        precondition(padding >= 0, "padding is at least 0")
        precondition(zoom.map { $0.lowerBound > 0 && $0.upperBound <= 1 } ?? true, "a zoom is above 0, up to 1")
        self.orientation = orientation
        self.zoom = zoom
        self.jitter = jitter
        self.padding = padding
    }

    /// No changes.
    public static let none = Augmentation(orientation: nil, zoom: nil)

    /// The changes of one image.
    struct Choice: Equatable {
        var flipsHorizontally = false
        var flipsVertically = false
        /// Clockwise, after the flips.
        var quarterTurns = 0
        /// The cropped square: left, top and side as shares of the image's side.
        var crop = (x: 0.0, y: 0.0, side: 1.0)
        /// Brightness, contrast, saturation.
        var jitterFactors: [Float]?
        /// By how many pixels the frame is moved to the right and down, before anything else; the uncovered area is black.
        var shift = (x: 0, y: 0)

        static func == (a: Choice, b: Choice) -> Bool {
            a.flipsHorizontally == b.flipsHorizontally && a.flipsVertically == b.flipsVertically
                && a.quarterTurns == b.quarterTurns && a.crop == b.crop && a.jitterFactors == b.jitterFactors
                && a.shift == b.shift
        }
    }

    /// The choice for one sample in one epoch, which depends only on the arguments. Augmentations that are switched off still
    /// draw their random numbers, so switching them on does not change the other choices.
    func choice(seed: UInt64, epoch: Int, sample: Int) -> Choice {
        var random = CounterRandom(seed: seed, Self.stream, UInt64(epoch), UInt64(sample))
        let numbers = (0..<11).map { _ in random.uniform() }
        var choice = Choice()
        if orientation != nil { choice.flipsHorizontally = numbers[0] < 0.5 }
        if orientation == .any {
            choice.flipsVertically = numbers[1] < 0.5
            choice.quarterTurns = Int(numbers[2] * 4)
        }
        if let zoom {
            let side = zoom.lowerBound + (zoom.upperBound - zoom.lowerBound) * numbers[3]
            choice.crop = (numbers[4] * (1 - side), numbers[5] * (1 - side), side)
        }
        choice.jitterFactors = jitter?.factors(Array(numbers[6..<9]))
        if padding > 0 {
            let places = Double(2 * padding + 1)
            choice.shift = (Int(numbers[9] * places) - padding, Int(numbers[10] * places) - padding)
        }
        return choice
    }

    /// Distinguishes these random numbers from others with the same seed ("augment" in ASCII).
    private static let stream: UInt64 = 0x0061_7567_6D65_6E74
}
