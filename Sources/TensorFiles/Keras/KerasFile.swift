import Foundation

/// The weights of a Keras model: an HDF5 file (`.h5`, `.hdf5`, `.weights.h5`) or an archive that holds one (`.keras`).
///
/// Three arrangements are read. Keras 1 and 2, and Keras 3 for `.h5`, list layers and weights in attributes (`layer_names`,
/// `weight_names`); in the file of a whole model these are below `model_weights`. Keras 3 writes a group `vars` for each layer,
/// with numbered arrays, and since about 3.7 the layer's name beside it. An archive holds such a file as `model.weights.h5`.
/// Source: Keras' `saving/legacy/legacy_h5_format.py` and `saving/saving_lib.py`.
final class KerasFile {
    /// One weight.
    struct Tensor {
        /// Layer and weight as Keras calls them, such as `conv1_conv/kernel` and, for a model used as a layer,
        /// `densenet121/conv1_conv/kernel`. If the file does not give the layer's name, that of its group.
        let name: String
        var shape: [Int] { array.shape }
        let type: ElementType
        fileprivate let bigEndian: Bool
        fileprivate let array: HDF5Array
    }

    let path: String
    /// In the order of the layers if the file gives it.
    let tensors: [Tensor]
    /// The groups that lead to the layers.
    let keys: [String]
    /// Names of other entries beside them, such as an optimiser's state, which are not read; at most 100.
    let others: [String]
    /// Keras' version and backend if the file gives them.
    let metadata: [String: String]
    private let file: HDF5File

    /// Reads the descriptions of the file's weights. Throws `KerasError`, `HDF5Error`, `ZIPError` or `FileReadError`.
    ///
    /// - Complexity: O(size of the descriptions); an archive's weights are read whole, to check them.
    convenience init(_ url: URL, isArchive: Bool) throws {
        if isArchive {
            let archive = try KerasArchive(url)
            try self.init(archive.weights(), metadata: archive.metadata())
        } else {
            try self.init(InputFile(url))
        }
    }

    /// The same for the bytes of an HDF5 file, wherever they are; `metadata` is what is known from elsewhere.
    init(_ source: any ByteSource, metadata: [String: String] = [:]) throws {
        path = source.path
        file = try HDF5File(source)
        var weights = KerasWeights(file)
        let facts = try weights.read()
        try file.check(weights.tensors.map(\.array))
        self.metadata = metadata.merging(facts) { first, _ in first }
        if weights.tensors.isEmpty { throw KerasError.noWeights(path: path, found: file.root.links.map(\.name)) }
        tensors = try Self.tensors(weights.tensors, path: path)
        keys = weights.keys
        others = weights.others
    }

    private static func tensors(
        _ found: [(name: String, type: ElementType, bigEndian: Bool, array: HDF5Array)], path: String
    ) throws(KerasError) -> [Tensor] {
        var names: Set<String> = []
        var tensors: [Tensor] = []
        for (name, type, bigEndian, array) in found {
            if !names.insert(name).inserted { throw .duplicateName(path: path, name: name.displayed) }
            tensors.append(Tensor(name: name, type: type, bigEndian: bigEndian, array: array))
        }
        return tensors
    }

    /// Reads weights of this file and converts them to `Float`, rounding to nearest. Throws as `init` does.
    func values(of wanted: [Tensor]) throws -> [NumericArray] {
        try wanted.map { try file.numbers($0.array, as: $0.type, bigEndian: $0.bigEndian) }
    }

    /// The elements of a weight, row-major. Throws as `values` does.
    func elements(of tensor: Tensor) throws -> (stream: any ByteStream, bigEndian: Bool) {
        (try file.elements(of: tensor.array), tensor.bigEndian)
    }
}

/// Why an HDF5 file or an archive holds no readable Keras weights.
public enum KerasError: Error, Equatable, CustomStringConvertible {
    /// None of Keras' arrangements is present; `found` names what is at the top level.
    case noWeights(path: String, found: [String])
    /// Two weights with the same name.
    case duplicateName(path: String, name: String)
    /// An archive without an entry that every model has.
    case missingEntry(path: String, entry: String)
    /// A compressed entry: Keras stores them as they are.
    case compressedEntry(path: String, entry: String)
    /// An entry that should be JSON but is not, or is too long.
    case badEntry(path: String, entry: String)

    /// One line: the path, what was found and what was expected.
    public var description: String {
        switch self {
        case .noWeights(let path, let found):
            "\(path): an HDF5 file with \(Self.list(found)); expected Keras layers (layer_names, or groups called vars)"
        case .duplicateName(let path, let name): "\(path): '\(name)' appears twice among the weights"
        case .missingEntry(let path, let entry):
            "\(path): an archive without the entry '\(entry)'; expected a Keras archive"
        case .compressedEntry(let path, let entry):
            "\(path), entry '\(entry)': compressed; Keras stores entries uncompressed"
        case .badEntry(let path, let entry): "\(path), entry '\(entry)': not a JSON object, or larger than 1 MiB"
        }
    }

    private static func list(_ names: [String]) -> String {
        if names.isEmpty { return "nothing in it" }
        return names.prefix(6).map { "'\($0.displayed)'" }.joined(separator: ", ") + (names.count > 6 ? " …" : "")
    }
}
