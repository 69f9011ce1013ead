import Foundation
import PenumbraCommands

let status = CommandLineProgram.run(Array(CommandLine.arguments.dropFirst()))
fflush(nil)
// Not `exit`: OpenBLAS would wait at its end for threads that wait for memory, which under `ulimit -v` never comes.
_exit(status)
