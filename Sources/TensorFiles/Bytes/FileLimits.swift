/// Sizes beyond which a file is refused, since reading it takes far more memory than the file's own size.
public struct FileLimits: Sendable, Equatable {
    /// What the user allows, in bytes: for the size of a JSON file, and for what an archive's entry, or the arrays of an
    /// HDF5 file beyond its own size, inflate to.
    public var allowed: Int?

    /// The limits of the readers themselves.
    public init() {}

    /// The limits in force.
    @TaskLocal public static var current = FileLimits()

    /// Foundation takes up to 20 bytes per byte of JSON, so more would not fit in an ordinary machine.
    var mostJSON: Int { allowed ?? 256 << 20 }

    /// How many bytes the compressed arrays of an HDF5 file may take beyond the file's size.
    var mostExpanded: Int { allowed ?? 256 << 20 }

    /// The limit for an entry of `compressed` bytes. Deflate can expand one byte to about a thousand; for measured numbers the
    /// factor is below ten, for one-hot labels about fifty.
    func mostInflated(compressed: Int) -> Int {
        max(allowed ?? 64 << 20, compressed.multipliedReportingOverflow(by: 100).overflow ? .max : compressed * 100)
    }
}
