import ArgumentParser

/// An option that takes one value and is given several times. The parser would keep the last value and drop the others, for
/// example the first of two kinds of labels.
struct RepeatedOption: Equatable {
    /// As it was last written, with its dashes.
    let name: String
    /// In the order of the arguments.
    let values: [String]

    /// Whether `arguments` may hold one, which spares other calls the tree of commands: making it takes a tenth of a second.
    static func isPossible(in arguments: [String]) -> Bool {
        let names = arguments.filter { $0.hasPrefix("-") }.map { $0.prefix { $0 != "=" } }
        // The option with two names.
        return Set(names).count < names.count || Set(["--lr", "--learning-rate"]).isSubset(of: names)
    }

    /// The first one among the words before `--`; nil if there is none.
    init?(in arguments: [String], of tree: CommandTree) {
        let options = (tree.called(by: arguments).node.arguments ?? []).filter { $0.takesValue && !$0.isRepeating }
        var places: [String: Int] = [:]
        for (place, option) in options.enumerated() {
            for name in option.names ?? [] { places[name.text] = place }
        }
        var values: [Int: [String]] = [:]
        let words = Array(arguments.prefix { $0 != "--" })
        for (index, word) in words.enumerated() {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let place = places[parts[0]] else { continue }
            values[place, default: []].append(parts.count == 2 ? parts[1] : words.dropFirst(index + 1).first ?? "")
            if let found = values[place], found.count > 1 {
                (name, self.values) = (parts[0], found)
                return
            }
        }
        return nil
    }

    /// What is wrong, for the parser's error.
    var error: ValidationError {
        let all = values.map { "'\($0)'" }.joined(separator: " and ")
        return ValidationError(
            "\(name) takes one value; found \(all). Run the command once for each, or leave one out.")
    }
}
