import CZip
import Foundation
import TensorFiles
import TestSupport

/// Writes archives of arrays as `np.savez_compressed` does.
enum NPZFixture {
    /// `entries` are the whole bytes of `.npy` files by the names of their arrays; `method` is the ZIP format's number of a way
    /// to compress them.
    static func write(_ entries: [(name: String, bytes: [UInt8])], to path: String, method: Int32? = nil) throws {
        var code: Int32 = 0
        guard let archive = zip_open(path, ZIP_CREATE | ZIP_EXCL, &code) else { throw Failure(problem: "code \(code)") }
        for (name, bytes) in entries {
            // libzip frees the copy when it has written it.
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

    /// The bytes of an array of numbers.
    static func numbers(_ array: NumericArray) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let url = URL(fileURLWithPath: folder.path("x.npy"))
        try NPYFile.write(array, to: url)
        return Array(try Data(contentsOf: url))
    }

    /// The bytes of a list of texts (type `S`) of at most eight bytes each.
    static func texts(_ texts: [String]) -> [UInt8] {
        let data = texts.flatMap { Array($0.utf8) + [UInt8](repeating: 0, count: 8 - $0.utf8.count) }
        return array(descr: "|S8", shape: "(\(texts.count),)", data: data)
    }

    /// The bytes of any array; `descr` and `shape` as NumPy writes them.
    static func array(descr: String, shape: String, data: [UInt8]) -> [UInt8] {
        let header = "{'descr': '\(descr)', 'fortran_order': False, 'shape': \(shape), }\n"
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + data
    }

    struct Failure: Error { let problem: String }
}
