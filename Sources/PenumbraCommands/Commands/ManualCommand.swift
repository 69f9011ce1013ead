import ArgumentParser
import Foundation
import PenumbraRuns
import TensorFiles

/// Writes the man pages; meant for packages and `make install`, so it is not listed in help.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual",
        abstract: "Write the man pages of all commands.",
        shouldDisplay: false)

    @Option(help: "Folder for penumbra.1, penumbra-train.1 and so on.", transform: URL.init(fileURLWithPath:))
    var out: URL

    func run() throws {
        guard let tree = CommandTree.ofProgram else { return }
        try OutputFolder.create(out)
        for page in ManualPage.all(of: tree) {
            try AtomicFile.write(page.text, to: out.appendingPathComponent(page.fileName))
        }
    }
}
