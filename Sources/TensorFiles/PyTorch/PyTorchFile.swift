import Foundation

/// A checkpoint that `torch.save` wrote (`.pt`, `.pth`, `.bin`, `.pth.tar`): the tensors of its state dict.
///
/// Both formats are read, the ZIP archive and the older stream. The pickle inside is read by our own interpreter, which
/// executes nothing. Source: PyTorch's `torch/serialization.py`.
public final class PyTorchFile {
    /// One tensor of the state dict.
    public struct Tensor: Sendable, Equatable {
        /// Without the prefixes `module.` and `_orig_mod.`. If the file holds several state dicts, preceded by the keys of its
        /// own, as in `state_dict_ema.fc.weight`.
        public let name: String
        /// The extent of each dimension.
        public let shape: [Int]
        /// PyTorch's name for the type, such as `float32`.
        public var type: String { elementType.rawValue }
        let elementType: ElementType
        fileprivate let layout: TensorLayout
        fileprivate let key: String
        /// The size of the whole storage.
        fileprivate let byteCount: Int
    }

    /// The file, for errors.
    public let path: String
    /// Whether the file is a ZIP archive, not the older stream.
    public let isArchive: Bool
    /// In the file's order.
    public let tensors: [Tensor]
    /// The keys that lead to the state dict; empty if it is the file's whole content. With several state dicts, the keys that
    /// lead to the dict that holds them.
    public let keys: [String]
    /// With several state dicts, the prefix of each one's names, such as `state_dict_ema.`; otherwise empty.
    public let prefixes: [String]
    /// Names of other entries beside the state dict or its tensors, such as an optimiser's state, which are not read; at most
    /// 100.
    public let others: [String]
    /// Classes of other programs that the file names and that were not instantiated; at most 20.
    public let foreignClasses: [String]
    /// What lies beside the tensors in their dict, if arrays were requested; see `PyTorchStateDict.lists`.
    let lists: [(name: String, texts: [String]?)]
    private let container: PyTorchContainer

    /// Reads the descriptions of the file's tensors and checks them against the storages' sizes; no tensor is read. Throws
    /// `PyTorchError`, `ZIPError` or `FileReadError`.
    ///
    /// - Complexity: O(size of the pickle), which is bounded in bytes and operations: takes at most about 200 MB, and about 5
    ///   MB for a state dict of a thousand tensors.
    public convenience init(_ url: URL) throws { try self.init(url, takesArrays: false) }

    /// Like `init(_:)`, but on request it reads arrays, not weights: it also accepts a file that holds a single tensor, which
    /// is then called `tensor`, and a dict's own arrays take precedence over the dicts within it.
    init(_ url: URL, takesArrays: Bool) throws {
        let file = try InputFile(url)
        path = file.path
        isArchive = try file.bytes(at: 0, count: min(2, file.size)) == Array("PK".utf8)
        var found: PyTorchStateDict?
        if isArchive {
            let archive = try PyTorchArchive(url)
            let input = PickleInput(try archive.pickle())
            var unpickler = Unpickler(input)
            let root = try unpickler.value()
            try input.finish()
            found = try PyTorchStateDict(
                in: root, heap: unpickler.heap, input: input, path: file.path, takesArrays: takesArrays)
            foreignClasses = unpickler.heap.foreignNames
            container = .archive(archive)
        } else {
            var foreign: [String] = []
            container = .stream(
                try PyTorchStream(file) { root, heap, input in
                    foreign = heap.foreignNames
                    found = try PyTorchStateDict(
                        in: root, heap: heap, input: input, path: file.path, takesArrays: takesArrays)
                })
            foreignClasses = foreign
        }
        let dict = found!
        keys = dict.keys
        prefixes = dict.prefixes
        others = dict.others
        lists = takesArrays ? dict.lists : []
        var tensors: [Tensor] = []
        for (name, tensor) in dict.tensors {
            tensors.append(try Self.tensor(name, tensor, in: container, path: path))
        }
        self.tensors = tensors
    }

    /// Checks the pickle's description of a tensor.
    private static func tensor(
        _ name: String, _ tensor: PickleHeap.Tensor, in container: PyTorchContainer, path: String
    ) throws(PyTorchError) -> Tensor {
        let shown = name.displayed, storage = tensor.storage
        guard let type = tensor.type else { throw .untyped(path: path, name: shown) }
        if let bit = tensor.pendingBit { throw .pendingBit(path: path, name: shown, bit: bit) }
        let (byteCount, overflow) = storage.total.multipliedReportingOverflow(by: storage.elementSize)
        if overflow { throw .missingStorage(path: path, key: storage.key.displayed) }
        try container.check(storage.key, size: byteCount)
        // A storage of bytes holds elements of the tensor's type.
        let scale = storage.type == nil ? type.size : 1
        let layout = try TensorLayout(
            shape: tensor.shape, strides: tensor.strides, offset: tensor.offset,
            start: storage.range.lowerBound / scale,
            stored: storage.range.count / scale, path: path, name: shown)
        return Tensor(
            name: name, shape: tensor.shape, elementType: type, layout: layout, key: storage.key, byteCount: byteCount)
    }

    /// The elements of a tensor of this file, row-major. Throws as `values` does.
    func elements(of tensor: Tensor) throws -> (bytes: [UInt8], bigEndian: Bool) {
        let stream = try container.open(tensor.key, size: tensor.byteCount)
        let bytes = try stream.bytes(tensor.byteCount)
        if stream.size == tensor.byteCount { try stream.finish() }
        let gathered = bytes.withUnsafeBytes { tensor.layout.gather($0, elementSize: tensor.elementType.size) }
        return (gathered, container.isBigEndian)
    }

    /// Reads tensors of this file and converts them to `Float`, rounding to nearest; in the order of `wanted`. Throws
    /// `PyTorchError`, `ZIPError` or `FileReadError`.
    ///
    /// - Complexity: O(size of the storages that hold the tensors), each read once; takes 4 bytes per element in
    ///   addition to the largest of these storages.
    public func values(of wanted: [Tensor]) throws -> [NumericArray] {
        var arrays = [NumericArray?](repeating: nil, count: wanted.count)
        let groups = Dictionary(grouping: wanted.indices, by: { wanted[$0].key })
        // In the order of `wanted`, so that it is always the same error of several that is thrown.
        for (key, indices) in groups.sorted(by: { $0.value[0] < $1.value[0] }) {
            let byteCount = wanted[indices[0]].byteCount
            let stream = try container.open(key, size: byteCount)
            let bigEndian = container.isBigEndian
            let first = wanted[indices[0]]
            if indices.count == 1, first.layout.isPlain, first.layout.count * first.elementType.size == byteCount {
                let values = try first.elementType.read(first.layout.count, from: stream, bigEndian: bigEndian)
                arrays[indices[0]] = NumericArray(shape: first.shape, values: values)
            } else {
                let bytes = try stream.bytes(byteCount)
                for index in indices {
                    let (layout, type) = (wanted[index].layout, wanted[index].elementType)
                    let gathered = bytes.withUnsafeBytes { layout.gather($0, elementSize: type.size) }
                    let values = gathered.withUnsafeBytes { type.numbers(in: $0, bigEndian: bigEndian) }
                    arrays[index] = NumericArray(shape: wanted[index].shape, values: values)
                }
            }
            if stream.size == byteCount { try stream.finish() }
        }
        return arrays.map { $0! }
    }
}

extension PickleHeap.Storage {
    /// In bytes.
    var elementSize: Int { type?.size ?? 1 }
}
