import Foundation
import RasterImages
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
                + "0.4, seed 0; nothing was changed; choose another folder or an empty one\n")
    }

    @Test(arguments: [
        (["--count", "0"], "expected 1 to 1000000."),
        (["--size", "4"], "expected 8 to 4096."),
        (["--pure", "1.5"], "expected 0 to 1."),
        (["--pure", "nan"], "expected 0 to 1."),
    ])
    func wrongParameters(options: [String], message: String) throws {
        let folder = try TemporaryFolder()
        let run = CommandRun(arguments: ["generate", "shapes", "--out", folder.url.path] + options)
        #expect(run.status == .wrongInput)
        let (option, value) = (options[0], options[1])
        #expect(
            run.errors.hasPrefix(
                "Error: The value '\(value)' is invalid for '\(option) <\(option.dropFirst(2))>': \(message)\n"),
            "\(run.errors)")
        #expect(try folder.names.isEmpty)
    }

    @Test func aFileInPlaceOfTheFolderIsAFailure() throws {
        let folder = try TemporaryFolder()
        let file = try folder.file("a", "x")
        let run = CommandRun("generate", "shapes", "--out", file, "--count", "5", "--size", "8")
        #expect(run.status == .failed)
    }

    /// A folder of images per class becomes a data set that other commands can read.
    @Test func mixturesAreMadeOnceAndRead() throws {
        let folder = try TemporaryFolder()
        for (number, name) in ["a", "b", "c"].enumerated() {
            for index in 0..<5 {
                let image = RGBImage(
                    width: 8, height: 8, pixels: [UInt8](repeating: UInt8(60 * number + index), count: 192))
                try folder.write(Data(PNGCodec.encode(image)), to: "source/\(name)/\(index).png")
            }
        }
        let out = folder.path("a/b")
        let arguments = ["generate", "mixtures", folder.path("source"), "--out", out, "--subsets", "train,test"]
        var run = CommandRun(arguments: arguments)
        #expect(run.status == .done, "\(run.errors)")
        #expect(run.output == "15 images, 12 of them mixtures of 2, in \(out)\n")
        run = CommandRun(arguments: arguments + ["--json", "--threads", "1"])
        #expect(run.output.contains("\"mixtures\" : 12"))
        run = CommandRun("dataset", out, "--json")
        #expect(run.status == .done, "\(run.errors)")
        #expect(run.output.contains("\"format\" : \"table\""))
        run = CommandRun(arguments: arguments + ["--seed", "1"])
        #expect(run.status == .wrongInput)
        #expect(
            run.errors
                == "Error: \(out): already holds a set of mixtures of other parameters (source, seed 0); nothing was "
                + "changed; choose another folder or an empty one\n")
        run = CommandRun("generate", "mixtures", out, "--out", folder.path("c"))
        #expect(run.status == .wrongInput)
        #expect(run.errors.contains("images have labels of several classes"))
        #expect(try folder.names == ["a", "source"])
        for (options, message) in [
            (["--images", "3", "--mode", "patchmix"], "patchmix takes 4, one per quadrant"),
            (["--subsets", "train,all"], "--subsets has 'all'; expected train, val or test, separated by commas."),
        ] {
            run = CommandRun(
                arguments: ["generate", "mixtures", folder.path("source"), "--out", folder.path("c")] + options)
            #expect(run.status == .wrongInput && run.errors.contains(message), "\(run.errors)")
        }
    }
}
