import CZip
import Foundation

/// A ZIP archive, such as an `.npz` or a file of `torch.save`: what its directory says about each entry, and the bytes of each.
///
/// libzip checks the directory against the file and the entries' own headers (`ZIP_CHECKCONS`), and where it finds a
/// contradiction `ZIPDirectory` decides; this type checks it against what deflate can do. The checksum and size of an entry are checked once it has been read to its end.
final class ZIPArchive {
    struct Entry: Equatable {
        let index: UInt64
        /// Unique within the archive.
        let name: String
        /// In bytes, as the directory claims; the claim has been found possible.
        let size: Int
        /// Whether the bytes are stored uncompressed, so that there are no more of them than in the file.
        let isStored: Bool
        /// In bytes, as stored in the file.
        let compressedSize: Int
        /// The checksum of bytes that libzip does not decompress and check itself: those of LZMA.
        fileprivate let ownChecksum: UInt?
    }

    let path: String
    private(set) var entries: [Entry] = []
    private let archive: OpaquePointer

    /// Deflate's shortest code for its longest match: 2 bits for 258 bytes.
    private static let largestRatio = 1032
    /// More than any method achieves on the numbers of an array; an entry beyond that is a bomb.
    private static let largestRatioOfOthers = 1 << 16

    /// Throws `ZIPError` or `FileReadError`.
    init(_ url: URL) throws {
        // Opened for its errors, which are the same for every format, and because libzip would block on a pipe.
        let file = try InputFile(url)
        path = file.path
        // libzip takes an empty file to be an archive without entries.
        if file.size == 0 { throw ZIPError.notAnArchive(path: path, reason: "the file is empty") }
        var code: Int32 = 0
        var opened = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &code)
        // The strict opening refuses names that appear twice, and sizes that contradict each other, but does not say which;
        // the loop below does.
        if opened == nil && [ZIP_ER_EXISTS, ZIP_ER_INCONS].contains(code) { opened = zip_open(path, ZIP_RDONLY, nil) }
        guard let archive = opened else { throw ZIPError.notAnArchive(path: path, reason: Self.reason(code)) }
        self.archive = archive
        var names: Set<String> = []
        for index in 0..<UInt64(max(0, zip_get_num_entries(archive, 0))) {
            let entry = try entry(at: index, fileSize: file.size)
            if !names.insert(entry.name).inserted {
                throw ZIPError.duplicateEntry(path: path, entry: entry.name.displayed)
            }
            entries.append(entry)
        }
        if code == ZIP_ER_INCONS, try ZIPDirectory.agrees(with: file) { return }
        if code != 0 { throw ZIPError.notAnArchive(path: path, reason: Self.reason(code)) }
    }

    /// What libzip says of an error's code, but for the code whose words differ from one version to the next.
    private static func reason(_ code: Int32) -> String {
        if code == ZIP_ER_INCONS { return "its directory contradicts its entries" }
        var error = zip_error_t()
        zip_error_init_with_code(&error, code)
        defer { zip_error_fini(&error) }
        return String(cString: zip_error_strerror(&error))
    }

    deinit { zip_discard(archive) }

    private func entry(at index: UInt64, fileSize: Int) throws(ZIPError) -> Entry {
        var status = zip_stat_t()
        zip_stat_init(&status)
        guard zip_stat_index(archive, index, 0, &status) == 0, let name = status.name.map({ String(cString: $0) })
        else {
            throw .notAnArchive(path: path, reason: String(cString: zip_strerror(archive)))
        }
        let shown = name.displayed
        if status.encryption_method != ZIP_EM_NONE { throw .encrypted(path: path, entry: shown) }
        let (size, packed) = (Int(clamping: status.size), Int(clamping: status.comp_size))
        let isPossible: Bool
        switch Int32(status.comp_method) {
        case ZIP_CM_STORE: isPossible = size == packed
        case ZIP_CM_DEFLATE: isPossible = size / Self.largestRatio <= packed
        case let method where method == LZMADecoder.method || zip_compression_method_supported(method, 0) == 1:
            isPossible = size / Self.largestRatioOfOthers <= packed
        default: throw .unsupportedCompression(path: path, entry: shown, method: Int(status.comp_method))
        }
        // libzip's sum of position and size can overflow, so a size near 2^64 passes its check.
        if !isPossible || packed > fileSize {
            throw .impossibleSize(path: path, entry: shown, claimed: size, compressed: packed)
        }
        return Entry(
            index: index, name: name, size: size, isStored: Int32(status.comp_method) == ZIP_CM_STORE,
            compressedSize: packed, ownChecksum: status.comp_method == LZMADecoder.method ? UInt(status.crc) : nil)
    }

    /// Throws `ZIPError.inflatesTooFar` if an entry is too large to be read whole (`FileLimits`).
    func checkInflation(of entry: Entry) throws(ZIPError) {
        let most = FileLimits.current.mostInflated(compressed: entry.compressedSize)
        if !entry.isStored && entry.size > most {
            throw .inflatesTooFar(
                path: path, entry: entry.name.displayed, size: entry.size, compressed: entry.compressedSize, most: most)
        }
    }

    /// The bytes of an entry, from the first on. Throws `ZIPError.damaged`.
    func stream(of entry: Entry) throws(ZIPError) -> ZIPEntryStream {
        let flags = zip_flags_t(entry.ownChecksum == nil ? 0 : ZIP_FL_COMPRESSED)
        guard let file = zip_fopen_index(archive, entry.index, flags) else {
            throw .damaged(
                path: path, entry: entry.name.displayed, found: 0, expected: entry.size,
                reason: String(cString: zip_strerror(archive)))
        }
        return try ZIPEntryStream(file, of: self, entry: entry)
    }
}

