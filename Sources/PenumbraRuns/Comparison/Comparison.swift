import Numerics
import FeatureSpaces
import Foundation
import LabelDistributions
import NeighborEmbedding
import TerminalProgress

/// The work of `compare`: the measures, the maps, and the verdicts on them.
package struct Comparison {
    let kinds: [ComparedKind]
    let folder: URL
    let parameters: MeasureParameters
    let projection: ProjectionParameters
    /// Whether all maps start from the same layout; otherwise each starts from its own principal components.
    let sharesStart: Bool
    /// How many intermediate maps of each projection to keep.
    let snapshots: Int
    /// Whether trainings may differ in more than their kind.
    let allowsDifferent: Bool
    /// How the tables beside the features differ.
    let labelDifferences: [String]
    let threads: ThreadCount
    let progress: ProgressOutput

    package init(
        kinds: [ComparedKind], folder: URL, parameters: MeasureParameters, projection: ProjectionParameters,
        sharesStart: Bool, snapshots: Int, allowsDifferent: Bool = false, labelDifferences: [String] = [],
        threads: ThreadCount, progress: ProgressOutput
    ) {
        self.kinds = kinds
        self.folder = folder
        self.parameters = parameters
        self.projection = projection
        self.sharesStart = sharesStart
        self.snapshots = snapshots
        self.allowsDifferent = allowsDifferent
        self.labelDifferences = labelDifferences
        self.threads = threads
        self.progress = progress
    }

    /// A kind with its measures and its map.
    package struct Measured {
        package let kind: ComparedKind
        let fileName: String
        /// The trial of each space, in the order of `kind.spaces`.
        let trials: [Trial]
        let mapped: MappedSpace
        /// N × 2, aligned with the first kind's map.
        package let coordinates: [Float]
        /// The intermediate maps of its projection, aligned with the first kind's final map.
        let frames: [(iteration: Int, coordinates: [Float])]
        package let layout: LayoutReport
        package let evaluation: Evaluation?
        /// The loop of the first space's ambiguous samples.
        let loop: AmbiguousLoop?
        /// N × K, row by row, if there are predictions.
        let predictions: [Double]?
    }

    /// A comparison of two kinds.
    package struct Pair {
        let first: Int
        let second: Int
        let spaces: SpaceComparison
        let verdict: Verdict
    }

    package struct Result {
        package let measured: [Measured]
        /// Each kind paired with each later one.
        let pairs: [Pair]
        /// How trainings or the tables beside features differ, other than in their kinds.
        let trainingDifferences: [String]
        package let cost: ComparisonCost
    }

    private var start: URL { folder.appendingPathComponent("start.csv") }

    /// The names of the maps' files, one per kind.
    private var fileNames: [String] {
        // The comparison's other files use these names.
        SpaceNames.distinct(kinds.map(\.fileName), taken: ["start", "samples", "suspects", "report", "maps"])
    }

    /// The files that the comparison reads.
    package var inputs: [URL] { kinds.flatMap(\.spaces).flatMap { [$0.features, $0.labels] } }

    /// The files that the comparison writes, except snapshots.
    package var outputs: [URL] {
        [start]
            + fileNames.map { folder.appendingPathComponent("\($0).csv") }
            .flatMap { [$0, LayoutFile.report(of: $0), ProjectionState.url(of: $0)] }
    }

    /// Does everything except the reports. Throws `Interruption`, `InputError`, and what measuring and projecting throw.
    package func run() throws -> Result {
        let trainingDifferences = TrainingDifferences.between(kinds)
        if !trainingDifferences.isEmpty && !allowsDifferent { throw InputError.differentTrainings(trainingDifferences) }
        for space in kinds.flatMap(\.spaces) {
            try self.parameters.requireFewNeighbors(of: space.samples.ids.ids.count, path: space.path)
        }
        let begin = ContinuousClock.now
        var parameters = projection
        if sharesStart {
            try writeStart(to: start)
            parameters.initialization = start.path
        }
        let fileNames = fileNames
        let layouts = try zip(kinds, fileNames).map { kind, name in
            try layout(of: kind, named: name, parameters)
        }
        let projectSeconds = begin.elapsedSeconds
        let state = MeasuringState(folder: folder, parameters: self.parameters, threads: threads)
        let total = kinds.reduce(0) { $0 + $1.spaces.count } + kinds.count * (kinds.count - 1) / 2
        let display = ProgressDisplay("measure", total: total, unit: "spaces", to: progress)
        var done = 0
        func step() throws {
            done += 1
            display.update(done)
            try Interruption.check(kept: "the maps and measures so far are kept; run the same command again to resume")
        }
        var measured: [Measured] = []
        for (index, kind) in kinds.enumerated() {
            let map = try FeatureSpace(
                features: layouts[index].file.coordinates, dimension: 2, labels: kind.first.samples.labels,
                ids: kind.first.table.ids.ids)
            let names = spaceNames(kind, fileNames[index])
            let mapped = try state.measured(features: kind.first.space(), map: map, name: names[0])
            try step()
            var trials = [Trial(split: kind.first.split, space: mapped.features)]
            for (space, name) in zip(kind.spaces, names).dropFirst() {
                trials.append(Trial(split: space.split, space: try state.measured(space.space(), name: name)))
                try step()
            }
            let predictions = try predictions(of: kind.first)
            let aligning = try measured.first.map { try MapAlignment(moving: map, onto: $0.mapped.map.space) }
            measured.append(
                Measured(
                    kind: kind, fileName: fileNames[index], trials: trials, mapped: mapped,
                    coordinates: aligning?.apply(to: map.features) ?? map.features,
                    frames: layouts[index].snapshots.map {
                        ($0.iteration, aligning?.apply(to: $0.coordinates) ?? $0.coordinates)
                    },
                    layout: layouts[index].report,
                    evaluation: predictions.map { Evaluation($0, name: kind.name) },
                    loop: AmbiguousLoop(
                        mapped.features.space, seed: self.parameters.seed,
                        turns: kind.first.samples.appearances?.map { $0.hue / 360 }, threads: threads),
                    predictions: predictions?.predictions.flatMap(\.self)))
        }
        var pairs: [Pair] = []
        for first in kinds.indices {
            for second in kinds.indices.dropFirst(first + 1) {
                pairs.append(
                    Pair(
                        first: first, second: second,
                        spaces: try SpaceComparison(
                            measured[first].mapped.features, measured[second].mapped.features, threads: threads),
                        verdict: try Verdict(first: measured[first].trials, second: measured[second].trials)))
                try step()
            }
        }
        display.end()
        state.remove(zip(kinds, fileNames).flatMap(spaceNames))
        return Result(
            measured: measured, pairs: pairs, trainingDifferences: trainingDifferences + labelDifferences,
            cost: ComparisonCost(
                projectSeconds: projectSeconds, measureSeconds: begin.elapsedSeconds - projectSeconds,
                peakMemory: AvailableMemory.peak ?? 0))
    }

    private func writeStart(to url: URL) throws {
        let coordinates = SharedStart.coordinates(
            of: kinds.map(\.first.table.matrix), seed: projection.tsne.seed, threads: threads)
        try LayoutFile.write(ids: kinds[0].first.table.ids.ids, coordinates: coordinates, to: url)
    }

    /// The names of a kind's spaces in file names.
    private func spaceNames(_ kind: ComparedKind, _ fileName: String) -> [String] {
        kind.spaces.indices.map { "\(fileName)-\($0 + 1)" }
    }

    private struct MadeLayout {
        let file: LayoutFile
        let snapshots: [(iteration: Int, coordinates: [Float])]
        let report: LayoutReport
    }

    /// The map as t-SNE left it; made unless it already exists for the same features and parameters.
    private func layout(
        of kind: ComparedKind, named name: String, _ parameters: ProjectionParameters
    ) throws -> MadeLayout {
        let url = folder.appendingPathComponent("\(name).csv")
        var projection = Projection(
            features: kind.first.features, reading: kind.first.reading, idsFile: nil, parameters: parameters, out: url,
            snapshots: snapshots)
        projection.reportsReading = false
        let title = "project \(kind.name)"
        let finished = FinishedMaps(folder: folder)
        let identity = try projection.identity(of: kind.first.table)
        let report: LayoutReport
        if let found = finished.report(of: url, identity, snapshots: snapshots) {
            progress.print("\(title): already done")
            report = found
        } else {
            report = try projection.run(threads: threads, title: title, progress: progress)
            try finished.record(url, identity, snapshots: snapshots)
        }
        let file = try LayoutFile.read(url)
        return MadeLayout(
            file: file, snapshots: snapshots > 0 ? try LayoutSnapshots.read(beside: url, ids: file.ids) : [],
            report: report)
    }

    /// What lies beside the features; nil without a file, or if it is another program's and does not fit, which is printed.
    private func predictions(of space: ComparedSpace) throws -> PredictionTable? {
        guard FileManager.default.fileExists(atPath: space.predictions.path) else { return nil }
        do { return try Self.readPredictions(of: space) } catch {
            if !space.isForeign { throw error }
            progress.print("\(error): ACC and KL are not shown")
            return nil
        }
    }

    private static func readPredictions(of space: ComparedSpace) throws -> PredictionTable {
        try PredictionTable.read(space.predictions).picking(space.samples.ids)
            .ordered(by: space.samples.classes, of: space.labels.path)
    }
}
