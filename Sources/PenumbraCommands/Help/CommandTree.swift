import ArgumentParser
import Foundation

/// Commands with their arguments, as described by the argument parser: the single source for man pages and for advice on
/// mistyped command lines.
struct CommandTree: Decodable {
    struct Node: Decodable {
        var commandName: String
        var shouldDisplay: Bool
        var abstract: String?
        var discussion: String?
        var subcommands: [Node]?
        var arguments: [Argument]?

        /// The subcommands listed in help.
        var shownSubcommands: [Node] { (subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" } }
    }

    struct Argument: Decodable {
        struct Name: Decodable {
            var kind: String
            var name: String

            /// The name with its dashes.
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

        /// Whether a value follows the name.
        var takesValue: Bool { kind == "option" }
        /// The possible values, if they can be listed.
        var words: [String] { allValues ?? completionKind?.list?.values ?? [] }
    }

    var command: Node

    /// The program's own tree, made only once, since that takes milliseconds.
    static let ofProgram = try? JSONDecoder().decode(
        CommandTree.self, from: Data(PenumbraCommand._dumpHelp().utf8))

    /// The command called by `arguments`, with the words of its name; the remaining words are ignored.
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
    /// The candidate that the user may have meant: the nearest within an edit distance of a third of the letters, or of two.
    func nearest(among candidates: [String]) -> String? {
        let allowed = Swift.max(2, count / 3)
        let ranked = candidates.map { ($0, distance(to: $0)) }.filter { $0.1 <= allowed && $0.1 < count }
        return ranked.min { $0.1 < $1.1 }?.0
    }

    /// The Levenshtein distance: how many letters must be inserted, deleted or replaced.
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
