import COpenBLAS
import Synchronization

/// OpenBLAS with one thread per call, for calls from inside our own parallel loops.
///
/// Its sums depend on the number of its threads, and that number belongs to the whole process. So it is set to one
/// while any such loop runs, and set back when the last of them ends.
package enum SerialBLAS {
    private struct Users {
        var count = 0
        var threadsBefore: Int32 = 1
    }

    private static let users = Mutex(Users())

    /// Throws `AddressSpaceError` if the process's address-space limit leaves too little for what OpenBLAS reserves:
    /// OpenBLAS would wait for it forever.
    package static func checkAddressSpace() throws(AddressSpaceError) {
        try AddressSpaceError.check(OpenBLASBuffers.bytes * Int(openblas_get_num_threads()))
    }

    /// Runs `body`, a call of OpenBLAS itself, with one thread.
    static func call<Result>(_ body: () throws -> Result) rethrows -> Result {
        try run { try OpenBLASBuffers.whileUsed(body) }
    }

    /// Runs `body` while OpenBLAS uses one thread per call.
    package static func run<Result>(_ body: () throws -> Result) rethrows -> Result {
        users.withLock { users in
            if users.count == 0 {
                users.threadsBefore = openblas_get_num_threads()
                openblas_set_num_threads(1)
            }
            users.count += 1
        }
        defer {
            users.withLock { users in
                users.count -= 1
                if users.count == 0 { openblas_set_num_threads(users.threadsBefore) }
            }
        }
        return try body()
    }
}

/// The limit of the process's address space (`ulimit -v`) is too small to compute anything; in bytes.
package struct AddressSpaceError: Error, Equatable, CustomStringConvertible {
    package let needed: Int
    package let available: Int

    /// Throws where a limit leaves less than `needed` bytes.
    package static func check(_ needed: Int) throws(AddressSpaceError) {
        guard let available = AvailableMemory.addressSpace, available < needed else { return }
        throw AddressSpaceError(needed: needed, available: available)
    }

    /// One line: what is left, what is needed, what to do.
    package var description: String {
        "the address-space limit leaves \(MemoryAmount(available)); expected at least \(MemoryAmount(needed)); raise "
            + "it (ulimit -v), or set OPENBLAS_NUM_THREADS=1"
    }
}
