/// Names separated by commas; a name that is empty, contains a comma or begins with a quote is quoted as in
/// a CSV.
package enum NameListText {
    /// The names that the user wrote.
    package static func names(_ text: String) -> [String] {
        var names: [String] = []
        var rest = text[...]
        while !rest.isEmpty {
            var name = ""
            let isQuoted = rest.first == "\""
            if isQuoted {
                rest.removeFirst()
                while let next = rest.popFirst() {
                    if next == "\"" {
                        if rest.first != "\"" { break }
                        rest.removeFirst()
                    }
                    name.append(next)
                }
            }
            name += rest.prefix { $0 != "," }
            rest = rest.drop { $0 != "," }.dropFirst()
            if !name.isEmpty || isQuoted { names.append(name) }
        }
        return names
    }

    /// The names as a user would write them.
    package static func text(_ names: [String]) -> String {
        names.map { name in
            name.isEmpty || name.contains(",") || name.hasPrefix("\"")
                ? "\"\(name.replacing("\"", with: "\"\""))\"" : name
        }.joined(separator: ",")
    }
}
