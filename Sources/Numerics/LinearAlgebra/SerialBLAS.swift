import COpenBLAS
import Synchronization

/// OpenBLAS with one thread a call, for calls from inside our own parallel loops.
///
/// Its sums depend on the number of its threads, and that number belongs to the whole process. So it is set to one
/// while any such loop runs, and set back when the last of them ends.
package enum SerialBLAS {
    private struct Users {
        var count = 0
        var threadsBefore: Int32 = 1
    }

    private static let users = Mutex(Users())

    /// Runs `body` while OpenBLAS uses one thread a call.
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
