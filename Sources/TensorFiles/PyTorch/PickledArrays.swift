import Foundation

/// The arrays of NumPy and the lists of integers in a dict that Python's `pickle` wrote, such as CIFAR's batches.
///
/// Nothing is executed: beside plain values only NumPy's own functions that rebuild arrays are known, and these are
/// recognised, not called (`Unpickler`). Protocols 1 to 5, of Python 2 and 3; not those in which Python 3 writes bytes as
/// text (protocol 2 from Python 3).
package struct PickledArrays {
    /// An array whose bytes lie in the file.
    package struct Array: Equatable, Sendable {
        /// NumPy's character and size, such as `u1`; without the byte order.
        package let type: String
        package let shape: [Int]
        /// Whether the last index moves fastest.
        package let isRowMajor: Bool
        /// Of the first byte in the file.
        package let offset: Int
    }

    /// By their keys (texts or bytes).
    package let arrays: [String: Array]
    /// By their keys.
    package let integers: [String: [Int]]

    /// Reads the file at `url`. The bytes of each array are as many as its shape and type need. Throws `PyTorchError` or
    /// `FileReadError`.
    package static func read(_ url: URL) throws -> PickledArrays {
        let input = PickleInput(FileStream(try InputFile(url)))
        var unpickler = Unpickler(input, knowsArrays: true)
        guard case .mapping(let place) = try unpickler.value() else {
            throw PyTorchError.malformedPickle(
                path: input.path, position: input.position, problem: "no dict at the top")
        }
        let heap = unpickler.heap
        var arrays: [String: Array] = [:]
        var integers: [String: [Int]] = [:]
        for (key, value) in heap.mappings[place] {
            guard let name = input.name(key) else { continue }
            if case .array(let index) = value { arrays[name] = try array(heap.arrays[index], heap, input) }
            if let numbers = heap.integers(value, limit: .max) { integers[name] = numbers }
        }
        return PickledArrays(arrays: arrays, integers: integers)
    }

    private static func array(_ array: PickleHeap.Array, _ heap: PickleHeap, _ input: PickleInput) throws -> Array {
        func malformed(_ problem: String) -> PyTorchError {
            .malformedPickle(path: input.path, position: input.position, problem: problem)
        }
        guard let place = array.bytes, let type = array.type else { throw malformed("an array without its content") }
        // "u1" and "f8": the size stands behind the kind. Objects and texts have other forms.
        guard let size = Int(type.dropFirst()), (1...16).contains(size),
            let count = NumericArray.count(of: array.shape),
            count <= Int(place.count) / size, count * size == Int(place.count)
        else {
            throw malformed("\(place.count) bytes of an array of shape \(array.shape) and type '\(type.displayed)'")
        }
        return Array(type: type, shape: array.shape, isRowMajor: !array.isColumnMajor, offset: Int(place.start))
    }
}
