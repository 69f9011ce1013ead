import Foundation
import PenumbraCommands

exit(CommandLineProgram.run(Array(CommandLine.arguments.dropFirst())))
