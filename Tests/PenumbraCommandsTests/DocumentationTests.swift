import Foundation
import Testing

@testable import PenumbraCommands

/// README and `Documentation/` say nothing that the program does not understand.
@Suite struct DocumentationTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The pages, by their paths below the checkout.
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

    /// The calls of the program in the page's code blocks, a call on several lines as one, without comments.
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
        return calls.map { $0.split(separator: " ").dropFirst().map(String.init) }
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
        for command in PenumbraCommand.configuration.subcommands {
            let name = try #require(command.configuration.commandName)
            #expect(calls.contains { $0.first == name }, "\(name)")
        }
    }

    /// Files that a page links to, and headings that its table of contents names.
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

    /// As GitHub makes it of a heading.
    private static func anchor(of heading: String) -> String {
        heading.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces).lowercased()
            .filter { $0.isLetter || $0.isNumber || "-_ ".contains($0) }.replacing(" ", with: "-")
    }

    @Test func theReadmeStaysShort() throws {
        #expect(try Self.lines(of: "README.md").count <= 150)
    }
}
