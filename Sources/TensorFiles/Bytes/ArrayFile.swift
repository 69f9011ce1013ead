import Foundation

/// The arrays of a file that is not a checkpoint: those of an `.npz`, a tensor or a dict of tensors that `torch.save` wrote, a
/// safetensors file, or the data sets of an HDF5 file. A dict's own arrays take precedence over the dicts within it.
package struct ArrayFile {
    /// What is known about an array before it is read.
    package struct Array: CustomStringConvertible, Equatable {
        /// Unique within the file; in HDF5 it includes the enclosing groups, as in `train/features`.
        package let name: String
        package let shape: [Int]
        /// PyTorch's name for the type; nil if the elements are not numbers.
        package let type: String?
        /// Whether the elements are texts that can be read.
        package let isText: Bool
        /// The type in words, or as the file's own program writes it.
        private let kind: String

        /// `kind` is needed only where it is neither PyTorch's name nor "texts".
        init(name: String, shape: [Int], type: String?, isText: Bool = false, kind: String? = nil) {
            (self.name, self.shape, self.type, self.isText) = (name, shape, type, isText)
            self.kind = kind ?? type ?? (isText ? "texts" : "no numbers")
        }

        /// Name and shape, such as `x (3, 4)`.
        package var title: String {
            let extents = shape.map(\.description).joined(separator: ", ")
            return "\(name.displayed) (\(extents)\(shape.count == 1 ? "," : ""))"
        }

        /// Name, shape and type, such as `x (3, 4) float32`.
        package var description: String { "\(title) \(kind)" }
    }

    package let path: String
    /// In the file's order.
    package let arrays: [Array]
    private let source: any ArraySource

    /// Reads the descriptions of the file's arrays. Throws `SafetensorsError`, `PyTorchError`, `HDF5Error`, `ZIPError`,
    /// `TensorFileError` or `FileReadError`.
    package init(_ url: URL) throws {
        guard let format = try TensorFile.Format(of: url) else {
            // Throws an error that says what was found instead.
            _ = try TensorFile(url)
            preconditionFailure("a format that TensorFile alone knows")
        }
        switch format {
        case .safetensors: source = try SafetensorsIndex(url)
        case .pytorch, .pytorchStream: source = try PyTorchFile(url, takesArrays: true)
        case .kerasHDF5: source = try HDF5DataSets(url)
        case .kerasArchive: source = try KerasFile(url, isArchive: true)
        }
        path = url.path
        arrays = source.arrays
    }

    /// The arrays of an archive by NumPy.
    package init(_ archive: NPZFile) {
        source = archive
        path = archive.path
        arrays = archive.arrays
    }

    /// The index of the array with this name, which may be one of several names that it has; nil if there is none.
    package func place(of name: String) -> Int? { source.place(of: name) }

    /// The numbers of the array at an index of `arrays`. Throws as `init` does; traps if the array is not numeric.
    package func numbers(at place: Int) throws -> NumericArray {
        precondition(arrays[place].type != nil, "an array of numbers")
        return try source.values(at: [place])[0]
    }

    /// Columns of the matrix at an index of `arrays`, in double precision; nil if its numbers are no wider than `Float`. Throws
    /// as `init` does.
    package func columns(_ wanted: [Int], at place: Int) throws -> [[Double]]? {
        try source.columns(wanted, at: place)
    }

    /// The texts, or the whole numbers in decimal, of the array at an index of `arrays`; nil if it holds neither, or has more
    /// than one dimension. Throws as `init` does.
    package func texts(at place: Int) throws -> [String]? {
        let shape = arrays[place].shape
        guard shape.count == 1 || shape.count == 2 && shape[1] == 1 else { return nil }
        return try source.texts(at: place)
    }
}

/// What a reader of one format provides to an `ArrayFile`.
protocol ArraySource: TensorSource {
    var arrays: [ArrayFile.Array] { get }
    /// See `ArrayFile.place`.
    func place(of name: String) -> Int?
    /// See `ArrayFile.columns`.
    func columns(_ wanted: [Int], at place: Int) throws -> [[Double]]?
    /// The elements of an array of one dimension as texts; nil if they are neither texts nor whole numbers.
    func texts(at place: Int) throws -> [String]?
}

