import Figures
import Foundation
import LabelDistributions
import LabelFiles
import TensorFiles

/// A folder for TensorBoard's embedding projector: open it with `tensorboard --logdir FOLDER`, or load its files by hand on
/// projector.tensorflow.org.
///
/// It holds one table per space (`tensors.tsv` for features, `map.tsv` for a map: one row per sample, numbers separated by
/// tabs, no header), `metadata.tsv` with what is known about the samples in the same order, `sprite.png` with their pictures in
/// a square grid, and `projector_config.pbtxt`, which names them all.
package struct ProjectorFolder {
    /// What the projector shows of a sample.
    package struct Metadata {
        var ids: [String]
        /// The subset of each sample, if known.
        var subsets: [String]?
        var classes: [String] = []
        /// Over `classes`; empty if there are none.
        var labels: [LabelDistribution] = []
    }

    /// Points with a name.
    package struct Space {
        let name: String
        let file: String
        /// N × D, row by row.
        let values: [Float]
        let dimension: Int

        package static func features(_ values: [Float], dimension: Int) -> Space {
            Space(name: "features", file: "tensors.tsv", values: values, dimension: dimension)
        }

        static func map(_ coordinates: [Float]) -> Space {
            Space(name: "t-SNE", file: "map.tsv", values: coordinates, dimension: 2)
        }
    }

    package let url: URL

    package init(
        url: URL
    ) {
        self.url = url
    }

    /// Every file that may be written or removed.
    package var files: [URL] {
        ["tensors.tsv", "map.tsv", "metadata.tsv", "sprite.png", Self.configurationName].map(url.appendingPathComponent)
    }

    private static let configurationName = "projector_config.pbtxt"

    /// Throws the `FileWriteError` that writing would end with, before any work is done.
    package func check() throws {
        try OutputFile.check(url.appendingPathComponent(Self.configurationName))
    }

    /// Writes everything. In a folder that was written before, it removes the sprite of earlier samples if there is none now.
    /// Traps unless spaces and metadata have the same number of rows. Throws `FileWriteError`, and `FigureError` if the sprite
    /// cannot be drawn.
    package func write(_ spaces: [Space], _ metadata: Metadata, sprite: ThumbnailSheet? = nil) throws {
        try OutputFolder.create(url)
        for space in spaces {
            precondition(space.values.count == metadata.ids.count * space.dimension, "one row per sample")
            let file = url.appendingPathComponent(space.file)
            try CSVWriter.write(to: file, columnCount: space.dimension, dialect: .tabs) { table in
                for row in metadata.ids.indices {
                    let values = space.values[row * space.dimension..<(row + 1) * space.dimension]
                    try table.append(values.map { .float($0) })
                }
            }
        }
        try metadata.write(to: url.appendingPathComponent("metadata.tsv"))
        let picture = url.appendingPathComponent("sprite.png")
        let configuration = url.appendingPathComponent(Self.configurationName)
        let png = try sprite?.png()
        if let png {
            try AtomicFile.write(png, to: picture)
        } else if FileManager.default.fileExists(atPath: configuration.path) {
            try? FileManager.default.removeItem(at: picture)
        }
        let text = spaces.map { Self.entry($0, spriteSide: png == nil ? nil : sprite?.side) }.joined()
        try AtomicFile.write(text, to: configuration)
    }

    /// Writes features, their map, and the labels from the table of samples beside them, if that is for the same samples.
    /// Throws what the reader of that table throws, and as `write(_:_:sprite:)` does.
    package func write(_ table: FeatureTable, map coordinates: [Float]) throws {
        var metadata = Metadata(ids: table.ids.ids)
        let beside = SampleTable.url(besideFeatures: table.url)
        if FileManager.default.fileExists(atPath: beside.path) {
            do {
                let samples = try SampleTable.read(
                    beside, for: table.ids, samplesAreRows: table.idsAreRows, needsLabels: false)
                if !samples.labelsOfSamples.contains(nil) { metadata = Metadata(samples) }
            } catch LabelFileError.nothingJoined, LabelFileError.rowCount, LabelFileError.otherOrder {
                // A table for other samples, or one that is not known to be for these.
            }
        }
        try write([.features(table.matrix.values, dimension: table.matrix.dimension), .map(coordinates)], metadata)
    }

    /// One `EmbeddingInfo` of TensorBoard's `ProjectorConfig`, as text.
    private static func entry(_ space: Space, spriteSide: Int?) -> String {
        var lines = [
            "tensor_name: \"\(space.name)\"", "tensor_path: \"\(space.file)\"", "metadata_path: \"metadata.tsv\"",
        ]
        if let side = spriteSide {
            lines += [
                "sprite {", "  image_path: \"sprite.png\"", "  single_image_dim: \(side)",
                "  single_image_dim: \(side)", "}",
            ]
        }
        return "embeddings {\n" + lines.map { "  \($0)\n" }.joined() + "}\n"
    }
}

extension ProjectorFolder.Metadata {
    /// The metadata from the rows of a table of samples.
    package init(_ samples: SampleTable) {
        self.init(ids: samples.ids.ids, classes: samples.labels.isEmpty ? [] : samples.classes, labels: samples.labels)
    }

    /// The projector reads the first line as a header only if there are several columns.
    fileprivate func write(to url: URL) throws {
        var header = ["id"]
        if subsets != nil { header.append("split") }
        if !labels.isEmpty { header += ["class", "entropy"] + classes }
        if header.count == 1 {
            return try CSVWriter.write(to: url, columnCount: 1, dialect: .tabs) { table in
                for id in ids { try table.append([.text(id)]) }
            }
        }
        try CSVWriter.write(to: url, header: header, dialect: .tabs) { table in
            for (row, id) in ids.enumerated() {
                var fields: [CSVField] = [.text(id)]
                if let subsets { fields.append(.text(subsets[row])) }
                if !labels.isEmpty {
                    let label = labels[row]
                    fields += [.text(classes[label.hardClass]), .double(label.entropy)]
                    fields += label.probabilities.map { .double($0) }
                }
                try table.append(fields)
            }
        }
    }
}
