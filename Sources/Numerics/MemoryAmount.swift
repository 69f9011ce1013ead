/// A number of bytes as people read it: in GiB, or in MiB below a tenth of one, to a tenth.
package struct MemoryAmount: CustomStringConvertible {
    private let bytes: Int

    package init(_ bytes: Int) { self.bytes = bytes }

    package var description: String {
        let isLarge = bytes >= 1 << 30 / 10
        let units = Double(bytes) / Double(isLarge ? 1 << 30 : 1 << 20)
        return "\((units * 10).rounded() / 10) \(isLarge ? "GiB" : "MiB")"
    }
}
