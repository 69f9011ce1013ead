import Foundation

/// Where the bytes of a checkpoint's storages are: in an archive, or one after another in a stream.
enum PyTorchContainer {
    /// `torch.save` since 1.6: a ZIP archive with one entry per storage.
    case archive(PyTorchArchive)
    /// `torch.save` before 1.6: a stream of pickles, then the storages.
    case stream(PyTorchStream)

    /// Whether numbers are big-endian.
    var isBigEndian: Bool {
        switch self {
        case .archive(let archive): archive.isBigEndian
        // Written little-endian on every machine.
        case .stream: false
        }
    }

    /// The bytes of a storage from its first on. Throws `PyTorchError.missingStorage`, or `wrongStorageSize` unless there are
    /// `size` bytes.
    func open(_ key: String, size: Int) throws -> any ByteStream {
        switch self {
        case .archive(let archive): try archive.open(key, size: size)
        case .stream(let stream): try stream.open(key, size: size)
        }
    }

    /// Throws as `open` does.
    func check(_ key: String, size: Int) throws(PyTorchError) {
        switch self {
        case .archive(let archive): _ = try archive.entry(key, size: size)
        case .stream(let stream): _ = try stream.place(key, size: size)
        }
    }
}

/// The ZIP archive of `torch.save`: `<name>/data.pkl`, `<name>/data/<key>` and, since 2.0, `<name>/byteorder`.
struct PyTorchArchive {
    let isBigEndian: Bool
    private let archive: ZIPArchive
    private let root: String
    private let entries: [String: ZIPArchive.Entry]

    /// Throws `PyTorchError`, or `ZIPError` or `FileReadError` if the archive cannot be read.
    init(_ url: URL) throws {
        archive = try ZIPArchive(url)
        entries = Dictionary(uniqueKeysWithValues: archive.entries.map { ($0.name, $0) })
        let suffix = "data.pkl"
        guard let pickle = archive.entries.first(where: { $0.name == suffix || $0.name.hasSuffix("/" + suffix) }) else {
            throw PyTorchError.missingEntry(path: archive.path, entry: suffix)
        }
        root = String(pickle.name.dropLast(suffix.count))
        if entries[root + "constants.pkl"] != nil { throw PyTorchError.torchScript(path: archive.path) }
        guard let order = entries[root + "byteorder"] else {
            isBigEndian = false
            return
        }
        let stream = try Self.stream(of: order, in: archive)
        let text = String(decoding: try stream.bytes(min(stream.size, 64)), as: UTF8.self)
        guard text == "little" || text == "big" else {
            throw PyTorchError.unknownByteOrder(path: archive.path, found: text.displayed)
        }
        try stream.finish()
        isBigEndian = text == "big"
    }

    /// The bytes of the pickle that describes the tensors. Throws `PyTorchError` or `ZIPError`.
    func pickle() throws -> any ByteStream { try Self.stream(of: entries[root + "data.pkl"]!, in: archive) }

    fileprivate func open(_ key: String, size: Int) throws -> any ByteStream {
        try Self.stream(of: entry(key, size: size), in: archive)
    }

    fileprivate func entry(_ key: String, size: Int) throws(PyTorchError) -> ZIPArchive.Entry {
        guard let entry = entries[root + "data/" + key] else {
            throw .missingStorage(path: archive.path, key: key.displayed)
        }
        if entry.size != size {
            throw .wrongStorageSize(path: archive.path, key: key.displayed, found: entry.size, expected: size)
        }
        return entry
    }

    /// Compressed entries are refused, so no more is read than the file holds.
    private static func stream(of entry: ZIPArchive.Entry, in archive: ZIPArchive) throws -> any ByteStream {
        if !entry.isStored { throw PyTorchError.compressedEntry(path: archive.path, entry: entry.name.displayed) }
        return try archive.stream(of: entry)
    }
}

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

    fileprivate func open(_ key: String, size: Int) throws -> any ByteStream {
        FileStream(file, from: try place(key, size: size).lowerBound)
    }

    fileprivate func place(_ key: String, size: Int) throws(PyTorchError) -> Range<Int> {
        guard let place = places[key] else { throw .missingStorage(path: file.path, key: key.displayed) }
        if place.count != size {
            throw .wrongStorageSize(path: file.path, key: key.displayed, found: place.count, expected: size)
        }
        return place
    }
}
