import ArgumentParser
import Foundation
import ImageDatasets
import RasterImages

extension EXIFUse: ExpressibleByArgument {}

/// How images are converted to a network's input.
struct PixelOptions: ParsableArguments {
    @Option(
        help: "EXIF orientation of photographs: apply turns them upright, ignore uses the pixels as they are stored.")
    var exif = EXIFUse.apply

    @Option(
        help:
            "Mean of red, green and blue, on a scale of 0 to 1, such as 0.485,0.456,0.406 (default: the network's)."
    )
    var mean: String?

    @Option(help: "Standard deviation of red, green and blue, such as 0.229,0.224,0.225 (default: the network's).")
    var std: String?

    /// The options that were given.
    var given: [String] {
        [("--exif", exif != .apply), ("--mean", mean != nil), ("--std", std != nil)].filter(\.1).map(\.0)
    }

    func validate() throws {
        if (mean == nil) != (std == nil) { throw ValidationError("--mean and --std go together; one is missing.") }
        _ = try normalization()
    }

    /// The normalisation given by the options; nil without them. Throws `ValidationError`.
    func normalization() throws -> ChannelNormalization? {
        guard let mean = try Self.numbers("--mean", mean, isPositive: false),
            let deviation = try Self.numbers("--std", std, isPositive: true)
        else { return nil }
        return ChannelNormalization(mean: mean, deviation: deviation)
    }

    /// One number per colour, or one for all.
    private static func numbers(_ option: String, _ text: String?, isPositive: Bool) throws -> [Float]? {
        guard let text else { return nil }
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false)
            .compactMap { Float($0.trimmingCharacters(in: .whitespaces)) }
            .filter { $0.isFinite && (!isPositive || $0 > 0) }
        guard numbers.count == text.filter({ $0 == "," }).count + 1, [1, 3].contains(numbers.count) else {
            throw ValidationError(
                "\(option) is \(text); expected three \(isPositive ? "positive numbers" : "numbers") with commas between "
                    + "them, or one for all channels.")
        }
        return numbers.count == 1 ? Array(repeating: numbers[0], count: 3) : numbers
    }
}
