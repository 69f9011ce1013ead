/// What can go wrong between the processes of one training.
package enum ProcessError: Error, Equatable, CustomStringConvertible {
    /// Several processes of a program that was built without MPI.
    case builtWithoutMPI(variable: String, count: Int)
    /// A command that several processes cannot share.
    case cannotShare(command: String, variable: String, count: Int)
    /// A call of MPI failed; `words` are MPI's.
    case mpi(doing: String, words: String)
    /// MPI allows no threads other than the one that calls it.
    case noThreads(library: String)
    /// The launcher's number of processes is not MPI's, as when the program was linked with another MPI.
    case otherCount(variable: String, launched: Int, found: Int, library: String)
    /// A process differs from the first one, which would make another training of it.
    case differs(rank: Int, what: String, found: String, expected: String)
    /// More processes than pieces of a batch.
    case tooFewPieces(pieces: Int, processes: Int)
    /// No process has answered for so many seconds.
    case stalled(doing: String, seconds: Double)

    package var description: String {
        switch self {
        case .builtWithoutMPI(let variable, let count):
            "started as one of \(count) processes (\(variable)), but this program was built without MPI, so each would do all "
                + "of the work; build it with PENUMBRA_MPI=1, or start it once"
        case .cannotShare(let command, let variable, let count):
            "'penumbra \(command)' was started as one of \(count) processes (\(variable)), but only train, embed, evaluate and "
                + "dataset are shared by several; start it once"
        case .mpi(let doing, let words): "MPI failed while \(doing): \(words)"
        case .noThreads(let library):
            "\(library) was built without thread support (MPI_THREAD_FUNNELED); use another build of MPI"
        case .otherCount(let variable, let launched, let found, let library):
            "\(variable) says \(launched) processes, but MPI found \(found); this program was built with \(library) and must be "
                + "started with its own mpirun"
        case .differs(let rank, let what, let found, let expected):
            "process \(rank) has a different \(what) from process 0: \(found), not \(expected); start all with the same one"
        case .tooFewPieces(let pieces, let processes):
            "--shards is \(pieces) for \(processes) processes; expected at least one piece per process"
        case .stalled(let doing, let seconds):
            "no answer from the other processes for \(Int(seconds)) s while \(doing); the last saved state is kept: run the "
                + "same command again to resume (PENUMBRA_MPI_PATIENCE sets the seconds)"
        }
    }

    /// Whether the user's input is wrong, and not the run's course.
    package var isInput: Bool {
        switch self {
        case .mpi, .stalled, .noThreads: false
        default: true
        }
    }
}
