import FeatureSpaces
import Figures
import Foundation
import ImageDatasets
import LabelDistributions
import TerminalProgress

/// The explorer of a comparison's maps.
package struct ComparisonExplorer {
    let result: Comparison.Result
    let report: ComparisonReport
    let mixing: ColourMixing
    let seed: UInt64
    let progress: ProgressOutput

    package init(
        result: Comparison.Result, report: ComparisonReport, mixing: ColourMixing, seed: UInt64,
        progress: ProgressOutput
    ) {
        self.result = result
        self.report = report
        self.mixing = mixing
        self.seed = seed
        self.progress = progress
    }

    private var samples: SampleTable { result.measured[0].kind.first.samples }

    /// The page. Throws `Interruption`, and what reading the images throws.
    ///
    /// - Parameter withImages: whether thumbnails are wanted, where it is known which images they are of.
    package func explorer(withImages: Bool) throws -> Explorer {
        var explorer = Explorer(
            classes: classes, ids: samples.ids.ids, distributions: samples.labels.flatMap(\.probabilities))
        explorer.title = result.measured.map(\.kind.name).joined(separator: ", ")
        explorer.mixing = mixing
        explorer.annotators = samples.annotators
        explorer.seed = seed
        if let appearances = samples.appearances {
            explorer.ellipseShares = appearances.map(\.ellipseShare)
            explorer.colourings = [
                Explorer.Colouring(name: "object", colours: appearances.map { Colour(hue: $0.hue) }),
                Explorer.Colouring(
                    name: "shape",
                    colours: appearances.map { EllipseShareTone.colour(hue: $0.hue, ellipseShare: $0.ellipseShare) }),
            ]
        }
        explorer.panels = result.measured.prefix(Explorer.mostPanels).map { one in
            Explorer.Panel(
                name: one.kind.name, caption: caption(one), coordinates: one.coordinates, predictions: one.predictions,
                frames: one.frames.map {
                    Explorer.Frame(label: "iteration \(Decimals.grouped($0.iteration))", coordinates: $0.coordinates)
                })
        }
        explorer.columns = columns
        explorer.answer = report.answer.sentences + (report.answer.ranking.map { [ComparisonReport.line($0)] } ?? [])
        if let pair = report.pairs.first, report.pairs.count == 1 { explorer.answerTable = pair.words.table }
        if report.pairs.count > 1 { explorer.answerTable = report.matrix.table }
        explorer.notes =
            (samples.simulation.map { ["\($0.prefix(1).uppercased() + $0.dropFirst())."] } ?? [])
            + report.answer.trainingDifferences.map { "Trainings differ: \($0)." }
        if withImages, let data = result.measured[0].kind.first.data {
            explorer.thumbnails = try thumbnails(data)
        }
        return explorer
    }

    /// In the colours of the palette; of synthetic objects as the purest sample of each class looks.
    private var classes: [Explorer.SampleClass] {
        guard let appearances = samples.appearances else { return Explorer.SampleClass.palette(samples.classes) }
        return Explorer.SampleClass.palette(samples.classes).enumerated().map { index, plain in
            let purest = samples.labels.indices.max {
                samples.labels[$0].probabilities[index] < samples.labels[$1].probabilities[index]
            }!
            guard samples.labels[purest].hardClass == index else { return plain }
            return Explorer.SampleClass(
                name: plain.name, colour: Colour(hue: appearances[purest].hue),
                ellipseShare: appearances[purest].ellipseShare)
        }
    }

    private func caption(_ one: Comparison.Measured) -> String {
        [PredictionMeasure.macroAccuracy, .klDivergence].compactMap { measure in
            one.evaluation?[measure].map { "\(measure.title) \(NumberText.share($0))" }
        }.joined(separator: "  ")
    }

    private var columns: [Explorer.Column] {
        var columns = result.measured.map { one in
            Explorer.Column(name: "label fit, \(one.kind.name)", values: one.mapped.features.labelFit)
        }
        for pair in result.pairs where pair.first == 0 {
            let name = result.pairs.count == 1 ? "" : ", \(result.measured[pair.second].kind.name)"
            columns.append(
                Explorer.Column(
                    name: "neighbours changed\(name)", values: pair.spaces.samples.map { 1 - $0.neighborShare },
                    isChange: true))
            columns.append(
                Explorer.Column(
                    name: "label fit change\(name)", values: pair.spaces.samples.map(\.labelFitChange), isChange: true))
        }
        return columns
    }

    /// Nil where there are too many samples, or the images of none of them are there.
    private func thumbnails(_ data: DatasetSource) throws -> ThumbnailSheet? {
        let ids = samples.ids.ids
        if ids.count > ThumbnailSheet.mostSamples { return nil }
        let images = Dictionary(try data.dataset.samples.map { ($0.id, $0) }) { first, _ in first }
        return try SampleThumbnails.sheet(
            of: ids.map { images[$0] }, for: .explorer, progress: progress, kept: "maps and reports are kept")
    }
}
