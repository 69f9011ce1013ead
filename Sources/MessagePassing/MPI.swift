import Processes

/// The MPI that the program was built with.
package enum MPI {
    /// Makes it the library that joins processes.
    package static func use() {
        ProcessGroups.use(
            ProcessGroups.Library(name: { MPIProcesses.library }) { launcher throws(ProcessError) in
                try MPIProcesses(launcher)
            })
    }
}
