import Numerics
import Foundation

@testable import Figures

/// Explorers of a few hundred samples in three classes, with everything a page can show.
enum ExplorerSamples {
    static let count = 240

    /// Sample 0 is isolated in both maps; sample 7 has no position in the second one.
    static func explorer() -> Explorer {
        var distributions: [Double] = []
        var maps: [[Float]] = [[], []]
        for sample in 0..<count {
            var random = CounterRandom(seed: 3, UInt64(sample))
            let first = random.index(below: 3)
            let share = sample == 0 ? 1 : 0.4 + 0.6 * random.uniform()
            var distribution = [0.0, 0, 0]
            distribution[first] = share
            distribution[(first + 1) % 3] = 1 - share
            distributions += distribution
            for map in 0..<2 {
                maps[map] += sample == 0 ? [40, -30] : [Float(8 * random.normal()), Float(6 * random.normal())]
            }
        }
        maps[1][14] = .nan
        var explorer = Explorer(
            classes: .palette(["directed", "not relevant", "undirected"]), ids: (0..<count).map { "image-\($0)" },
            distributions: distributions)
        explorer.title = "Two maps"
        explorer.annotators = (0..<count).map { $0 % 5 == 0 ? nil : 10 + $0 % 7 }
        explorer.panels = [
            .init(name: "hard labels", caption: "ACC .9", coordinates: maps[0], predictions: distributions),
            .init(name: "soft labels", caption: "ACC .8", coordinates: maps[1]),
        ]
        explorer.columns = [
            .init(
                name: "neighbours changed", values: (0..<count).map { $0 == 9 ? .nan : Double(($0 * 37) % count) },
                isChange: true)
        ]
        return explorer
    }

    /// As above, with single-colour thumbnails for even samples: red 10 × sample mod 256, green 200, blue 30.
    static func withThumbnails() -> Explorer {
        var explorer = explorer()
        var sheet = ThumbnailSheet(count: count)
        for sample in stride(from: 0, to: count, by: 2) {
            let pixel: [UInt8] = [UInt8(truncatingIfNeeded: 10 * sample), 200, 30]
            let rgb = (0..<40 * 40).flatMap { _ in pixel }
            sheet.set(sample, pixelWidth: 40, pixelHeight: 40, rgb: rgb)
        }
        explorer.thumbnails = sheet
        return explorer
    }
}

extension [Explorer.SampleClass] {
    static func palette(_ names: [String]) -> Self { Explorer.SampleClass.palette(names) }
}
