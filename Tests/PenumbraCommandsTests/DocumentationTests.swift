import Backbones
import Foundation
import NeuralNetwork
import Numerics
import RasterImages
import TensorFiles
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Every call in README and `Documentation/` must be one that the program accepts.
@Suite struct DocumentationTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The pages, by path relative to the checkout.
    static var pages: [String] {
        get throws {
            let folder = root.appendingPathComponent("Documentation")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            return ["README.md", "notebooks-data/README.md"]
                + names.filter { $0.hasSuffix(".md") }.map { "Documentation/" + $0 }
        }
    }

    private static func lines(of page: String) throws -> [String] {
        try String(contentsOf: root.appendingPathComponent(page), encoding: .utf8).components(separatedBy: "\n")
    }

    /// The program calls in the page's code blocks, with continued lines joined and comments removed.
    private static func calls(in page: String) throws -> [[String]] {
        var calls: [String] = []
        var isContinued = false
        for line in try lines(of: page) where line.hasPrefix("    ") {
            let code = line.components(separatedBy: " #")[0].trimmingCharacters(in: .whitespaces)
            if isContinued {
                calls[calls.count - 1] += " " + code
            } else if code.hasPrefix("penumbra ") {
                calls.append(code)
            } else {
                continue
            }
            isContinued = code.hasSuffix("\\")
            if isContinued { calls[calls.count - 1].removeLast() }
        }
        return calls.map { Array(words(of: $0).dropFirst()) }
    }

    /// Splits a line into shell words; double quotes keep words together.
    private static func words(of line: String) -> [String] {
        line.components(separatedBy: "\"").enumerated().flatMap { place, part in
            place.isMultiple(of: 2) ? part.split(separator: " ").map(String.init) : [part]
        }
    }

    @Test func theCitationHasTheProgramsVersion() throws {
        let lines = try Self.lines(of: "CITATION.cff")
        #expect(lines.filter { $0.hasPrefix("version: ") } == ["version: \(PenumbraVersion.current)"])
    }

    @Test func everyCallIsUnderstood() throws {
        var count = 0
        for page in try Self.pages {
            for call in try Self.calls(in: page) {
                #expect(throws: Never.self, "\(page): penumbra \(call.joined(separator: " "))") {
                    try PenumbraCommand.parseAsRoot(call)
                }
                count += 1
            }
        }
        #expect(count >= 40)
    }

    @Test func everyCommandIsInTheGuide() throws {
        let calls = try Self.calls(in: "Documentation/guide.md")
        for command in PenumbraCommand.configuration.subcommands where command.configuration.shouldDisplay {
            let name = try #require(command.configuration.commandName)
            #expect(calls.contains { $0.first == name }, "\(name)")
        }
    }

    /// Links to files must exist, and links to headings must match one.
    @Test func everyLinkLeadsSomewhere() throws {
        for page in try Self.pages {
            let text = try Self.lines(of: page)
            let folder = Self.root.appendingPathComponent(page).deletingLastPathComponent()
            let anchors = text.filter { $0.hasPrefix("#") }.map(Self.anchor(of:))
            for match in text.joined(separator: "\n").matches(of: /\]\(([^)\s]+)\)/) {
                let target = String(match.1)
                if target.hasPrefix("http") { continue }
                let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
                let file = parts[0].isEmpty ? nil : folder.appendingPathComponent(String(parts[0]))
                if let file { #expect(FileManager.default.fileExists(atPath: file.path), "\(page): \(target)") }
                guard parts.count == 2 else { continue }
                let there = try file.map {
                    try String(contentsOf: $0, encoding: .utf8).components(separatedBy: "\n")
                        .filter { $0.hasPrefix("#") }.map(Self.anchor(of:))
                }
                #expect((there ?? anchors).contains(String(parts[1])), "\(page): \(target)")
            }
        }
    }

    /// The anchor that GitHub derives from a heading.
    private static func anchor(of heading: String) -> String {
        heading.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces).lowercased()
            .filter { $0.isLetter || $0.isNumber || "-_ ".contains($0) }.replacing(" ", with: "-")
    }

    @Test func theReadmeStaysShort() throws {
        #expect(try Self.lines(of: "README.md").count <= 150)
    }
}

