import Foundation
import NeuralNetwork
import TensorFiles

/// A trained network on disk: a safetensors file with PyTorch's tensor names and, as metadata, what is needed to use it
/// (architecture, classes, image size, kind of labels).
///
/// `safetensors.torch.load_file` gives a state dict that torchvision's network of the same name accepts as it is.
public struct Checkpoint: Sendable, Equatable {
    /// The architecture's name, such as `densenet121`.
    public var architecture: String
    /// The class names, in the order of the classifier's outputs.
    public var classes: [String]
    /// The side in pixels of the images that the network was trained on.
    public var imageSize: Int
    /// The kind of labels, such as `soft`.
    public var labels: String
    /// How images of another size were resized, a `ResizeFilter` of `RasterImages`; `antialias` if the file does not say.
    public var resize: String
    /// The factor by which images were enlarged before that; 1 if the file does not say.
    public var upsample: Int
    /// The precision of the convolutions in training; float32 if the file does not say. The weights are float32 in either case.
    public var precision: Precision
    /// What the classifier's outputs mean; the softmax if the file does not say.
    public var output: ClassOutput
    /// Which epoch's weights these are, in words; nil for those of the last epoch.
    public var kept: String?
    /// Weights and running statistics.
    public var tensors: [NamedTensor]

    /// A checkpoint with these parts.
    public init(
        architecture: String, classes: [String], imageSize: Int, labels: String, resize: String = "antialias",
        upsample: Int = 1, precision: Precision = .float32, output: ClassOutput = .softmax, kept: String? = nil,
        tensors: [NamedTensor]
    ) {
        self.architecture = architecture
        self.classes = classes
        self.imageSize = imageSize
        self.labels = labels
        self.resize = resize
        self.upsample = upsample
        self.precision = precision
        self.output = output
        self.kept = kept
        self.tensors = tensors
    }

    /// The version of the metadata written, and the highest that is supported.
    static let format = 1

    /// Writes the file whole or not at all.
    ///
    /// - Throws: `FileWriteError`.
    public func write(to url: URL) throws {
        var file = SafetensorsFile(metadata: [
            "format": "pt",
            "penumbra.architecture": architecture,
            "penumbra.format": String(Self.format),
            "penumbra.classes": try String(decoding: JSONEncoder().encode(classes), as: UTF8.self),
            "penumbra.image_size": String(imageSize),
            "penumbra.labels": labels,
            "penumbra.output": output.rawValue,
            "penumbra.precision": precision.rawValue,
            "penumbra.resize": resize,
            "penumbra.upsample": String(upsample),
        ])
        file.metadata["penumbra.kept"] = kept
        for tensor in tensors {
            file.append(tensor.name, NumericArray(shape: tensor.shape, values: tensor.values))
        }
        try file.write(to: url)
    }

    /// Reads a file written by `write`.
    ///
    /// - Throws: `CheckpointError` if the metadata is not this program's or names an unknown architecture; `SafetensorsError`
    ///   or `FileReadError` if the bytes are wrong.
    public static func read(_ url: URL) throws -> Checkpoint {
        let file = try SafetensorsFile.read(url)
        func value(_ key: String) throws -> String {
            guard let value = file.metadata["penumbra." + key] else {
                throw CheckpointError.missingMetadata(path: url.path, key: "penumbra." + key)
            }
            return value
        }
        // Files from before this key was introduced have version 1.
        let formatText = file.metadata["penumbra.format"] ?? "1"
        guard let format = Int(formatText), format >= 1 else {
            throw CheckpointError.badMetadata(
                path: url.path, key: "penumbra.format", found: formatText, expected: "1 to \(Self.format)")
        }
        if format > Self.format {
            throw CheckpointError.newerFormat(path: url.path, found: format, known: Self.format)
        }
        let architecture = try value("architecture")
        guard Architecture(rawValue: architecture) != nil else {
            throw CheckpointError.unknownArchitecture(path: url.path, found: architecture)
        }
        let classText = try value("classes"), sizeText = try value("image_size")
        guard let classes = try? ForeignJSON.decode([String].self, from: Array(classText.utf8)), classes.count > 0
        else {
            throw CheckpointError.badMetadata(
                path: url.path, key: "penumbra.classes", found: classText, expected: "a JSON list of names")
        }
        guard let size = Int(sizeText), Architecture.imageSizes.contains(size) else {
            throw CheckpointError.badMetadata(
                path: url.path, key: "penumbra.image_size", found: sizeText,
                expected: "\(Architecture.imageSizes.lowerBound) to \(Architecture.imageSizes.upperBound) pixels")
        }
        let factorText = file.metadata["penumbra.upsample"] ?? "1"
        guard let factor = Int(factorText), (1...64).contains(factor) else {
            throw CheckpointError.badMetadata(
                path: url.path, key: "penumbra.upsample", found: factorText, expected: "a factor from 1 to 64")
        }
        let precisionText = file.metadata["penumbra.precision"] ?? Precision.float32.rawValue
        guard let precision = Precision(rawValue: precisionText) else {
            throw CheckpointError.badMetadata(
                path: url.path, key: "penumbra.precision", found: precisionText,
                expected: Precision.allCases.map(\.rawValue).joined(separator: " or "))
        }
        let outputText = file.metadata["penumbra.output"] ?? ClassOutput.softmax.rawValue
        guard let output = ClassOutput(rawValue: outputText) else {
            throw CheckpointError.badMetadata(
                path: url.path, key: "penumbra.output", found: outputText,
                expected: ClassOutput.allCases.map(\.rawValue).joined(separator: " or "))
        }
        return Checkpoint(
            architecture: architecture, classes: classes, imageSize: size, labels: try value("labels"),
            resize: file.metadata["penumbra.resize"] ?? "antialias", upsample: factor,
            precision: precision, output: output, kept: file.metadata["penumbra.kept"],
            tensors: file.tensors.map { NamedTensor(name: $0.name, shape: $0.array.shape, values: $0.array.values) })
    }

