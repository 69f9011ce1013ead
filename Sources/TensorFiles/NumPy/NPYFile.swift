import Foundation

/// NumPy's file format for one array.
///
/// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
public enum NPYFile {
    /// Reads an array of floats (16, 32, 64 bits), integers or bool, in either byte order and in C or Fortran order, and
    /// converts it to `Float`, rounding to nearest. Throws `NPYError` or `FileReadError`.
    ///
    /// The file's size is checked against its header before anything is allocated for the data.
    /// - Complexity: O(size of the file); takes 4 bytes per element (8 in Fortran order) plus a constant.
    public static func read(_ url: URL) throws -> NumericArray {
        let stream = FileStream(try InputFile(url))
        let (header, dataSize) = try NPYHeader.read(from: stream)
        return try array(header, dataSize: dataSize, from: stream)
    }

    /// The numbers that follow `header` in `stream`. Throws `NPYError` or what the stream throws.
    static func array(_ header: NPYHeader, dataSize: Int, from stream: some ByteStream) throws -> NumericArray {
        guard let (type, bigEndian) = header.elementType else {
            throw NPYError.unsupportedType(path: stream.path, descr: header.descr)
        }
        let count = try header.count(elementSize: type.size, dataSize: dataSize, path: stream.path)
        let values = try type.read(count, from: stream, bigEndian: bigEndian)
        return NumericArray(
            shape: header.shape, values: header.fortranOrder ? rowMajor(values, shape: header.shape) : values)
    }

    /// Writes `array` as little-endian `float32` in C order, version 1. Throws `FileWriteError`.
    public static func write(_ array: NumericArray, to url: URL) throws {
        let extents = array.shape.map { "\($0)," }.joined(separator: " ")
        var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(extents)), }"
        let unpadded = NPYHeader.magic.count + 4 + header.utf8.count + 1
        header += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
        let length = header.utf8.count
        precondition(length <= UInt16.max, "an array of thousands of dimensions")
        try AtomicFile.write(to: url) { sink in
            try sink.write(NPYHeader.magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)])
            try sink.write(header)
            try sink.write(array.values)
        }
    }

    /// The values of a Fortran-ordered array (the first index moves fastest) in C order.
    private static func rowMajor(_ values: [Float], shape: [Int]) -> [Float] {
        if shape.count < 2 || values.isEmpty { return values }
        var strides = [1]
        for extent in shape.dropLast() { strides.append(strides.last! * extent) }
        return ElementOffsets(shape: shape, strides: strides, count: values.count).map { values[$0] }
    }
}
