import FeatureSpaces
import Figures
import Foundation
import ImageDatasets
import LabelDistributions
import LabelFiles
import Numerics
import TensorFiles
import TerminalProgress

/// The explorer of one or more maps on their own, without a comparison.
package struct MapExplorer {
    let maps: [LayoutFigure.Map]
    let samples: SampleTable
    let columns: SampleColumns
    let names: ClassNames
    let mixing: ColourMixing
    let seed: UInt64
    /// Files of features, one per map, for the nearest samples in the spaces; if empty, the nearest on the maps are shown.
    package var features: [URL] = []
    /// How these are read.
    package var reading = FeatureReading()
    /// The source of the samples' images.
    package var images: DatasetSource?
    package var threads = ThreadCount.available

    package init(
        maps: [LayoutFigure.Map], samples: SampleTable, columns: SampleColumns, names: ClassNames,
        mixing: ColourMixing, seed: UInt64
    ) {
        self.maps = maps
        self.samples = samples
        self.columns = columns
        self.names = names
        self.mixing = mixing
        self.seed = seed
    }

    private var ids: SampleIDs { samples.ids }

    /// The page, and remarks about what it leaves out. Throws `InputError` if ids or classes differ, `Interruption`, and what
    /// the readers throw.
    package func explorer(progress: ProgressOutput) throws -> (Explorer, remarks: [String]) {
        for map in maps { try map.layout.ids.requireSame(as: ids) }
        try names.check(samples.classes, in: samples.interpretation?.file ?? ids.path)
        let unlabelled = samples.labelsOfSamples.count { $0 == nil }
        var classes = names.naming(Explorer.SampleClass.known(by: samples))
        if unlabelled > 0 { classes.append(missing(isAll: classes.isEmpty)) }
        var explorer = Explorer(
            classes: classes, ids: ids.ids,
            distributions: samples.labelsOfSamples.flatMap { label in
                (label?.probabilities ?? samples.classes.map { _ in 0 })
                    + (unlabelled > 0 ? [label == nil ? 1 : 0] : [])
            })
        explorer.title = maps.map(\.name).joined(separator: ", ")
        explorer.mixing = mixing
        explorer.seed = seed
        explorer.annotators = samples.annotators
        explorer.show(samples.appearances)
        explorer.explanations = ExplorerWords.ofMaps
        var remarks: [String] = []
        let neighbors = try neighbors(&remarks)
        explorer.panels = try maps.enumerated().map { index, map in
            Explorer.Panel(
                name: map.name, caption: map.measures ?? "", coordinates: map.layout.coordinates,
                neighbors: neighbors.isEmpty ? nil : neighbors[index],
                predictions: try predictions(of: map, isExtended: unlabelled > 0))
        }
        let (columns, columnRemarks) = shownColumns()
        explorer.columns = columns
        remarks += columnRemarks
        if let simulation = samples.simulation {
            explorer.notes = ["\(simulation.prefix(1).uppercased() + simulation.dropFirst())."]
        }
        if let images { explorer.thumbnails = try thumbnails(images, progress, &remarks) }
        return (explorer, remarks)
    }

    /// The placeholder class for samples without a label; no class has its name.
    private func missing(isAll: Bool) -> Explorer.SampleClass {
        var name = isAll ? "samples" : "no label"
        while samples.classes.contains(name) { name += " given" }
        var missing = Explorer.SampleClass(name: name, colour: Colour(grey: isAll ? 0.45 : 0.6))
        missing.isMissing = true
        return missing
    }

    /// N × K, with one more class if some samples have no label. Throws `InputError` if the classes differ.
    private func predictions(of map: LayoutFigure.Map, isExtended: Bool) throws(InputError) -> [Double]? {
        guard let predictions = map.predictions, !samples.classes.isEmpty else { return nil }
        let table = try predictions.ordered(
            by: samples.classes, of: samples.interpretation?.file ?? samples.ids.path)
        return table.predictions.flatMap { $0 + (isExtended ? [0] : []) }
    }

    /// Every column of the tables that describes the samples, except for their labels.
    private func shownColumns() -> ([Explorer.Column], remarks: [String]) {
        var shown: [Explorer.Column] = []
        var remarks: [String] = []
        let known = Set(samples.classes + ["annotators", "simulation"])
        for name in columns.names where !known.contains(name) && name != samples.interpretation?.labelColumn {
            do {
                switch try columns.column(named: name) {
                case .numbers(let values):
                    shown.append(Explorer.Column(name: name, values: values.map { $0 ?? .nan }))
                case .categories(let places, let categories) where !categories.isEmpty:
                    shown.append(Explorer.Column(name: name, categories: categories, indices: places))
                case .categories: break
                }
            } catch {
                remarks.append("column '\(name.displayed)' is left out: \(error)")
            }
        }
        return (shown, remarks)
    }

    // MARK: - Neighbours

    /// The nearest samples in the space of each map; `remarks` receives what was read. Features without ids must be the file that
    /// the map was made of, or the map's ids their row numbers. Throws `InputError` if the number of files is not the number of
    /// maps, for other ids and for too many samples, and what the reader throws.
    private func neighbors(_ remarks: inout [String]) throws -> [[Int32]] {
        if features.isEmpty { return [] }
        if ids.ids.count > NearestSamples.mostSamples {
            throw InputError.unusable(
                path: features[0].path,
                problem:
                    "found \(ids.ids.count) samples; --features takes up to \(NearestSamples.mostSamples); without it, "
                    + "the page shows the nearest on the map")
        }
        try FeatureFileFormat.refuse(reading, for: features)
        return try zip(features, maps).map { url, map in
            let table = try FeatureTable.read(url, FeatureFileFormat.reading(reading, of: url), idsFile: nil)
            remarks += table.lines
            try table.requireApart(from: samples)
            var matrix = table.matrix
            let order = table.idsAreRows ? try requireRows(of: map, in: table) : table.ids
            let places = try ids.places(in: order)
            if table.idsAreRows {
                remarks.append("\(url.relativePath): its rows are taken in the order of the map, because it has no ids")
            } else if places != Array(places.indices) {
                remarks.append("\(url.relativePath): its samples are in a different order and are joined by id")
            }
            if places != Array(places.indices) { matrix = matrix.picking(places) }
            let label = LabelDistribution(oneHot: 0, of: 1)
            let space = try FeatureSpace(
                features: matrix.values, dimension: matrix.dimension, labels: ids.ids.map { _ in label },
                ids: ids.ids)
            try Interruption.check(kept: "an unfinished explorer is not kept")
            return space.nearestNeighbors(min(NearestSamples.count, ids.ids.count - 1), threads: threads)
        }
    }

    /// The ids of rows that have none: those of the map's file, which was made of this file or only numbers its rows. Throws
    /// `InputError` otherwise.
    private func requireRows(of map: LayoutFigure.Map, in table: FeatureTable) throws -> SampleIDs {
        if table.ids.ids.count != ids.ids.count {
            throw InputError.rowCount(
                path: table.url.path, found: table.ids.ids.count, expected: ids.ids.count, of: ids.path)
        }
        if !ExactText.areSame(table.ids.ids, map.fileIDs.ids) {
            guard let made = map.report?.featuresDigest, try SHA256Digest.of(file: table.url).description == made else {
                throw InputError.noIDs(path: table.url.path, other: map.fileIDs.path)
            }
        }
        return map.fileIDs
    }

    // MARK: - Images

    /// The images of a data set, or of a folder in which they are named after the samples.
    private func thumbnails(
        _ source: DatasetSource, _ progress: ProgressOutput, _ remarks: inout [String]
    ) throws -> ThumbnailSheet? {
        var known: [String: Sample] = [:]
        do {
            known = Dictionary(try source.dataset.samples.map { ($0.id, $0) }) { first, _ in first }
        } catch DatasetError.noKnownDataset {
            // Images are shown even without labels.
        }
        var found = ids.ids.map { known[$0] }
        if found.contains(where: { $0 == nil }) {
            let named = try NamedImages(in: source.url)
            found = zip(ids.ids, found).map { $1 ?? named.sample($0) }
        }
        let missing = zip(ids.ids, found).filter { $1 == nil }.map(\.0)
        if missing.count == found.count {
            throw InputError.unusable(
                path: source.url.path,
                problem:
                    "found no image of these samples (\(InputError.list(missing, atMost: 3))); expected a data set with "
                    + "these ids, or images named by them")
        }
        if !missing.isEmpty {
            remarks.append(
                "\(source.url.path): found no image of \(missing.count) samples "
                    + "(\(InputError.list(missing, atMost: 3)))")
        }
        return try SampleThumbnails.sheet(
            of: found, for: .explorer, progress: progress, kept: "an unfinished explorer is not kept")
    }
}
