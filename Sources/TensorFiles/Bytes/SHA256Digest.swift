import COpenSSL
import Foundation

/// A SHA-256 digest: what a run records of its inputs.
public struct SHA256Digest: Sendable, Hashable, CustomStringConvertible {
    /// 32 bytes.
    public let bytes: [UInt8]

    /// In hexadecimal, 64 digits, as `sha256sum` prints it.
    public var description: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The digest of `data`.
    public static func of(_ data: Data) -> SHA256Digest {
        let hash = Hash()
        data.withUnsafeBytes { hash.update($0) }
        return SHA256Digest(bytes: hash.finish())
    }

    /// The digest of the bytes of `values`, as they lie in memory.
    public static func of<Value: BitwiseCopyable>(_ values: [Value]) -> SHA256Digest {
        let hash = Hash()
        values.withUnsafeBytes { hash.update($0) }
        return SHA256Digest(bytes: hash.finish())
    }

    /// The digest of a file's content, read in parts. Throws `FileReadError`.
    public static func of(file url: URL) throws -> SHA256Digest {
        let file = try InputFile(url)
        let hash = Hash()
        var offset = 0
        while offset < file.size {
            let part = try file.bytes(at: offset, count: min(1 << 20, file.size - offset))
            part.withUnsafeBytes { hash.update($0) }
            offset += part.count
        }
        return SHA256Digest(bytes: hash.finish())
    }

    /// Owns OpenSSL's state. With a known digest its calls can fail only for lack of memory, which traps.
    private final class Hash {
        private let context: OpaquePointer

        init() {
            context = EVP_MD_CTX_new()!
            precondition(EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1, "no memory for SHA-256")
        }

        deinit { EVP_MD_CTX_free(context) }

        func update(_ bytes: UnsafeRawBufferPointer) {
            precondition(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1, "no memory for SHA-256")
        }

        func finish() -> [UInt8] {
            var digest = [UInt8](repeating: 0, count: 32)
            precondition(EVP_DigestFinal_ex(context, &digest, nil) == 1, "no memory for SHA-256")
            return digest
        }
    }
}
