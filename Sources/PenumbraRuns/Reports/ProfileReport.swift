import Foundation
import NeuralNetwork
import TensorFiles

/// The report on a profile of a network's batches: a table of blocks, the same for programs, and a file with all layers. Times
/// are milliseconds per step, averaged over the steps.
package struct ProfileReport: Encodable {
    /// A block, a layer, or what is between the layers.
    struct Row: Encodable {
        var name: String
        var forward: Double
        /// Forward passes repeated for the backward pass.
        var again: Double
        var backward: Double
        /// The share of the step.
        var share: Double
        /// Nil without a convolution.
        var gigaflops: Double?
        /// The share of the machine's peak.
        var peakShare: Double?
        /// All passes of the convolutions: within the network, and of the same convolutions run alone.
        var convolutions: Double
        var alone: Double
    }

    let steps: Int
    let imagesPerSecond: Double
    /// The rate of the fastest step.
    let bestImagesPerSecond: Double
    /// The time of one step.
    let milliseconds: Double
    /// In GFLOP/s.
    let peak: Double
    let blocks: [Row]
    let between: [String: Double]
    /// Milliseconds per step in convolutions and in the other layers; the time of the convolutions alone, and its share of the
    /// step.
    let convolutions: Double
    let normalization: Double
    let convolutionsAlone: Double
    let aloneShare: Double
    /// The same for whole passes, each repeated by itself.
    let passesAlone: Double
    let passesShare: Double
    /// The number of convolution passes, and how many of them use Winograd's algorithm; these are counted as direct.
    let convolutionPasses: Int
    let winogradPasses: Int

    private let profile: NetworkProfile

    /// - Parameter peak: the machine's peak in floating-point operations per second.
    package init(_ profile: NetworkProfile, peak: Double) {
        self.profile = profile
        let milliseconds = 1e3 / Double(profile.steps), layers = profile.layers
        steps = profile.steps
        imagesPerSecond = Double(profile.images) / profile.seconds
        bestImagesPerSecond = 1 / profile.fastestSecondsAnImage
        self.milliseconds = profile.seconds * milliseconds
        self.peak = peak / 1e9
        blocks = profile.blocks.map { Self.row($0.block, $0, of: profile, peak: peak) }
        between = Dictionary(
            uniqueKeysWithValues: NetworkProfile.Part.allCases.map { ($0.rawValue, profile[$0] * milliseconds) })
        convolutions = layers.convolutionSeconds * milliseconds
        normalization = (layers.seconds - layers.convolutionSeconds) * milliseconds
        convolutionsAlone = layers.aloneSeconds * milliseconds
        aloneShare = layers.aloneSeconds / profile.seconds
        passesAlone = layers.repeatedSeconds * milliseconds
        passesShare = layers.repeatedSeconds / profile.seconds
        convolutionPasses = profile.entries.reduce(0) { $0 + $1.planned.all }
        winogradPasses = profile.entries.reduce(0) { $0 + $1.planned.winograd }
    }

    private enum CodingKeys: String, CodingKey {
        case steps, imagesPerSecond, bestImagesPerSecond, milliseconds, peak, blocks, between
        case convolutions, normalization, convolutionsAlone, aloneShare, passesAlone, passesShare
        case convolutionPasses, winogradPasses
    }

    private static func row(
        _ name: String, _ entry: NetworkProfile.Entry, of profile: NetworkProfile, peak: Double
    ) -> Row {
        let milliseconds = 1e3 / Double(profile.steps), total = entry.total
        let speed = total.operations > 0 ? Double(total.operations) / total.seconds : nil
        return Row(
            name: name, forward: entry[.forward].seconds * milliseconds, again: entry[.again].seconds * milliseconds,
            backward: entry[.backward].seconds * milliseconds, share: total.seconds / profile.seconds,
            gigaflops: speed.map { $0 / 1e9 }, peakShare: speed.map { $0 / peak },
            convolutions: total.convolutionSeconds * milliseconds, alone: total.aloneSeconds * milliseconds)
    }

    /// For people, in lines of at most 60 columns.
    package var lines: [String] {
        func percent(_ share: Double) -> String { Decimals.fixed(100 * share, 1) + "%" }
        func time(_ milliseconds: Double) -> String { Decimals.fixed(milliseconds, 1) }
        let repeats = blocks.contains { $0.again > 0 }
        let training = blocks.contains { $0.backward > 0 }
        var rows = [["ms per step", "fwd"]]
        if repeats { rows[0].append("again") }
        if training { rows[0].append("bwd") }
        rows[0] += ["of step", "GFLOP/s", "of peak"]
        for block in blocks {
            var row = [block.name, time(block.forward)]
            if repeats { row.append(time(block.again)) }
            if training { row.append(time(block.backward)) }
            row += [
                percent(block.share), block.gigaflops.map { Decimals.fixed($0, 0) } ?? "",
                block.peakShare.map(percent) ?? "",
            ]
            rows.append(row)
        }
        let summary =
            [
                ("convolutions", convolutions), ("normalisation, pooling, sums", normalization),
            ]
            + NetworkProfile.Part.allCases.filter { profile[$0] > 0 }.map { (Self.title($0), between[$0.rawValue]!) }
            + [("step", milliseconds)]
        return Decimals.table(rows) + [""]
            + Decimals.table(
                [["ms per step", "", "of step"]] + summary.map { [$0.0, time($0.1), percent($0.1 / milliseconds)] }
                    + [
                        ["convolutions alone", time(convolutionsAlone), percent(aloneShare)],
                        ["every pass by itself", time(passesAlone), percent(passesShare)],
                    ])
            + [
                "",
                "\(steps) steps, \(Decimals.fixed(imagesPerSecond, 1)) images/s, at best "
                    + Decimals.fixed(bestImagesPerSecond, 1),
                "peak \(Decimals.fixed(peak, 0)) GFLOP/s",
                "Winograd: \(winogradPasses) of \(convolutionPasses) passes, counted as direct",
            ]
            + (profile.exchangedSeconds == 0
                ? []
                : [
                    "gradients between processes \(time(profile.exchangedSeconds * 1e3 / Double(steps))) ms per step, "
                        + "waited for \(time(between[NetworkProfile.Part.exchange.rawValue]!))"
                ])
    }

    private static func title(_ part: NetworkProfile.Part) -> String {
        switch part {
        case .images: "images to the network"
        case .head: "head and loss"
        case .gradients: "sums of gradients"
        case .optimizer: "optimiser"
        case .statistics: "statistics of other processes"
        case .exchange: "waiting for others' gradients"
        case .data: "waiting for images"
        case .rest: "rest"
        }
    }

    /// Writes all layers, and the parts between them, as CSV. Throws `FileWriteError`.
    package func writeTable(to url: URL) throws {
        let header = [
            "block", "layer", "forward_ms", "again_ms", "backward_ms", "forward_convolution_ms", "again_convolution_ms",
            "backward_convolution_ms", "forward_alone_ms", "backward_alone_ms", "forward_repeated_ms",
            "backward_repeated_ms", "gflop", "gflops_per_s",
            "share_of_step", "share_of_peak",
        ]
        let milliseconds = 1e3 / Double(profile.steps)
        func rounded(_ value: Double) -> CSVField { .double((value * 1e6).rounded() / 1e6) }
        try CSVWriter.write(to: url, header: header) { table in
            for entry in profile.entries {
                let row = Self.row(entry.layer, entry, of: profile, peak: peak * 1e9)
                let times = [row.forward, row.again, row.backward]
                let inConvolutions = NetworkProfile.Direction.allCases.map {
                    entry[$0].convolutionSeconds * milliseconds
                }
                let alone = [\NetworkProfile.Pass.aloneSeconds, \.repeatedSeconds].flatMap { time in
                    [entry[.forward][keyPath: time], entry[.backward][keyPath: time]].map { $0 * milliseconds }
                }
                try table.append(
                    [.text(entry.block), .text(entry.layer)] + (times + inConvolutions + alone).map(rounded) + [
                        rounded(Double(entry.total.operations) / Double(profile.steps) / 1e9),
                        row.gigaflops.map(rounded) ?? .text(""), rounded(row.share),
                        row.peakShare.map(rounded) ?? .text(""),
                    ])
            }
            for part in NetworkProfile.Part.allCases {
                let time = profile[part] * milliseconds
                try table.append(
                    [.text("between the layers"), .text(part.rawValue), rounded(time)]
                        + Array(repeating: .text(""), count: 11) + [
                            rounded(profile[part] / profile.seconds), .text(""),
                        ])
            }
        }
    }
}
