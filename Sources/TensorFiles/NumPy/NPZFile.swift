import Foundation
import Numerics

/// NumPy's archive of named arrays, as written by `np.savez` and `np.savez_compressed`: a ZIP archive with one `.npy` per
/// array.
///
/// Format: https://numpy.org/doc/stable/reference/generated/numpy.savez.html
public final class NPZFile {
    /// What an array's header states.
    public struct Member: Equatable, CustomStringConvertible {
        /// The entry's name without `.npy`.
        public let name: String
        let entry: ZIPArchive.Entry
        let header: NPYHeader

        /// The extent of each dimension.
        public var shape: [Int] { header.shape }
        /// Whether the elements can be converted to `Float`: floats, integers, bool.
        public var isNumeric: Bool { header.elementType != nil }
        /// Whether the elements are texts of a fixed length.
        public var isText: Bool { NPYText(descr: header.descr) != nil }

        /// Name, shape and type as NumPy writes them, such as `x (3, 4) <f4`.
        public var description: String {
            let extents = shape.map(\.description).joined(separator: ", ")
            return "\(name.displayed) (\(extents)\(shape.count == 1 ? "," : "")) \(header.descr)"
        }
    }

    /// The file, for errors.
    public let path: String
    /// In the archive's order, without the entries whose names do not end in `.npy`.
    public let members: [Member]
    private let archive: ZIPArchive
    private let memory: Int

    /// Opens an archive and reads the header of every array in it; no array is inflated beyond that. Throws `ZIPError`,
    /// `NPYError` or `FileReadError`.
    ///
    /// The size that an entry claims to inflate to is checked against its compressed size and against its header.
    /// - Complexity: O(number of entries).
    public convenience init(_ url: URL) throws {
        try self.init(url, memory: AvailableMemory.bytes)
    }

    /// `memory` is the most bytes that an array may take.
    init(_ url: URL, memory: Int) throws {
        let archive = try ZIPArchive(url)
        self.archive = archive
        self.memory = memory
        path = archive.path
        let suffix = ".npy"
        members = try archive.entries.filter { $0.name.hasSuffix(suffix) }.map { entry in
            let stream = try archive.stream(of: entry)
            let (header, dataSize) = try NPYHeader.read(from: stream)
            if let size = header.elementType?.type.size ?? NPYText(descr: header.descr)?.size {
                _ = try header.count(elementSize: size, dataSize: dataSize, path: stream.path)
            }
            return Member(name: String(entry.name.dropLast(suffix.count)), entry: entry, header: header)
        }
    }

    /// The array of that name. Throws `NPZError.missingArray`.
    public func member(named name: String) throws(NPZError) -> Member {
        guard let member = members.first(where: { $0.name == name }) else {
            throw .missingArray(path: path, name: name.displayed, arrays: members.map(\.description))
        }
        return member
    }

    /// The numbers of an array of this file, as `NPYFile.read` converts them. Throws `NPZError`, `ZIPError` or `NPYError`,
    /// `unsupportedType` if the array holds no numbers.
    /// - Complexity: O(size of the array); takes 4 bytes per element (8 in Fortran order) plus a constant.
    public func numbers(of member: Member) throws -> NumericArray {
        if member.isNumeric { try requireMemory(member.header.fortranOrder ? 8 : 4, for: member) }
        return try read(member) { header, dataSize, stream in
            try NPYFile.array(header, dataSize: dataSize, from: stream)
        }
    }

    /// The texts of an array of this file, in stored order, without the NULs that pad them. Throws `NPZError`, `ZIPError` or
    /// `NPYError`, `notText` if the array holds no texts.
    /// - Complexity: O(size of the array); takes at most that size plus 48 bytes per text.
    public func texts(of member: Member) throws -> [String] {
        if let text = NPYText(descr: member.header.descr) { try requireMemory(text.size + 48, for: member) }
        return try read(member) { header, dataSize, stream in
            guard let text = NPYText(descr: header.descr) else {
                throw NPYError.notText(path: stream.path, descr: header.descr)
            }
            let count = try header.count(elementSize: text.size, dataSize: dataSize, path: stream.path)
            return try text.read(count, from: stream)
        }
    }

    func read<Value>(
        _ member: Member, _ body: (NPYHeader, Int, ZIPEntryStream) throws -> Value
    ) throws -> Value {
        try archive.checkInflation(of: member.entry)
        let stream = try archive.stream(of: member.entry)
        let (header, dataSize) = try NPYHeader.read(from: stream)
        let value = try body(header, dataSize, stream)
        try stream.finish()
        return value
    }

    /// An array that does inflate to the size it claims may still need more memory than there is: a ZIP bomb.
    func requireMemory(_ bytesPerElement: Int, for member: Member) throws(NPZError) {
        let count = NumericArray.count(of: member.shape) ?? .max
        let (needed, overflow) = count.multipliedReportingOverflow(by: bytesPerElement)
        if overflow || needed > memory {
            throw .tooLarge(
                path: path, entry: member.entry.name.displayed, needed: overflow ? .max : needed, memory: memory)
        }
    }

    /// At most twelve array descriptions, joined for one line.
    public static func list(_ arrays: [String]) -> String {
        if arrays.isEmpty { return "no arrays" }
        let shown = arrays.prefix(12).joined(separator: "; ")
        return arrays.count <= 12 ? shown : "\(shown) … (\(arrays.count) in all)"
    }
}

/// Why an archive of arrays, as written by `np.savez`, does not yield the required array.
///
/// `ZIPError` says what is wrong with the archive, `NPYError` what is wrong with an array's own bytes; its path then names the
/// array too.
public enum NPZError: Error, Equatable, CustomStringConvertible {
    /// An entry that needs more memory than the machine has; in bytes.
    case tooLarge(path: String, entry: String, needed: Int, memory: Int)
    /// No array of that name; `arrays` describes the ones in the file.
    case missingArray(path: String, name: String, arrays: [String])

    /// One line: the path, the entry, what was found and what was expected.
    public var description: String {
        switch self {
        case .tooLarge(let path, let entry, let needed, let memory):
            "\(path), entry '\(entry)': takes \(needed) bytes of memory, but this machine has \(memory)"
        case .missingArray(let path, let name, let arrays):
            "\(path): no array '\(name)'; the arrays are \(NPZFile.list(arrays))"
        }
    }
}
