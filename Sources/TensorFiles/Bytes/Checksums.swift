import CZlib

/// The checksum at the end of a zlib stream.
package struct Adler32 {
    /// The checksum of the bytes so far.
    package private(set) var value: UInt = 1
    private var count = 0

    /// The checksum of no bytes.
    package init() {}

    /// Appends bytes to those summed so far.
    package mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        value = adler32_z(value, bytes.baseAddress, bytes.count)
        count += bytes.count
    }

    /// Appends the bytes of `other` to those summed so far.
    package mutating func append(_ other: Adler32) {
        value = adler32_combine(value, other.value, other.count)
        count += other.count
    }
}

/// The checksum of PNG's chunks.
package enum CRC32 {
    /// The checksum of `bytes`, or of `bytes` appended to bytes whose checksum is `before`.
    package static func of(_ bytes: UnsafeBufferPointer<UInt8>, after before: UInt = 0) -> UInt {
        crc32_z(before, bytes.baseAddress, bytes.count)
    }
}
