import Foundation
import Testing
import TestSupport

/// Runs the program through a shell, in a separate process.
struct ShellRun {
    let status: Int32
    let output: String
    let errors: String

    /// The program built next to the tests.
    private static let program: URL? = {
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let program = tests.deletingLastPathComponent().appendingPathComponent("penumbra")
        return FileManager.default.isExecutableFile(atPath: program.path) ? program : nil
    }()

    /// Kills process `$p` after 20 seconds. Ends with that process, since a `Process` counts as running until all its children
    /// are gone.
    static let guardLine =
        "(for i in $(seq 200); do sleep 0.1; kill -0 $p 2>/dev/null || exit 0; done; kill -KILL $p) &"

    /// Runs a shell line in which `$penumbra` is the program.
    init(_ line: String, in folder: TemporaryFolder) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", line]
        process.currentDirectoryURL = folder.url
        process.environment = ["penumbra": try #require(Self.program).path, "PATH": "/usr/bin:/bin"]
        let output = folder.url.appendingPathComponent("stdout")
        let errors = folder.url.appendingPathComponent("stderr")
        for url in [output, errors] { try Data().write(to: url) }
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        process.waitUntilExit()
        status = process.terminationStatus
        self.output = try folder.text("stdout")
        self.errors = try folder.text("stderr")
    }
}
