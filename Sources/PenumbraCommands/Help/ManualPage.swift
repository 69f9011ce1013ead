import PenumbraRuns

/// A command's man page, in roff: synopsis, description, options and examples from the same source as its help.
struct ManualPage {
    let node: CommandTree.Node
    /// The command's words, beginning with the program's name.
    let path: [String]

    /// One page for the program and one for each command listed in help.
    static func all(of tree: CommandTree) -> [ManualPage] {
        func pages(_ node: CommandTree.Node, _ path: [String]) -> [ManualPage] {
            [ManualPage(node: node, path: path)]
                + node.shownSubcommands.flatMap { pages($0, path + [$0.commandName]) }
        }
        return pages(tree.command, [tree.command.commandName])
    }

    /// For example `penumbra-train.1`.
    var fileName: String { path.joined(separator: "-") + ".1" }

    var text: String {
        let name = path.joined(separator: "-")
        var lines = [".TH \(Self.escaped(name.uppercased())) 1 \"\" \"Penumbra \(PenumbraVersion.current)\""]
        lines += [".SH NAME", "\(Self.escaped(name)) \\- \(Self.escaped(node.abstract ?? ""))"]
        lines += [".SH SYNOPSIS", Self.escaped(synopsis)]
        if let discussion = node.discussion, !discussion.isEmpty {
            lines.append(".SH DESCRIPTION")
            for paragraph in discussion.components(separatedBy: "\n\n") { lines += [".PP", Self.escaped(paragraph)] }
        }
        if !node.shownSubcommands.isEmpty {
            lines.append(".SH COMMANDS")
            for command in node.shownSubcommands {
                lines += [".TP", ".B \(Self.escaped(command.commandName))", Self.escaped(command.abstract ?? "")]
            }
        }
        lines += options
        let examples = CommandExamples.of(Array(path.dropFirst()))
        if !examples.isEmpty { lines.append(".SH EXAMPLES") }
        for example in examples {
            lines += [
                ".PP", Self.escaped(example.purpose) + ":", ".nf", ".RS", Self.escaped(example.line), ".RE", ".fi",
            ]
        }
        lines += [".SH SEE ALSO", Self.escaped(others.joined(separator: ", "))]
        return lines.joined(separator: "\n") + "\n"
    }

    private var others: [String] {
        if path.count == 1 { return node.shownSubcommands.map { "penumbra-\($0.commandName)(1)" } }
        return ["\(path.dropLast().joined(separator: "-"))(1)"]
            + node.shownSubcommands.map { "\(path.joined(separator: "-"))-\($0.commandName)(1)" }
    }

    private var synopsis: String {
        let shown = (node.arguments ?? []).filter(\.shouldDisplay)
        let required = shown.filter { !$0.isOptional }.map { argument in
            let value = "<\(argument.valueName ?? "value")>" + (argument.isRepeating ? " ..." : "")
            return argument.kind == "positional" ? value : "\(argument.names?.first?.text ?? "") \(value)"
        }
        let command = node.shownSubcommands.isEmpty ? [] : ["<command>"]
        return (path + command + ["[<options>]"] + required).joined(separator: " ")
    }

    private var options: [String] {
        var lines: [String] = []
        var title: String?
        let shown = (node.arguments ?? []).filter(\.shouldDisplay)
        for argument in shown {
            let section = argument.sectionTitle ?? (argument.kind == "positional" ? "Arguments" : "Options")
            if section != title {
                lines.append(".SH \(Self.escaped(section.uppercased()))")
                title = section
            }
            let value = argument.kind == "flag" ? "" : "<\(argument.valueName ?? "value")>"
            let names = (argument.names ?? []).map(\.text).joined(separator: ", ")
            let heading = [names, value].filter { !$0.isEmpty }.joined(separator: " ")
            var help = argument.abstract ?? ""
            if let fallback = argument.defaultValue { help += " (default: \(fallback))" }
            lines += [".TP", ".B \(Self.escaped(heading))", Self.escaped(help)]
        }
        return lines
    }

    /// Escapes what roff would take for a request.
    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\e").replacing("-", with: "\\-").split(separator: "\n").map {
            $0.hasPrefix(".") || $0.hasPrefix("'") ? "\\&" + $0 : String($0)
        }.joined(separator: "\n")
    }
}
