import ArgumentParser
import Foundation

/// Commands with their arguments as the argument parser describes them: the one source of man pages and of advice on
/// mistyped command lines.
struct CommandTree: Decodable {
    struct Node: Decodable {
        var commandName: String
        var shouldDisplay: Bool
        var abstract: String?
        var discussion: String?
        var subcommands: [Node]?
        var arguments: [Argument]?

        /// Those that help lists.
        var shownSubcommands: [Node] { (subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" } }
    }

    struct Argument: Decodable {
        struct Name: Decodable {
            var kind: String
            var name: String

            /// With its dashes.
            var text: String { (kind == "long" ? "--" : "-") + name }
        }

        struct Completion: Decodable {
            struct List: Decodable { var values: [String] }
            var list: List?
        }

        var kind: String
        var shouldDisplay: Bool
        var sectionTitle: String?
        var isOptional: Bool
        var isRepeating: Bool
        var names: [Name]?
        var valueName: String?
        var defaultValue: String?
        var allValues: [String]?
        var completionKind: Completion?
        var abstract: String?

        /// Whether a value follows its name.
        var takesValue: Bool { kind == "option" }
        /// The words that it can be given, where they can be listed.
        var words: [String] { allValues ?? completionKind?.list?.values ?? [] }
    }

    var command: Node

    /// The program's own, made once, which takes milliseconds.
    static let ofProgram = try? JSONDecoder().decode(
        CommandTree.self, from: Data(PenumbraCommand._dumpHelp().utf8))

    /// The command that `arguments` call, with the words of its name; the words that name no command are left over.
    func called(by arguments: [String]) -> (node: Node, path: [String]) {
        var (node, path) = (command, [command.commandName])
        for word in arguments where !word.hasPrefix("-") {
            guard let next = node.subcommands?.first(where: { $0.commandName == word }) else { break }
            (node, path) = (next, path + [word])
        }
        return (node, path)
    }
}

extension String {
    /// The one of `candidates` that a typist may have meant: with at most a third of its letters otherwise, two at least.
    func nearest(among candidates: [String]) -> String? {
        let allowed = Swift.max(2, count / 3)
        let ranked = candidates.map { ($0, distance(to: $0)) }.filter { $0.1 <= allowed && $0.1 < count }
        return ranked.min { $0.1 < $1.1 }?.0
    }

    /// Levenshtein's: how many letters must be put in, taken out or replaced.
    private func distance(to other: String) -> Int {
        let letters = Array(other.lowercased())
        var row = Array(0...letters.count)
        for (line, letter) in lowercased().enumerated() {
            var diagonal = row[0]
            row[0] = line + 1
            for (column, its) in letters.enumerated() {
                let replaced = diagonal + (letter == its ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = Swift.min(replaced, diagonal + 1, row[column] + 1)
            }
        }
        return row[letters.count]
    }
}