/// Runs the recipes in README verbatim on tiny files of the same names.
extension DocumentationTests {
    /// Options that make each command cheap. `ReproduceTests` runs the presets of `reproduce`.
    private static let small: [String: [String]] = [
        "figure": [
            "--image-size", "32", "--perplexity", "3", "--max-iter", "30", "--threads", "1", "--dpi", "36",
        ],
        "embed": ["--image-size", "32", "--threads", "1"],
        "project": ["--perplexity", "3", "--max-iter", "30", "--threads", "1"],
        "plot": ["--dpi", "36"],
        "explore": ["--threads", "1"],
        "dataset": [],
        "train": ["--image-size", "32", "--epochs", "1", "--batch-size", "12", "--threads", "1"],
        "evaluate": ["--threads", "1"],
        "compare": [
            "--perplexity", "2", "--max-iter", "30", "--neighbors", "3", "--bootstraps", "20", "--permutations", "5",
            "--threads", "1",
        ],
    ]

    @Test func theRecipesRun() throws {
        let folder = try TemporaryFolder()
        try Self.writeInputs(to: folder)
        var commands: Set<String> = []
        for call in try Self.calls(in: "README.md") where call[0] != "reproduce" {
            let options = try #require(Self.small[call[0]], "nothing makes \(call[0]) cheap")
            let run = CommandRun(arguments: call.map { Self.isPath($0) ? folder.path($0) : $0 } + options)
            #expect(run.status == .done, "penumbra \(call.joined(separator: " ")): \(run.errors)")
            for (option, value) in zip(call, call.dropFirst()) where ["--out", "--table"].contains(option) {
                #expect(FileManager.default.fileExists(atPath: folder.path(value)), "\(value)")
            }
            commands.insert(call[0])
        }
        #expect(commands == Set(Self.small.keys))
    }

    /// Recognises the folders that recipes name, and words with a file extension or a folder in front.
    private static func isPath(_ word: String) -> Bool {
        ["data", "images"].contains(word) || word.hasPrefix("comparison")
            || !word.hasPrefix("-") && (word.contains("/") || word.contains("."))
    }

    /// The inputs that the recipes assume: images in `data`, annotated ones in `images`, a PyTorch checkpoint, and features.
    private static func writeInputs(to folder: TemporaryFolder) throws {
        let images = CommandRun("generate", "shapes", "--out", folder.path("data"), "--count", "40", "--size", "32")
        #expect(images.status == .done, "\(images.errors)")
        let network = try Architecture.densenet121.backbone(classes: 6).network(
            imageSize: 32, batch: 1, threads: ThreadCount(1), trains: false)
        try network.initialize(seed: 3)
        try TorchStreamFixture.write(network.state(), to: folder.path("model.pth"))

        // Three annotators of two classes; on every fourth image, one of them disagrees.
        var annotations = "image,annotator,label\n"
        for index in 0..<100 {
            let image = RGBImage(
                width: 32, height: 32, pixels: [UInt8](repeating: UInt8(2 * index), count: 3 * 32 * 32))
            let label = index % 4 < 2 ? "cat" : "dog"
            for (annotator, choice) in [("anna", label), ("ben", label), ("cleo", index % 2 == 0 ? label : "dog")] {
                annotations += "\(index).png,\(annotator),\(choice)\n"
            }
            try folder.write(Data(PNGCodec.encode(image)), to: "images/\(index).png")
        }
        try folder.write(annotations, to: "images/labels.csv")

        let count = 30
        let shares = (0..<count).map { Float($0) / Float(count) }
        let samples = "id,a,b\n" + shares.enumerated().map { "s\($0),\(1 - $1),\($1)\n" }.joined()
        for (name, values) in [("soft", shares), ("hard", shares.map { $0 < 0.5 ? $0 / 9 : 1 - $0 / 9 })] {
            try NPYFile.write(
                NumericArray(
                    shape: [count, 2], values: values.enumerated().flatMap { [$1, Float($0 * 7 % 11) / 99] }),
                to: folder.url.appendingPathComponent("\(name).npy"))
            _ = try folder.file("\(name)-samples.csv", samples)
        }
    }
}
