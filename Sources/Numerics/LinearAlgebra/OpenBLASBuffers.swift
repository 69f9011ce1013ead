import COpenBLAS
import Synchronization

/// The buffers that OpenBLAS maps for its callers and its threads and then keeps. Where a limit of address space (`ulimit -v`)
/// refuses it one, it asks again without end, so that under such a limit every call that could need a further one looks first.
enum OpenBLASBuffers {
    private struct Use {
        var present = 0
        /// As many as there were at once, so as many as are mapped.
        var most = 0
    }

    private static let use = Mutex(Use())
    private static let isLimited = AvailableMemory.addressSpace != nil
    /// A buffer, and some for the thread that it is for.
    static let bytes = 160 << 20

    /// Runs `body`, which calls OpenBLAS once. Ends the process by `RefusedMemory` where there is no room for its buffers.
    static func whileUsed<Result>(_ body: () throws -> Result) rethrows -> Result {
        if !isLimited { return try body() }
        let own = Int(openblas_get_num_threads())
        use.withLock { use in
            use.present += own
            let missing = (use.present - use.most) * bytes
            if missing <= 0 { return }
            if let left = AvailableMemory.addressSpace, left < missing {
                RefusedMemory.end(RefusedMemory(bytes: missing))
            }
            use.most = use.present
        }
        defer { use.withLock { $0.present -= own } }
        return try body()
    }
}
