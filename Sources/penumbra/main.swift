import Foundation
import PenumbraCommands
#if PENUMBRA_MPI
    import MessagePassing
#endif

#if PENUMBRA_MPI
    MPI.use()
#endif
let status = CommandLineProgram.run(Array(CommandLine.arguments.dropFirst()))
fflush(nil)
// Not `exit`: OpenBLAS would wait at its end for threads that wait for memory, which under `ulimit -v` never comes.
_exit(status)
