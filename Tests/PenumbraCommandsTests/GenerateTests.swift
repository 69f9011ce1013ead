import Foundation
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

@Suite struct GenerateTests {
    @Test func aSetIsMadeOnceAndKept() throws {
        let folder = try TemporaryFolder()
        let arguments = ["generate", "shapes", "--out", folder.url.path, "--count", "20", "--size", "16"]
        var run = CommandRun(arguments: arguments)
        #expect(run.status == .done, "\(run.errors)")
        #expect(run.output == "20 images of 16 x 16 pixels in \(folder.path("Shapes"))\n")
        let digest = try SHA256Digest.of(file: URL(fileURLWithPath: folder.path("Shapes/Shapes.json")))
        run = CommandRun(arguments: arguments + ["--threads", "1", "--json"])
        #expect(run.status == .done)
        #expect(run.output.contains("\"count\" : 20"))
        #expect(try SHA256Digest.of(file: URL(fileURLWithPath: folder.path("Shapes/Shapes.json"))) == digest)
        run = CommandRun(arguments: arguments + ["--seed", "1"])
        #expect(run.status == .wrongInput)
        #expect(
            run.errors
                == "Error: \(folder.path("Shapes")): already holds a shapes set of 20 images of 16 pixels, pure share "
                + "0.4, seed 0; nothing was changed, another folder (or an empty one) was expected\n")
    }

    @Test(arguments: [
        (["--count", "0"], "the number of images is 0, 1 to 1000000 was expected"),
        (["--size", "4"], "the images' side is 4 pixels, 8 to 4096 was expected"),
        (["--pure", "1.5"], "the share of pure images is 1.5, a number from 0 to 1 was expected"),
        (["--pure", "nan"], "the share of pure images is nan, a number from 0 to 1 was expected"),
    ])
    func wrongParameters(options: [String], message: String) throws {
        let folder = try TemporaryFolder()
        let run = CommandRun(arguments: ["generate", "shapes", "--out", folder.url.path] + options)
        #expect(run.status == .wrongInput)
        #expect(run.errors == "Error: \(message)\n")
        #expect(try folder.names.isEmpty)
    }

    @Test func aFileInPlaceOfTheFolderIsAFailure() throws {
        let folder = try TemporaryFolder()
        let file = try folder.file("a", "x")
        let run = CommandRun("generate", "shapes", "--out", file, "--count", "5", "--size", "8")
        #expect(run.status == .failed)
    }
}
