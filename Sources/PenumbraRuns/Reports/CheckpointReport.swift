import Backbones
import Foundation
import TensorFiles

/// The content of a checkpoint, as shown by `penumbra inspect`.
package struct CheckpointReport: Encodable {
    package struct Tensor: Encodable {
        var name: String
        var shape: [Int]
        var type: String
    }

    struct Network: Encodable {
        /// A `WeightNaming`'s identifier.
        var naming: String
        var title: String
        /// The layer whose output the global average pool takes.
        var featureLayer: String
        var features: Int
        /// The prefix of all names.
        var prefix: String
        /// Nil without a classifier.
        var classes: Int?
        /// The dense layers of a head with a hidden layer, otherwise nil.
        var hiddenHead: [String]?
        /// Layers after the features that are not understood, otherwise nil.
        var otherHead: [String]?
        /// What the file does not say and is assumed.
        var assumption: String?

        var classifierWords: String {
            guard let classes else {
                return "none that fits" + (otherHead.map { "; the file has \(CheckpointReport.list($0))" } ?? "")
            }
            let layers = hiddenHead.map { ", two dense layers with ReLU between them (\($0.joined(separator: ", ")))" }
            return "\(classes) classes" + (layers ?? "")
        }
    }

    var path: String
    var format: String
    /// The keys that lead to the tensors.
    var keys: [String]
    /// Nil for an unknown network.
    var network: Network?
    /// A layer whose outputs `embed` writes.
    struct Layer: Encodable {
        /// Its name for `--layer`.
        var name: String
        /// Channels, rows, columns.
        var shape: [Int]
        /// After the mean over all positions.
        var features: Int
    }
    /// Nil if they were not requested.
    var layers: [Layer]?
    /// The side length of the images for these shapes.
    var layersImageSize: Int?

    /// One of several networks in the file.
    struct Part: Encodable {
        /// Its name for `--part`.
        var prefix: String
        var title: String
    }
    /// All of them if the file holds several, otherwise nil.
    var parts: [Part]?
    /// The number of trainable parameters.
    var parameters: Int
    /// The number of values in running statistics and counters.
    var statistics: Int
    var tensorCount: Int
    /// Nil if they were not requested.
    package var tensors: [Tensor]?
    /// The file's other entries, besides the tensors.
    var others: [String]
    /// Classes of other programs that the file names and that were not instantiated; nil if there are none.
    var foreignClasses: [String]?
    var metadata: [String: String]

    private var title: String
    /// Why the network is unknown.
    private var unknown: String?

    private enum CodingKeys: CodingKey {
        case path, format, keys, network, parameters, statistics, tensorCount, tensors, others, metadata,
            foreignClasses, parts, layers, layersImageSize
    }

    package init(_ weights: WeightFile) {
        let file = weights.file
        path = file.path
        format = file.format.rawValue
        title = file.format.title
        keys = file.keys
        network = weights.naming.map { naming in
            Network(
                naming: naming.identifier, title: naming.title,
                featureLayer: weights.prefix + naming.featureLayer, features: naming.architecture.featureCount,
                prefix: weights.prefix, classes: weights.classCount,
                hiddenHead: weights.hiddenHeadNames, otherHead: weights.otherHead, assumption: naming.assumption)
        }
        if weights.naming == nil {
            unknown = UnknownNetwork(file.tensors).description
        }
        // Sums that exceed any memory are clamped to the limit: tensors may share their storage.
        func count(_ tensors: [TensorFile.Tensor]) -> Int {
            tensors.reduce(0) { sum, tensor in
                let (total, overflow) = sum.addingReportingOverflow(tensor.count)
                return overflow ? .max : total
            }
        }
        parameters = count(file.tensors.filter { !Self.isStatistic($0.name) })
        statistics = count(file.tensors.filter { Self.isStatistic($0.name) })
        tensorCount = file.tensors.count
        tensors = file.tensors.map { Tensor(name: $0.name, shape: $0.shape, type: $0.type) }
        others = file.others
        foreignClasses = file.foreignClasses.isEmpty ? nil : file.foreignClasses
        parts =
            weights.networks.count < 2 ? nil : weights.networks.map { Part(prefix: $0.part, title: $0.naming.title) }
        metadata = file.metadata
    }

    private static func isStatistic(_ name: String) -> Bool {
        ["running_mean", "running_var", "num_batches_tracked", "moving_mean", "moving_variance"]
            .contains { name.hasSuffix($0) || name.hasSuffix($0 + ":0") }
    }

    /// Lists the layers of a network whose outputs can be taken.
    package mutating func list(_ architecture: Architecture?, imageSize: Int?) {
        guard let architecture else { return }
        let side = imageSize ?? architecture.imageSize
        layers = architecture.stages(imageSize: side).map {
            Layer(name: $0.name, shape: [$0.channels, $0.height, $0.width], features: $0.channels)
        }
        layers?.append(
            Layer(
                name: Embedding.Output.features, shape: [architecture.featureCount], features: architecture.featureCount
            ))
        if let classes = network?.classes {
            layers?.append(Layer(name: Embedding.Output.logits, shape: [classes], features: classes))
        }
        layersImageSize = side
    }

    /// The report for people, in lines of at most `columns` where names and shapes permit it.
    package func lines(columns: Int) -> [String] {
        var lines: [String] = []
        if let tensors {
            lines = Self.table(tensors, columns: columns)
            if !lines.isEmpty { lines.append("") }
        }
        if let layers, let layersImageSize {
            let shapes = layers.map { $0.shape.map(\.description).joined(separator: " × ") }
            let width = layers.map(\.name.count).max()!, shapeWidth = shapes.map(\.count).max()!
            for (layer, shape) in zip(layers, shapes) {
                lines.append(
                    layer.name.padding(toLength: width, withPad: " ", startingAt: 0) + "  "
                        + shape.padding(toLength: shapeWidth, withPad: " ", startingAt: 0)
                        + "  \(layer.features) features")
            }
            lines += ["(images of \(layersImageSize) px)", ""]
        }
        var facts = [("file", path), ("format", title)]
        if !keys.isEmpty { facts.append(("found under", keys.joined(separator: "."))) }
        if !others.isEmpty { facts.append(("other data", Self.list(others))) }
        if let foreignClasses { facts.append(("not loaded", "objects of " + Self.list(foreignClasses))) }
        for part in parts ?? [] { facts.append(("--part \(part.prefix)", part.title)) }
        if let network {
            facts.append(("network", network.title))
            if !network.prefix.isEmpty { facts.append(("prefix", network.prefix)) }
            facts.append(("features", "\(network.features), global average pool after \(network.featureLayer)"))
            facts.append(("classifier", network.classifierWords))
            if let assumption = network.assumption { facts.append(("note", assumption)) }
        } else {
            facts.append(("network", "unknown" + (unknown.map { ": \($0)" } ?? "")))
        }
        let known = Set(facts.map(\.0) + ["tensors", "parameters", "statistics"])
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            facts.append((known.contains(key) ? "metadata \(key)" : key, String(value.prefix(200))))
        }
        facts.append(("tensors", "\(tensorCount)"))
        facts.append(("parameters", Self.grouped(parameters)))
        if statistics > 0 { facts.append(("statistics", Self.grouped(statistics))) }
        let width = facts.map(\.0.count).max() ?? 0
        let column = min(width, 22) + 2
        for (name, value) in facts {
            let head =
                name.count + 2 <= column ? name.padding(toLength: column, withPad: " ", startingAt: 0) : name + "  "
            lines += Self.wrapped(head + value, columns: columns, indent: column)
        }
        return lines.map { Self.printable($0) }
    }

    /// One line per tensor: name, shape and type; shape and type go below a name that leaves no room for them.
    private static func table(_ tensors: [Tensor], columns: Int) -> [String] {
        let shapes = tensors.map { $0.shape.isEmpty ? "scalar" : $0.shape.map(\.description).joined(separator: " × ") }
        let shapeWidth = shapes.map(\.count).max() ?? 0
        let typeWidth = tensors.map(\.type.count).max() ?? 0
        let nameWidth = min(tensors.map(\.name.count).max() ?? 0, max(20, columns - shapeWidth - typeWidth - 4))
        return zip(tensors, shapes).flatMap { tensor, shape in
            let rest = shape.padding(toLength: shapeWidth, withPad: " ", startingAt: 0) + "  " + tensor.type
            let name = tensor.name
            if name.count <= nameWidth {
                return [name.padding(toLength: nameWidth, withPad: " ", startingAt: 0) + "  " + rest]
            }
            return [name, "    " + shape + "  " + tensor.type]
        }
    }

    /// Breaks a line at spaces, and before and after words that are longer than a line.
    private static func wrapped(_ line: String, columns: Int, indent: Int) -> [String] {
        var lines: [String] = []
        var rest = Substring(line)
        while rest.count > columns,
            let space = rest.prefix(columns + 1).dropFirst(indent).lastIndex(of: " ")
                ?? rest.dropFirst(indent).firstIndex(of: " ")
        {
            lines.append(String(rest[..<space]))
            rest = Substring(String(repeating: " ", count: indent) + rest[rest.index(after: space)...])
        }
        return lines + [String(rest)]
    }

    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(12).joined(separator: ", ")
        return names.count <= 12 ? shown : "\(shown) …"
    }

    /// `7978856` as `7,978,856`.
    private static func grouped(_ number: Int) -> String {
        let digits = Array(String(number))
        return String(
            digits.enumerated().flatMap { index, digit in
                (digits.count - index).isMultiple(of: 3) && index > 0 ? [",", digit] : [digit]
            })
    }

    /// Names in files may contain characters that move the cursor.
    private static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
    }
}
