/// Sizes beyond which a file is refused, since reading it takes far more memory than the file has bytes.
public struct FileLimits: Sendable, Equatable {
    /// What the user allows, in bytes: the size of a JSON file, and of what an entry of an archive inflates to.
    public var allowed: Int?

    /// The limits of the readers themselves.
    public init() {}

    /// Those that hold.
    @TaskLocal public static var current = FileLimits()

    /// Foundation takes up to 20 bytes for a byte of JSON, so that more would not fit into an ordinary machine.
    var mostJSON: Int { allowed ?? 256 << 20 }

    /// Of an entry with `compressed` bytes. Deflate makes up to a thousand bytes of one; of numbers that anybody measured it
    /// makes less than ten, of one-hot labels some fifty.
    func mostInflated(compressed: Int) -> Int {
        max(allowed ?? 64 << 20, compressed.multipliedReportingOverflow(by: 100).overflow ? .max : compressed * 100)
    }
}