extension ArraySource {
    func place(of name: String) -> Int? { arrays.firstIndex { $0.name == name } }
}

/// A source that gives the elements of its arrays of numbers as they are stored.
protocol ByteArraySource: ArraySource {
    /// The elements of an array, row-major.
    func bytes(at place: Int) throws -> (stream: any ByteStream, bigEndian: Bool)
}

extension ByteArraySource {
    func columns(_ wanted: [Int], at place: Int) throws -> [[Double]]? {
        let array = arrays[place], shape = NumericArray.withoutOnes(array.shape)
        guard shape.count == 2, let type = array.type.flatMap(ElementType.init(rawValue:)), type.isWide else {
            return nil
        }
        let (stream, bigEndian) = try bytes(at: place)
        return try type.readColumns(wanted, rows: shape[0], columns: shape[1], from: stream, bigEndian: bigEndian)
    }

    /// Whole numbers in decimal; nil for other types.
    func integerTexts(at place: Int) throws -> [String]? {
        guard let type = arrays[place].type.flatMap(ElementType.init(rawValue:)), type.isInteger,
            let count = NumericArray.count(of: arrays[place].shape)
        else { return nil }
        let (stream, bigEndian) = try bytes(at: place)
        return try type.integerTexts(count, from: stream, bigEndian: bigEndian)
    }

    func texts(at place: Int) throws -> [String]? { try integerTexts(at: place) }
}

extension NPZFile: ArraySource {
    var arrays: [ArrayFile.Array] {
        members.map { member in
            ArrayFile.Array(
                name: member.name, shape: member.shape, type: member.header.elementType?.type.rawValue,
                isText: member.isText, kind: member.header.descr)
        }
    }

    func values(at places: [Int]) throws -> [NumericArray] { try places.map { try numbers(of: members[$0]) } }

    func columns(_ wanted: [Int], at place: Int) throws -> [[Double]]? { try columns(wanted, of: members[place]) }

    func texts(at place: Int) throws -> [String]? {
        let member = members[place]
        return member.isText ? try texts(of: member) : try integerTexts(of: member)
    }
}

extension SafetensorsIndex: ByteArraySource {
    var arrays: [ArrayFile.Array] {
        entries.map { ArrayFile.Array(name: $0.name, shape: $0.shape, type: $0.type.rawValue) }
    }

    func bytes(at place: Int) throws -> (stream: any ByteStream, bigEndian: Bool) {
        (stream(of: entries[place]), false)
    }
}

extension PyTorchFile: ByteArraySource {
    /// An array may be named with the keys that lead to its dict, also if it is the only one: `train.features`.
    func place(of name: String) -> Int? {
        let names = arrays.map(\.name)
        return names.firstIndex(of: name) ?? names.firstIndex { (keys + [$0]).joined(separator: ".") == name }
    }

    /// The tensors, then what else lies beside them.
    var arrays: [ArrayFile.Array] {
        tensors.map { ArrayFile.Array(name: $0.name, shape: $0.shape, type: $0.type) }
            + lists.map { list in
                ArrayFile.Array(
                    name: list.name, shape: list.texts.map { [$0.count] } ?? [], type: nil, isText: list.texts != nil)
            }
    }

    func texts(at place: Int) throws -> [String]? {
        place < tensors.count ? try integerTexts(at: place) : lists[place - tensors.count].texts
    }

    func bytes(at place: Int) throws -> (stream: any ByteStream, bigEndian: Bool) {
        let (bytes, bigEndian) = try elements(of: tensors[place])
        return (FileStream(MemoryBytes(bytes, path: path)), bigEndian)
    }
}

extension KerasFile: ByteArraySource {
    var arrays: [ArrayFile.Array] {
        tensors.map { ArrayFile.Array(name: $0.name, shape: $0.shape, type: $0.type.rawValue) }
    }

    func bytes(at place: Int) throws -> (stream: any ByteStream, bigEndian: Bool) {
        try elements(of: tensors[place])
    }
}