    /// Throws `CheckpointError.misfit` unless the classifier has an output for each class.
    func checkClasses(path: String) throws(CheckpointError) {
        let name = Architecture(rawValue: architecture)!.outline.classifier + ".weight"
        guard let weight = tensors.first(where: { $0.name == name }) else {
            throw .misfit(path: path, .missing(name: name))
        }
        if weight.shape.count != 2 || weight.shape[0] != classes.count {
            let expected = [classes.count] + weight.shape.dropFirst()
            throw .misfit(path: path, .wrongShape(name: name, found: weight.shape, expected: expected))
        }
    }

    /// Loads this checkpoint's weights into `network`. `path` is for errors.
    ///
    /// - Throws: `CheckpointError.misfit`.
    public func load(into network: Network, path: String) throws {
        do {
            try network.load(tensors)
        } catch let error as NetworkStateError {
            throw CheckpointError.misfit(path: path, error)
        }
    }
}

/// Why a file is not a valid checkpoint of this program.
public enum CheckpointError: Error, Equatable, CustomStringConvertible {
    /// A folder; `checkpoints` are files in it that may be meant.
    case isAFolder(path: String, checkpoints: [String])
    /// A key that every checkpoint has is missing.
    case missingMetadata(path: String, key: String)
    /// The value of a key is invalid.
    case badMetadata(path: String, key: String, found: String, expected: String)
    /// The file was written by a newer program, with a metadata version that this one does not know.
    case newerFormat(path: String, found: Int, known: Int)
    /// The file names an architecture unknown to this program.
    case unknownArchitecture(path: String, found: String)
    /// A tensor is missing, has the wrong shape or is not finite.
    case misfit(path: String, NetworkStateError)
    /// The tensors do not belong to a known network.
    case unknownNetwork(path: String, UnknownNetwork)
    /// The file holds several networks, and none was chosen; `parts` names them.
    case severalNetworks(path: String, parts: [String])
    /// The file holds no network under the requested prefix.
    case noSuchPart(path: String, part: String, parts: [String])
    /// The weights belong to a network other than the one to load them into, or to a variant with another layer order.
    case otherNetwork(path: String, found: String, expected: String)
    /// Tensors are missing or have other shapes.
    case mismatch(path: String, CheckpointMatch)
    /// Two tensors of the file could be the same tensor of the network.
    case doubledTensor(path: String, first: String, second: String)

    /// One line with the file, the position, what was found and what was expected; for `mismatch`, followed by one line per
    /// tensor.
    public var description: String {
        switch self {
        case .isAFolder(let path, let checkpoints):
            "\(path): is a folder; expected a checkpoint (.safetensors, .pt, .pth, .h5, .keras)"
                + (checkpoints.isEmpty
                    ? "" : ", such as \(checkpoints.prefix(3).map(\.displayed).joined(separator: " or ")) in it")
        case .missingMetadata(let path, let key):
            "\(path): metadata has no key \(key); expected a checkpoint that penumbra wrote"
        case .badMetadata(let path, let key, let found, let expected):
            "\(path): metadata \(key) is \(found.prefix(60)); expected \(expected)"
        case .newerFormat(let path, let found, let known):
            "\(path): a checkpoint of format \(found), written by a newer version; this one reads up to \(known): use the "
                + "version that wrote it, or a later one"
        case .unknownArchitecture(let path, let found):
            "\(path): architecture is \(found.prefix(60)); expected one of "
                + Architecture.allCases.map(\.rawValue).joined(separator: ", ")
        case .misfit(let path, let error): "\(path): \(error)"
        case .unknownNetwork(let path, let reason): "\(path): \(reason)"
        case .severalNetworks(let path, let parts):
            (["\(path): holds \(parts.count) networks; choose one with --part PREFIX:"] + parts.map { "  " + $0 })
                .joined(separator: "\n")
        case .noSuchPart(let path, let part, let parts):
            "\(path): holds no network under \(part); found "
                + (parts.isEmpty
                    ? "none" : parts.map { $0.isEmpty ? "one without a prefix" : $0 }.joined(separator: ", "))
        case .otherNetwork(let path, let found, let expected):
            "\(path): holds \(found); expected weights of \(expected) (--backbone chooses the network)"
        case .mismatch(let path, let match):
            (["\(path): \(match.summary); --allow-missing loads what there is and leaves the rest untrained"]
                + match.details().map { "  " + $0 }).joined(separator: "\n")
        case .doubledTensor(let path, let first, let second):
            "\(path): holds both \(first) and \(second), which are the same tensor of the network; expected one of them: "
                + "remove the other from the file"
        }
    }
}
