/// How a table of text is laid out: what separates its fields, whether its first line names the columns, and how its numbers
/// are written. It is detected in the table's first records or given by the user, never taken from the file's name alone.
public struct TableDialect: Equatable, Sendable {
    /// The character between two fields.
    public enum Separator: String, CaseIterable, Sendable, Codable {
        case comma, semicolon, tab
        /// `|`
        case pipe
        /// One or more blanks; leading and trailing blanks of a line do not count.
        case blank

        /// The separator as a user writes it: its name, or the character itself, `\t` for a tab.
        public init?(word: String) {
            switch word {
            case ",": self = .comma
            case ";": self = .semicolon
            case "\t", "\\t": self = .tab
            case "|": self = .pipe
            case " ", "space": self = .blank
            default:
                guard let named = Separator(rawValue: word.lowercased()) else { return nil }
                self = named
            }
        }

        var byte: UInt8 {
            switch self {
            case .comma: UInt8(ascii: ",")
            case .semicolon: UInt8(ascii: ";")
            case .tab: UInt8(ascii: "\t")
            case .pipe: UInt8(ascii: "|")
            case .blank: UInt8(ascii: " ")
            }
        }

        /// Whether a quote that does not close on its line is an ordinary character, as in tables of words.
        var hasLooseQuotes: Bool { self == .tab || self == .blank }
    }

    /// Whether the first line holds the names of the columns.
    public enum Header: String, CaseIterable, Sendable, Codable {
        case yes, no, auto
    }

    /// How a command calls the options for the dialect of a table.
    public struct OptionNames: Equatable, Sendable {
        /// The option that names what separates two fields.
        public var separator: String
        /// The option that says whether the first line holds names.
        public var header: String

        /// Those of a command that reads no other kind of table.
        public init(separator: String = "--separator", header: String = "--header") {
            self.separator = separator
            self.header = header
        }
    }

    /// What is known before the table is examined.
    public struct Hints: Sendable {
        /// Nil: detected.
        public var separator: Separator?
        /// Detected unless it is given.
        public var header = Header.auto
        /// Names that only a header contains, in lower case, with blanks and hyphens as underscores.
        public var columnNames: Set<String> = []
        /// Whether an ambiguous first line is a header; nil: an error.
        public var doubtfulHeader: Bool?
        /// Whether `1,5` is a number; nil: detected.
        public var hasDecimalCommas: Bool?
        /// The options that settle what is doubtful, for errors; nil: there are none.
        public var options: OptionNames?

        /// Whatever is not given is unknown.
        public init(
            separator: Separator? = nil, header: Header = .auto, columnNames: Set<String> = [],
            doubtfulHeader: Bool? = nil, hasDecimalCommas: Bool? = nil, options: OptionNames? = nil
        ) {
            self.hasDecimalCommas = hasDecimalCommas
            self.options = options
            self.separator = separator
            self.header = header
            self.columnNames = columnNames
            self.doubtfulHeader = doubtfulHeader
        }
    }

    /// What separates two fields.
    public var separator: Separator
    /// Whether the first line holds the names of the columns.
    public var hasHeader: Bool
    /// Whether `1,5` is a number. Fields that are such numbers are then read as `1.5`.
    public var hasDecimalCommas: Bool

    /// By default, the dialect of this program's own tables.
    public init(separator: Separator = .comma, hasHeader: Bool = true, hasDecimalCommas: Bool = false) {
        self.separator = separator
        self.hasHeader = hasHeader
        self.hasDecimalCommas = hasDecimalCommas
    }

    /// Remarks on a table that is not comma-separated with a header, in a few words each.
    public var remarks: [String] {
        var remarks: [String] = []
        switch separator {
        case .comma: break
        case .semicolon: remarks.append("separated by semicolons")
        case .tab: remarks.append("separated by tabs")
        case .pipe: remarks.append("separated by '|'")
        case .blank: remarks.append("separated by blanks")
        }
        if hasDecimalCommas { remarks.append("decimal commas") }
        if !hasHeader { remarks.append("no header: the first line is data") }
        return remarks
    }

    /// How many records are examined.
    static let sampleCount = 20
}
