/// How a label file was read.
public struct LabelInterpretation: Sendable, Equatable, Codable {
    /// A column that has no bearing on labels.
    public struct Skipped: Sendable, Equatable, Codable {
        /// The column's name.
        public var name: String
        /// In a few words.
        public var reason: String

        /// The reason for what could have been a class, but is left out by its name or by the user.
        package static let notAClass = "not a class"
        /// The reason for a column that holds words.
        package static let text = "text"
    }

    /// The file's path.
    public var file: String
    /// Nil where no labels were found.
    public var form: LabelForm?
    /// Nil where rows have no ids and are identified by their order.
    public var idColumn: String?
    /// Of `class` and `annotations`.
    public var labelColumn: String?
    /// Of `annotations`.
    public var annotatorColumn: String?
    /// Of `annotators`.
    public var annotatorColumns: [String] = []
    /// In class order.
    public var classes: [String] = []
    /// Columns and labels that were skipped.
    public var skipped: [Skipped] = []
    /// What else a user should know: what was normalised, counted once, left out.
    public var remarks: [String] = []

    /// The columns and labels that were skipped although they could have been classes.
    package var leftOutClasses: [String] { skipped.filter { $0.reason == Skipped.notAClass }.map(\.name) }

    /// One line that says how each part was read, and a second one if there are remarks.
    public var lines: [String] {
        var parts: [String] = []
        switch form {
        case .votes: parts.append("votes, one column per class")
        case .distribution: parts.append("label distributions, one column per class")
        case .class: parts.append("one class per row, in column '\(labelColumn ?? "")'")
        case .annotations:
            parts.append(
                "one annotation per row, class in '\(labelColumn ?? "")'"
                    + (annotatorColumn.map { ", annotator in '\($0)'" } ?? ", annotators not named"))
        case .annotators: parts.append("one column per annotator (\(Self.list(annotatorColumns)))")
        case nil: parts.append("no labels")
        }
        parts.append(idColumn.map { "ids in '\($0)'" } ?? "no ids: rows are joined by their order")
        if !classes.isEmpty { parts.append("\(Count.of(classes.count, "class", "classes")): \(Self.list(classes))") }
        if !skipped.isEmpty { parts.append("skipped: \(skippedList)") }
        let first = "\(file): " + parts.joined(separator: "; ")
        return remarks.isEmpty ? [first] : [first, "\(file): " + remarks.joined(separator: "; ")]
    }

    /// Neighbours of one reason share it: "width, height (measures of the image)".
    private var skippedList: String {
        var groups: [(names: [String], reason: String)] = []
        for one in skipped {
            let name = one.name.isEmpty ? "the unnamed column" : one.name
            if let index = groups.firstIndex(where: { $0.reason == one.reason }) {
                groups[index].names.append(name)
            } else {
                groups.append(([name], one.reason))
            }
        }
        return groups.map { "\(Self.list($0.names)) (\($0.reason))" }.joined(separator: ", ")
    }

    private static func list(_ names: [String]) -> String { NameList.short(names) }
}

/// Words with numbers.
enum Count {
    static func of(_ count: Int, _ one: String, _ many: String) -> String { "\(count) \(count == 1 ? one : many)" }
}

/// Names in errors and remarks, of which only so many are shown.
enum NameList {
    static func short(_ text: String) -> String { text.count <= 40 ? text : text.prefix(40) + "…" }

    static func short(_ names: [String]) -> String {
        let shown = names.prefix(12).map { short($0) }.joined(separator: ", ")
        return names.count <= 12 ? shown : "\(shown) … (\(names.count) in all)"
    }
}
