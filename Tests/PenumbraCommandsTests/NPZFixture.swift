import CZip
import Foundation
import TensorFiles
import TestSupport

/// Writes array archives like `np.savez_compressed`.
enum NPZFixture {
    /// `entries` are complete `.npy` files by array name; `method` is the ZIP number of a compression method.
    static func write(_ entries: [(name: String, bytes: [UInt8])], to path: String, method: Int32? = nil) throws {
        var code: Int32 = 0
        guard let archive = zip_open(path, ZIP_CREATE | ZIP_EXCL, &code) else { throw Failure(problem: "code \(code)") }
        for (name, bytes) in entries {
            // libzip frees the copy after writing it.
            let copy = UnsafeMutableRawBufferPointer(start: malloc(bytes.count), count: bytes.count)
            copy.copyBytes(from: bytes)
            guard let source = zip_source_buffer(archive, copy.baseAddress, UInt64(bytes.count), 1) else {
                throw Failure(problem: String(cString: zip_strerror(archive)))
            }
            let index = zip_file_add(archive, name + ".npy", source, 0)
            if index < 0 || method.map({ zip_set_file_compression(archive, UInt64(index), $0, 0) != 0 }) ?? false {
                throw Failure(problem: String(cString: zip_strerror(archive)))
            }
        }
        if zip_close(archive) != 0 { throw Failure(problem: String(cString: zip_strerror(archive))) }
    }

    /// An array as the bytes of an `.npy` file.
    static func numbers(_ array: NumericArray) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let url = URL(fileURLWithPath: folder.path("x.npy"))
        try NPYFile.write(array, to: url)
        return Array(try Data(contentsOf: url))
    }

    /// A list of texts of at most eight bytes each, as an `.npy` of type `S`.
    static func texts(_ texts: [String]) -> [UInt8] {
        let data = texts.flatMap { Array($0.utf8) + [UInt8](repeating: 0, count: 8 - $0.utf8.count) }
        return array(descr: "|S8", shape: "(\(texts.count),)", data: data)
    }

    /// Any array as `.npy` bytes; `descr` and `shape` in NumPy's syntax.
    static func array(descr: String, shape: String, data: [UInt8]) -> [UInt8] {
        let header = "{'descr': '\(descr)', 'fortran_order': False, 'shape': \(shape), }\n"
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + data
    }

    struct Failure: Error { let problem: String }
}
