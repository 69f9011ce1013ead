import Foundation

/// The stream of `torch.save` before 1.6: pickles of a magic number, the protocol version, system information, the object and
/// the storages' keys; then, for each key, the number of elements in eight bytes and the elements.
struct PyTorchStream {
    private let file: InputFile
    /// The bytes of each storage within the file.
    private let places: [String: Range<Int>]

    /// `0x1950A86A20F9469CFC6C`, in little-endian order.
    private static let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
    private static let version = 1001

    /// Reads the pickles and passes the one with the tensors to `object`. Throws `PyTorchError` or `FileReadError`.
    init(_ file: InputFile, object: (PickleValue, PickleHeap, PickleInput) throws -> Void) throws {
        self.file = file
        let input = PickleInput(FileStream(file))
        let first = try Self.plainValue(input).value
        guard case .wideInteger(let start, let count) = first,
            input.bytes[Int(start)..<Int(start + count)].elementsEqual(Self.magic)
        else { throw PyTorchError.notTorch(path: file.path, problem: "its magic number is missing") }
        guard try Self.plainValue(input).value == .integer(Self.version) else {
            throw PyTorchError.notTorch(path: file.path, problem: "its protocol is not version \(Self.version)")
        }
        _ = try Self.plainValue(input)
        var unpickler = Unpickler(input)
        try object(try unpickler.value(), unpickler.heap, input)
        let (keys, heap) = try Self.plainValue(input)
        guard let keys = heap.elements(keys) else {
            throw PyTorchError.malformedPickle(
                path: file.path, position: input.position, problem: "the storages' keys are not a list")
        }
        places = try Self.places(keys.map { input.text($0) }, unpickler.heap.storages, input: input, file: file)
    }

    private static func plainValue(_ input: PickleInput) throws -> (value: PickleValue, heap: PickleHeap) {
        var unpickler = Unpickler(input)
        return (try unpickler.value(), unpickler.heap)
    }

    /// Moves from storage to storage to the end of the file. Their sizes follow from the types in the pickle.
    private static func places(
        _ keys: [String?], _ storages: [PickleHeap.Storage], input: PickleInput, file: InputFile
    ) throws -> [String: Range<Int>] {
        var sizes: [String: Int] = [:]
        for storage in storages { sizes[storage.key] = storage.elementSize }
        var places: [String: Range<Int>] = [:]
        var position = input.position
        for key in keys {
            guard let key, let elementSize = sizes[key], places[key] == nil else {
                throw PyTorchError.malformedPickle(
                    path: file.path, position: input.position, problem: "a key without a storage, or a repeated key")
            }
            if file.size - position < 8 {
                throw PyTorchError.cutShort(path: file.path, position: file.size, needed: 8 - (file.size - position))
            }
            let count = try file.bytes(at: position, count: 8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            position += 8
            let (size, overflow) = Int(clamping: count).multipliedReportingOverflow(by: elementSize)
            if overflow || size > file.size - position {
                throw PyTorchError.cutShort(
                    path: file.path, position: file.size,
                    needed: overflow ? .max : size - (file.size - position))
            }
            places[key] = position..<position + size
            position += size
        }
        if position != file.size {
            throw PyTorchError.trailingBytes(path: file.path, count: file.size - position)
        }
        return places
    }

    func open(_ key: String, size: Int) throws -> any ByteStream {
        FileStream(file, from: try place(key, size: size).lowerBound)
    }

    func place(_ key: String, size: Int) throws(PyTorchError) -> Range<Int> {
        guard let place = places[key] else { throw .missingStorage(path: file.path, key: key.displayed) }
        if place.count != size {
            throw .wrongStorageSize(path: file.path, key: key.displayed, found: place.count, expected: size)
        }
        return place
    }
}
