import Foundation
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

@Suite struct RunFolderTests {
    /// Concurrent read-modify-write cycles must not lose each other's stages.
    @Test func stagesRecordedAtOnceAreAllThere() throws {
        let folder = try TemporaryFolder()
        let run = RunFolder(url: folder.url)
        let stage = RunManifest.Stage(command: "x", parameters: .object([:]), data: nil, inputs: [:], outputs: [])
        DispatchQueue.concurrentPerform(iterations: 40) { number in
            do { try run.record(stage, as: "stage \(number)") } catch { Issue.record(error) }
        }
        #expect(try run.readManifest().stages.count == 40)
        #expect(try folder.names == ["run.json"])
    }
}