/// An entry's bytes, inflated as they are read.
final class ZIPEntryStream: ByteStream {
    /// The archive's path and the entry's name.
    let path: String
    let size: Int
    private let file: OpaquePointer
    /// Kept open while an entry is read.
    private let archive: ZIPArchive
    private let entryName: String
    private var position = 0
    /// Used if libzip gives only the compressed bytes.
    private var decoder: LZMADecoder?
    private let expectedChecksum: UInt?
    private var checksum: UInt = 0

    fileprivate init(_ file: OpaquePointer, of archive: ZIPArchive, entry: ZIPArchive.Entry) throws(ZIPError) {
        self.file = file
        self.archive = archive
        entryName = entry.name.displayed
        path = "\(archive.path), entry '\(entryName)'"
        size = entry.size
        expectedChecksum = entry.ownChecksum
        if expectedChecksum == nil { return }
        // The decoder lives no longer than the stream, which closes the file.
        decoder = try? LZMADecoder(size: size) { buffer in
            let count = Self.read(file, into: buffer)
            if count < 0 { throw CocoaError(.fileReadCorruptFile) }
            return Int(count)
        }
        if decoder == nil { throw damaged("its LZMA properties are invalid") }
    }

    deinit { zip_fclose(file) }

    /// Throws `ZIPError.damaged`.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws {
        var done = 0
        while done < buffer.count {
            let count = try next(UnsafeMutableRawBufferPointer(rebasing: buffer[done...]))
            if count == 0 { throw damaged("the data end") }
            done += count
            position += count
        }
    }

    /// Reads the bytes that are left, up to what fits; 0 at the end.
    private func next(_ buffer: UnsafeMutableRawBufferPointer) throws(ZIPError) -> Int {
        guard let decoder else {
            let count = Self.read(file, into: buffer)
            if count < 0 { throw damaged(String(cString: zip_file_strerror(file))) }
            return Int(count)
        }
        guard let count = try? decoder.read(into: buffer) else { throw damaged("invalid LZMA data") }
        checksum = CRC32.of(UnsafeRawBufferPointer(buffer).prefixOfBytes(count), after: checksum)
        return count
    }

    /// The number of bytes that libzip gave, negative on failure. Later versions of libzip do not accept a buffer without an
    /// address.
    private static func read(_ file: OpaquePointer, into buffer: UnsafeMutableRawBufferPointer) -> Int64 {
        buffer.baseAddress.map { zip_fread(file, $0, UInt64(buffer.count)) } ?? 0
    }

    /// Makes sure that nothing follows what was read, and that the checksum is right. Throws `ZIPError`.
    func finish() throws(ZIPError) {
        let found = checksum
        var byte: UInt8 = 0
        let count = try withUnsafeMutableBytes(of: &byte) { buffer throws(ZIPError) in try next(buffer) }
        if count > 0 { throw .longerThanClaimed(path: archive.path, entry: entryName, claimed: size) }
        if let expectedChecksum, expectedChecksum != found { throw damaged("the checksum does not match") }
    }

    private func damaged(_ reason: String) -> ZIPError {
        .damaged(path: archive.path, entry: entryName, found: position, expected: size, reason: reason)
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func prefixOfBytes(_ count: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bindMemory(to: UInt8.self).prefix(count))
    }
}
