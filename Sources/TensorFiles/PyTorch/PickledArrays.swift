import Foundation

/// The NumPy arrays and the lists of integers in a dict written by Python's `pickle`, such as CIFAR's batches.
///
/// Nothing is executed: besides plain values, only NumPy's own functions that rebuild arrays are known, and these are
/// recognised, not called (`Unpickler`). Reads protocols 1 to 5 of Python 2 and 3, except protocol 2 from Python 3, which
/// writes bytes as text.
package struct PickledArrays {
    /// An array whose bytes lie in the file.
    package struct Array: Equatable, Sendable {
        /// NumPy's character and size, such as `u1`; without the byte order.
        package let type: String
        package let shape: [Int]
        /// Whether the last index moves fastest.
        package let isRowMajor: Bool
        /// The offset of the first byte in the file.
        package let offset: Int
    }

    /// The arrays by key (a text or bytes).
    package let arrays: [String: Array]
    private let values: [String: PickleValue]
    private let heap: PickleHeap

    /// The list of whole numbers under `key`; nil if there is none. It is made on request: a file may hold one list under very
    /// many keys.
    package func integers(_ key: String) -> [Int]? { values[key].flatMap { heap.integers($0, limit: .max) } }

    /// Reads the file at `url` and checks that the number of bytes of each array matches its shape and type. Throws
    /// `PyTorchError` or `FileReadError`.
    package static func read(_ url: URL) throws -> PickledArrays {
        let input = PickleInput(FileStream(try InputFile(url)))
        var unpickler = Unpickler(input, knowsArrays: true)
        guard case .mapping(let place) = try unpickler.value() else {
            throw PyTorchError.malformedPickle(
                path: input.path, position: input.position, problem: "no dict at the top")
        }
        let heap = unpickler.heap
        var arrays: [String: Array] = [:]
        var values: [String: PickleValue] = [:]
        for (key, value) in heap.mappings[place] {
            guard let name = input.name(key) else { continue }
            if case .array(let index) = value { arrays[name] = try array(heap.arrays[index], heap, input) }
            values[name] = value
        }
        return PickledArrays(arrays: arrays, values: values, heap: heap)
    }

    /// A longer array has more labels than any data set has images, so it is not taken to hold labels.
    private static let labelLimit = 1 << 20

    /// The whole numbers under `names` in the top-level dict of the file at `url`, where they are arrays of one dimension or
    /// lists. The file is a pickle, or one that `torch.save` wrote without tensors. An array's bytes may be written as text if
    /// they are ASCII. Throws `PyTorchError`, `ZIPError` or `FileReadError`.
    package static func labels(in url: URL, named names: [String]) throws -> [String: [Int]] {
        let file = try InputFile(url)
        let isArchive = try file.bytes(at: 0, count: min(2, file.size)) == Swift.Array("PK".utf8)
        let input = PickleInput(isArchive ? try PyTorchArchive(url).pickle() : FileStream(file))
        func next() throws -> (value: PickleValue, heap: PickleHeap) {
            var unpickler = Unpickler(input, knowsArrays: true, knowsEncodedText: true)
            return (try unpickler.value(), unpickler.heap)
        }
        var (value, heap) = try next()
        if case .wideInteger = value {
            // The magic number of older files, then the protocol version and system information.
            for _ in 0..<3 { (value, heap) = try next() }
        }
        guard case .mapping(let place) = value else {
            throw PyTorchError.malformedPickle(
                path: input.path, position: input.position, problem: "no dict at the top")
        }
        var values: [String: PickleValue] = [:]
        for (key, value) in heap.mappings[place] {
            if let name = input.name(key), names.contains(name) { values[name] = value }
        }
        var labels: [String: [Int]] = [:]
        for name in names {
            if case .array(let index)? = values[name] {
                labels[name] = try numbers(of: array(heap.arrays[index], heap, input), in: input)
            } else {
                labels[name] = values[name].flatMap { heap.integers($0, limit: labelLimit) }
            }
        }
        return labels
    }

    /// Nil if the array has more dimensions, other numbers, or too many of them.
    private static func numbers(of array: Array, in input: PickleInput) -> [Int]? {
        guard array.shape.count == 1, array.shape[0] <= labelLimit, let kind = array.type.first, "iub".contains(kind),
            let size = Int(array.type.dropFirst()), size <= 8
        else { return nil }
        return (0..<array.shape[0]).map { index in
            let bytes = input.bytes[(array.offset + index * size)..<(array.offset + (index + 1) * size)]
            let isNegative = kind == "i" && bytes.last! >= 0x80
            return Int(truncatingIfNeeded: bytes.reversed().reduce(isNegative ? .max : 0) { $0 << 8 | UInt64($1) })
        }
    }

    private static func array(_ array: PickleHeap.Array, _ heap: PickleHeap, _ input: PickleInput) throws -> Array {
        func malformed(_ problem: String) -> PyTorchError {
            .malformedPickle(path: input.path, position: input.position, problem: problem)
        }
        guard let place = array.bytes, let type = array.type else { throw malformed("an array without its content") }
        // "u1" and "f8": the size follows the kind. Objects and texts are written differently.
        guard let size = Int(type.dropFirst()), (1...16).contains(size),
            let count = NumericArray.count(of: array.shape),
            count <= Int(place.count) / size, count * size == Int(place.count)
        else {
            throw malformed("\(place.count) bytes of an array of shape \(array.shape) and type '\(type.displayed)'")
        }
        return Array(type: type, shape: array.shape, isRowMajor: !array.isColumnMajor, offset: Int(place.start))
    }
}
