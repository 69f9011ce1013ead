import Foundation

/// The arrays of a file that is not a checkpoint: a tensor or a dict of tensors that `torch.save` wrote, a safetensors file, or
/// the data sets of an HDF5 file. A dict's own arrays take precedence over the dicts within it.
package struct ArrayFile {
    /// What is known about an array before it is read.
    package struct Array: CustomStringConvertible {
        /// Unique within the file; in HDF5 it includes the enclosing groups, as in `train/features`.
        package let name: String
        package let shape: [Int]
        /// PyTorch's name for the type; nil if the elements are not numbers.
        package let type: String?

        /// Name, shape and type, such as `x (3, 4) float32`.
        package var description: String {
            let extents = shape.map(\.description).joined(separator: ", ")
            return "\(name.displayed) (\(extents)\(shape.count == 1 ? "," : "")) \(type ?? "no numbers")"
        }
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

    /// The numbers of the array at an index of `arrays`. Throws as `init` does; traps if the array is not numeric.
    package func numbers(at place: Int) throws -> NumericArray {
        precondition(arrays[place].type != nil, "an array of numbers")
        return try source.values(at: [place])[0]
    }

    /// Columns of the matrix at an index of `arrays`, in double precision; nil if its numbers are no wider than `Float`. Throws
    /// as `init` does.
    package func columns(_ wanted: [Int], at place: Int) throws -> [[Double]]? {
        let shape = NumericArray.withoutTrailingOnes(arrays[place].shape)
        guard shape.count == 2, let type = arrays[place].type.flatMap(ElementType.init(rawValue:)), type.isWide else {
            return nil
        }
        let (stream, bigEndian) = try source.bytes(at: place)
        return try type.readColumns(wanted, rows: shape[0], columns: shape[1], from: stream, bigEndian: bigEndian)
    }
}

/// What a reader of one format provides to an `ArrayFile`.
protocol ArraySource: TensorSource {
    var arrays: [ArrayFile.Array] { get }
    /// The elements of an array, row-major.
    func bytes(at place: Int) throws -> (stream: any ByteStream, bigEndian: Bool)
}

extension SafetensorsIndex: ArraySource {
    var arrays: [ArrayFile.Array] {
        entries.map { ArrayFile.Array(name: $0.name, shape: $0.shape, type: $0.type.rawValue) }
    }

    func bytes(at place: Int) throws -> (stream: any ByteStream, bigEndian: Bool) {
        (stream(of: entries[place]), false)
    }
}

extension PyTorchFile: ArraySource {
    var arrays: [ArrayFile.Array] {
        tensors.map { ArrayFile.Array(name: $0.name, shape: $0.shape, type: $0.type) }
    }

    func bytes(at place: Int) throws -> (stream: any ByteStream, bigEndian: Bool) {
        let (bytes, bigEndian) = try elements(of: tensors[place])
        return (FileStream(MemoryBytes(bytes, path: path)), bigEndian)
    }
}

extension KerasFile: ArraySource {
    var arrays: [ArrayFile.Array] {
        tensors.map { ArrayFile.Array(name: $0.name, shape: $0.shape, type: $0.type.rawValue) }
    }

    func bytes(at place: Int) throws -> (stream: any ByteStream, bigEndian: Bool) {
        try elements(of: tensors[place])
    }
}
