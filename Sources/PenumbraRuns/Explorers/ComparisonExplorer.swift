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
    let names: ClassNames
    let seed: UInt64
    let progress: ProgressOutput

    package init(
        result: Comparison.Result, report: ComparisonReport, mixing: ColourMixing, names: ClassNames, seed: UInt64,
        progress: ProgressOutput
    ) {
        self.result = result
        self.names = names
        self.report = report
        self.mixing = mixing
        self.seed = seed
        self.progress = progress
    }

    private var samples: SampleTable { result.measured[0].kind.first.samples }

    /// The page. Throws `Interruption` and `InputError`.
    ///
    /// - Parameter withImages: whether to include thumbnails if the images are known.
    package func explorer(withImages: Bool) throws -> Explorer {
        try names.check(samples.classes, in: samples.ids.path)
        var explorer = Explorer(
            classes: classes, ids: samples.ids.ids, distributions: samples.labels.flatMap(\.probabilities))
        explorer.title = result.measured.map(\.kind.name).joined(separator: ", ")
        explorer.mixing = mixing
        explorer.annotators = samples.annotators
        explorer.seed = seed
        explorer.show(samples.appearances)
        explorer.panels = result.measured.prefix(Explorer.mostPanels).map { one in
            Explorer.Panel(
                name: one.kind.name, caption: caption(one), coordinates: one.coordinates,
                neighbors: samples.ids.ids.count <= NearestSamples.mostSamples
                    ? one.mapped.features.nearestNeighbors(NearestSamples.count) : nil,
                predictions: one.predictions,
                frames: one.frames.map {
                    Explorer.Frame(label: "iteration \(Decimals.grouped($0.iteration))", coordinates: $0.coordinates)
                })
        }
        explorer.columns = columns
        explorer.verdict = verdict
        explorer.answer = behindVerdict
        explorer.explanations = ExplorerWords.ofMaps + ExplorerWords.ofComparisons
        if let pair = report.pairs.first, report.pairs.count == 1 { explorer.answerTable = pair.words.table }
        if report.pairs.count > 1 { explorer.answerTable = report.matrix.table }
        explorer.notes =
            (samples.simulation.map { ["\($0.prefix(1).uppercased() + $0.dropFirst())."] } ?? [])
            + report.answer.trainingDifferences.map { "Other difference: \($0)." }
        if withImages, let data = result.measured[0].kind.first.data {
            explorer.thumbnails = try thumbnails(data)
        }
        return explorer
    }

    /// The verdict of the only pair, or which kind is better ordered than which; and what it does not cover.
    private var verdict: String {
        let isUnknown = report.pairs.contains { $0.words.leavesTrainingsOut }
        return ranking
            + (isUnknown
                ? " With one training per kind and split, chance differences between trainings are unknown." : "")
    }

    private var ranking: String {
        if report.pairs.count == 1 { return report.pairs[0].words.statement }
        if let ranking = report.answer.ranking { return ComparisonReport.line(ranking) }
        let wins = report.matrix.wins.map { winner, others in
            "\(VerdictWords.inSentence(winner)) is better ordered than \(VerdictWords.list(others.map(VerdictWords.inSentence)))"
        }
        return wins.isEmpty
            ? "No space is better ordered than another."
            : "There is no single order: \(wins.joined(separator: "; "))."
    }

    /// Every pair's verdict if there are several, and once what gaps are compared with.
    private var behindVerdict: [String] {
        var yardsticks: [String] = []
        for words in report.pairs.map(\.words) where !yardsticks.contains(words.yardstickSentence) {
            yardsticks.append(words.yardstickSentence)
        }
        return (report.pairs.count > 1 ? report.pairs.map(\.words.statement) : []) + yardsticks
    }

    private var classes: [Explorer.SampleClass] {
        names.naming(Explorer.SampleClass.known(by: samples))
    }

    private func caption(_ one: Comparison.Measured) -> String {
        [PredictionMeasure.macroAccuracy, .klDivergence].compactMap { measure in
            one.evaluation?[measure].map { "\(measure.title) \(VerdictWords.number($0))" }
        }.joined(separator: "  ")
    }

    private var columns: [Explorer.Column] {
        var columns = result.measured.map { one in
            Explorer.Column(name: "label misfit, \(one.kind.name)", values: one.mapped.features.labelMisfit)
        }
        for pair in result.pairs where pair.first == 0 {
            let name = result.pairs.count == 1 ? "" : ", \(result.measured[pair.second].kind.name)"
            columns.append(
                Explorer.Column(
                    name: "neighbours changed\(name)", values: pair.spaces.samples.map { 1 - $0.neighborShare },
                    isChange: true))
            columns.append(
                Explorer.Column(
                    name: "label misfit change\(name)", values: pair.spaces.samples.map(\.labelMisfitChange),
                    isChange: true))
        }
        return columns
    }

    /// Nil if there are too many samples, or if no image of theirs can be read, which is noted: a comparison does not need them.
    /// Throws `Interruption`.
    private func thumbnails(_ data: DatasetSource) throws -> ThumbnailSheet? {
        let ids = samples.ids.ids
        if ids.count > ThumbnailSheet.mostSamples { return nil }
        let wayOn = "the explorer has no images; name their data set with --data"
        do {
            let images = Dictionary(try data.dataset.samples.map { ($0.id, $0) }) { first, _ in first }
            let sheet = try SampleThumbnails.sheet(
                of: ids.map { images[$0] }, for: .explorer, progress: progress, kept: "maps and reports are kept")
            if sheet == nil { data.note("\(data.url.path): found no image of these samples: \(wayOn)") }
            return sheet
        } catch let interruption as Interruption {
            throw interruption
        } catch {
            data.note("\(error): \(wayOn)")
            return nil
        }
    }
}
