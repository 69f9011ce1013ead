import Foundation

/// Advice on a command line that could not be parsed: the option that users of other programs have in mind, the nearest
/// command, the nearest value.
struct CommandAdvice {
    let arguments: [String]
    let tree: CommandTree

    /// The arguments, with negative numbers joined to the preceding option, since the parser takes `-1` for an option.
    static func joiningNegativeNumbers(_ arguments: [String]) -> [String] {
        guard arguments.contains(where: isNegativeNumber), let tree = CommandTree.ofProgram else { return arguments }
        let options = (tree.called(by: arguments).node.arguments ?? []).filter(\.takesValue)
        let names = Set(options.flatMap { $0.names ?? [] }.map(\.text))
        var joined: [String] = []
        for word in arguments {
            if isNegativeNumber(word), let option = joined.last, names.contains(option) {
                joined[joined.count - 1] = "\(option)=\(word)"
            } else {
                joined.append(word)
            }
        }
        return joined
    }

    private static func isNegativeNumber(_ word: String) -> Bool { word.hasPrefix("-") && Double(word) != nil }

    /// `message`, the parser's text for its error, with a line of advice before the usage if there is any.
    func completing(_ message: String) -> String {
        var lines = message.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let first = lines.first, let advice = advice(on: first) else { return message }
        // The parser's own guess is based on letters only.
        lines[0] = first.replacing(/\. Did you mean '[^']*'\?/, with: "")
        let place = lines.firstIndex { $0.hasPrefix("Help:") || $0.hasPrefix("Usage:") } ?? lines.count
        lines.insert(advice, at: place)
        return lines.joined(separator: "\n")
    }

    private func advice(on problem: String) -> String? {
        if let subcommand { return "Did you mean '\(subcommand)'?" }
        if let match = problem.firstMatch(of: /^Error: Unknown option '(--?[^']+)'/) { return option(String(match.1)) }
        if let match = problem.firstMatch(of: /^Error: The value '([^']+)' is invalid for '(-[^ ']+)/) {
            return value(String(match.1), of: String(match.2))
        }
        return nil
    }

    /// The command that may be meant by the first word in the position of a command, if that word is not a command.
    private var subcommand: String? {
        let (node, path) = tree.called(by: arguments)
        let word = arguments.filter { !$0.hasPrefix("-") }.dropFirst(path.count - 1).first
        return word?.nearest(among: node.shownSubcommands.map(\.commandName))
    }

    private func value(_ word: String, of option: String) -> String? {
        let argument = tree.called(by: arguments).node.arguments?.first {
            $0.names?.contains { $0.text == option } ?? false
        }
        return word.nearest(among: argument?.words ?? []).map { "Did you mean '\($0)'?" }
    }

    private func option(_ text: String) -> String? {
        let (node, path) = tree.called(by: arguments)
        let names = (node.arguments ?? []).flatMap { $0.names ?? [] }.filter { $0.kind == "long" }.map(\.name)
        let word = text.drop { $0 == "-" }.replacing("_", with: "-").lowercased()
        if names.contains(word) { return "Did you mean '--\(word)'?" }
        if let sentence = Self.answers[word] { return sentence }
        if let known = Self.synonyms[word]?.first(where: names.contains) { return "Use '--\(known)' here." }
        let owners = tree.command.shownSubcommands.filter { command in
            command.arguments?.contains { $0.names?.contains { $0.name == word } ?? false } ?? false
        }
        if owners.isEmpty { return word.nearest(among: names).map { "Did you mean '--\($0)'?" } }
        return "'\(path.joined(separator: " "))' has no such option; "
            + "\(owners.map(\.commandName).joined(separator: ", ")) \(owners.count == 1 ? "has" : "have") it."
    }

    /// Options of scikit-learn, openTSNE, PyTorch and timm, with their equivalents here, the likeliest first.
    private static let synonyms: [String: [String]] = [
        "random-state": ["seed"], "random-seed": ["seed"], "rng": ["seed"],
        "n-jobs": ["threads"], "num-workers": ["threads"], "workers": ["threads"], "num-threads": ["threads"],
        "jobs": ["threads"], "n-iter": ["max-iter"], "n-iterations": ["max-iter"], "iterations": ["max-iter"],
        "max-iterations": ["max-iter"], "n-epochs": ["epochs"], "num-epochs": ["epochs"], "max-epochs": ["epochs"],
        "learning-rate": ["lr"], "lr": ["learning-rate"], "eta": ["learning-rate", "lr"], "bs": ["batch-size"],
        "batch": ["batch-size"], "wd": ["weight-decay"], "arch": ["backbone"], "architecture": ["backbone"],
        "model": ["backbone"], "network": ["backbone"], "img-size": ["image-size"], "input-size": ["image-size"],
        "resolution": ["image-size"], "output": ["out"], "output-dir": ["out"], "out-dir": ["out"], "save": ["out"],
        "exaggeration": ["early-exaggeration"], "n-neighbors": ["neighbors"], "label": ["labels"], "y": ["labels"],
        "dataset": ["data"], "data-dir": ["data"], "precision": ["precision"], "angle": ["theta"],
    ]

    /// Options that have no equivalent here, with the reason.
    private static let answers = [
        "n-components": "A map has two axes; --dimensions 1 makes it one.",
        "verbose": "Progress is shown unless --quiet is given; 'penumbra --version --verbose' names the libraries.",
        "device": "Everything runs on the processor; --threads sets how many of its cores are used.",
        "gpu": "Everything runs on the processor; --threads sets how many of its cores are used.",
        "cuda": "Everything runs on the processor; --threads sets how many of its cores are used.",
    ]
}
