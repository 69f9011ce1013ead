import Foundation

/// Named tensors in a file of any format supported here, recognised by its first bytes and not by its name.
public struct TensorFile {
    /// The supported formats. A new one needs a case here, its first bytes in `init(head:)`, and a `TensorSource`.
    public enum Format: String, Sendable, Codable, CaseIterable {
        /// `SafetensorsFile`.
        case safetensors
        /// What `torch.save` writes since 1.6.
        case pytorch = "pytorch-zip"
        /// What `torch.save` wrote before 1.6.
        case pytorchStream = "pytorch-legacy"
        /// Weights or a whole Keras model, as HDF5.
        case kerasHDF5 = "keras-hdf5"
        /// What `model.save("x.keras")` writes.
        case kerasArchive = "keras-zip"

        /// In words.
        public var title: String {
            switch self {
            case .safetensors: "safetensors"
            case .pytorch: "PyTorch (zip archive)"
            case .pytorchStream: "PyTorch (legacy stream)"
            case .kerasHDF5: "Keras (HDF5)"
            case .kerasArchive: "Keras (zip archive)"
            }
        }
    }

    /// What is known about a tensor before it is read.
    public struct Tensor: Sendable, Equatable {
        /// Unique within the file.
        public let name: String
        /// The extent of each dimension.
        public let shape: [Int]
        /// PyTorch's name for the type, such as `float32`.
        public let type: String

        /// The number of elements.
        public var count: Int { shape.reduce(1, *) }
    }

    /// The file, for errors.
    public let path: String
    /// The format.
    public let format: Format
    /// In the file's order.
    public let tensors: [Tensor]
    /// Free text by key, in formats that have it.
    public let metadata: [String: String]
    /// The keys that lead to the tensors if the file holds more than them, such as `state_dict`.
    public let keys: [String]
    /// If the tensors lie in several dicts of the file, the prefix of each one's names, such as `state_dict_ema.`; otherwise
    /// empty.
    public let prefixes: [String]
    /// What the file holds beside the tensors, such as an optimiser's state.
    public let others: [String]
    /// Classes of other programs that the file names beside its tensors; they were not instantiated.
    public let foreignClasses: [String]
    private let source: any TensorSource

    /// Reads the descriptions of the file's tensors, but no tensor. Throws `TensorFileError` if the format is unknown, and what
    /// its reader throws: `SafetensorsError`, `PyTorchError`, `KerasError`, `HDF5Error`, `ZIPError` or `FileReadError`.
    public init(_ url: URL) throws {
        let file = try InputFile(url)
        path = file.path
        let head = try Self.head(of: file)
        guard let format = Format(head: head) else {
            if head.count > 262, head[257..<262].elementsEqual("ustar".utf8) {
                throw PyTorchError.tarFormat(path: path)
            }
            throw TensorFileError(path: path, head: head)
        }
        self.format = format
        switch format {
        case .safetensors:
            let source = try SafetensorsIndex(url)
            tensors = source.entries.map { Tensor(name: $0.name, shape: $0.shape, type: $0.type.rawValue) }
            (metadata, keys, prefixes, others, foreignClasses) = (source.metadata, [], [], [], [])
            self.source = source
        case .pytorch, .pytorchStream:
            let source = try Self.pytorch(url, file)
            tensors = source.tensors.map { Tensor(name: $0.name, shape: $0.shape, type: $0.type) }
            (metadata, keys, prefixes, others) = ([:], source.keys, source.prefixes, source.others)
            foreignClasses = source.foreignClasses
            self.source = source
        case .kerasHDF5, .kerasArchive:
            let source = try KerasFile(url, isArchive: format == .kerasArchive)
            tensors = source.tensors.map { Tensor(name: $0.name, shape: $0.shape, type: $0.type.rawValue) }
            (metadata, keys, others, foreignClasses) = (source.metadata, source.keys, source.others, [])
            prefixes = []
            self.source = source
        }
    }

    /// An archive's directory is at its end.
    private static func pytorch(_ url: URL, _ file: InputFile) throws -> PyTorchFile {
        do {
            return try PyTorchFile(url)
        } catch ZIPError.notAnArchive(let path, let reason) {
            let count = min(file.size, 1 << 16)
            let tail = try file.bytes(at: file.size - count, count: count)
            let end = Array("PK\u{5}\u{6}".utf8)
            let hasEnd = tail.indices.dropLast(3).contains { tail[$0..<$0 + 4].elementsEqual(end) }
            throw hasEnd
                ? ZIPError.notAnArchive(path: path, reason: reason)
                : TensorFileError.cutShort(path: path, size: file.size)
        }
    }

    /// Enough bytes to recognise a format.
    fileprivate static func head(of file: InputFile) throws(FileReadError) -> [UInt8] {
        try file.bytes(at: 0, count: min(512, file.size))
    }

    /// Reads the tensors at these indices of `tensors`, as `Float`. Throws as `init` does.
    ///
    /// - Complexity: O(size of what the tensors lie in); takes 4 bytes per element and, if tensors share a storage, the size of
    ///   that storage.
    public func values(at places: [Int]) throws -> [NumericArray] { try source.values(at: places) }
}

extension TensorFile.Format {
    /// The format of a file by its first bytes, or nil. Throws `FileReadError`.
    public init?(of url: URL) throws(FileReadError) { self.init(head: try TensorFile.head(of: InputFile(url))) }

    init?(head: [UInt8]) {
        if head.starts(with: "PK\u{3}\u{4}".utf8) {
            // The name of the first entry follows after thirty bytes.
            let isKeras = KerasArchive.names.contains { head.dropFirst(30).starts(with: $0.utf8) }
            self = isKeras ? .kerasArchive : .pytorch
        } else if head.starts(with: HDF5File.signature) {
            self = .kerasHDF5
        } else if head.count > 2, head[0] == PickleOpcode.proto.rawValue, (2...5).contains(head[1]) {
            self = .pytorchStream
        } else if head.count > 8, head[8] == UInt8(ascii: "{") {
            self = .safetensors
        } else {
            return nil
        }
    }
}

/// What a reader of one format provides to a `TensorFile`.
protocol TensorSource {
    /// The tensors at these indices of the file's own order.
    func values(at places: [Int]) throws -> [NumericArray]
}

extension PyTorchFile: TensorSource {
    func values(at places: [Int]) throws -> [NumericArray] { try values(of: places.map { tensors[$0] }) }
}

extension KerasFile: TensorSource {
    func values(at places: [Int]) throws -> [NumericArray] { try values(of: places.map { tensors[$0] }) }
}

extension SafetensorsIndex: TensorSource {
    func values(at places: [Int]) throws -> [NumericArray] { try places.map { try read(entries[$0]) } }
}
