/// An error status of Cairo, with its own description: out of memory, or a size that it cannot draw on.
public struct CairoError: Error, Equatable, CustomStringConvertible {
    /// What was being done.
    public let operation: String
    /// Cairo's `cairo_status_t`.
    public let status: UInt32
    /// Cairo's words for it.
    public let message: String

    /// A sentence for the user.
    public var description: String { "\(operation) failed (Cairo: \(message), status \(status))" }
}
