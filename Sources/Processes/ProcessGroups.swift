import Synchronization

/// Joins this process to those that were started with it, through the library that the entry point has set.
package enum ProcessGroups {
    /// A library that connects processes.
    package struct Library: Sendable {
        /// Its name and version.
        let name: @Sendable () -> String
        /// Joins the processes that this launcher has started.
        let join: @Sendable (Launcher) throws(ProcessError) -> any ProcessGroup

        package init(
            name: @escaping @Sendable () -> String,
            join: @escaping @Sendable (Launcher) throws(ProcessError) -> any ProcessGroup
        ) {
            self.name = name
            self.join = join
        }
    }

    private static let used = Mutex<Library?>(nil)

    /// Sets the library with which the program was built. Its entry point calls this before anything else, so that only the
    /// entry point depends on the library.
    package static func use(_ library: Library) { used.withLock { $0 = library } }

    /// The name of the MPI that the program was built with; nil for none.
    package static var libraryName: String? { used.withLock { $0 }?.name() }

    /// Joins the processes that were started together; nil where this one was started alone.
    ///
    /// - Throws: `ProcessError` where the program was built without MPI, or MPI does not work.
    package static func join() throws(ProcessError) -> (any ProcessGroup)? {
        guard let launcher = Launcher() else { return nil }
        guard let library = used.withLock({ $0 }) else {
            throw .builtWithoutMPI(variable: launcher.variable, count: launcher.count)
        }
        return try library.join(launcher)
    }
}
