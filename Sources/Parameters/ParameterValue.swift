/// A value that a single word on the command line can express.
public protocol ParameterValue: Codable, Equatable, Sendable {
    /// The value that `word` spells, or nil if it spells none.
    init?(word: String)
    /// The word for this value; `init(word:)` gives the same value back.
    var word: String { get }
    /// All the words there are, where they can be listed.
    static var words: [String]? { get }
    /// What is expected of a word, for messages: `a whole number`.
    static var expectation: String { get }
}

extension ParameterValue {
    /// All its words, where they can be listed.
    public static var words: [String]? { nil }
}

extension ParameterValue where Self: RawRepresentable, RawValue == String {
    /// The value that `word` says.
    public init?(word: String) { self.init(rawValue: word) }
    /// The word that says it.
    public var word: String { rawValue }
}

extension ParameterValue where Self: RawRepresentable & CaseIterable, RawValue == String {
    /// All its words, where they can be listed.
    public static var words: [String]? { allCases.map(\.rawValue) }
    /// What is expected of a word.
    public static var expectation: String {
        let words = allCases.map(\.rawValue)
        return words.count < 2 ? words.joined() : words.dropLast().joined(separator: ", ") + " or " + words.last!
    }
}

extension ParameterValue where Self: LosslessStringConvertible {
    /// The value that `word` says.
    public init?(word: String) { self.init(word) }
    /// The word that says it.
    public var word: String { description }
}

extension Int: ParameterValue {
    /// What is expected of a word.
    public static var expectation: String { "a whole number" }
}

extension UInt64: ParameterValue {
    /// What is expected of a word.
    public static var expectation: String { "a whole number of at least 0" }
}

extension Double: ParameterValue {
    /// The number that `word` says; nil for `nan` and `inf`, which no parameter takes.
    public init?(word: String) {
        guard let number = Double(word), number.isFinite else { return nil }
        self = number
    }

    /// What is expected of a word.
    public static var expectation: String { "a number" }
}

extension String: ParameterValue {
    /// What is expected of a word.
    public static var expectation: String { "a word" }
}

extension Bool: ParameterValue {
    /// All its words, where they can be listed.
    public static var words: [String]? { ["true", "false"] }
    /// What is expected of a word.
    public static var expectation: String { "true or false" }
}

/// Numbers with commas between them.
extension [Double]: ParameterValue {
    /// The value that `word` says.
    public init?(word: String) {
        let numbers = word.split(separator: ",", omittingEmptySubsequences: false).map { Double(word: String($0)) }
        guard numbers.allSatisfy({ $0 != nil }) else { return nil }
        self = numbers.compactMap(\.self)
    }

    /// The word that says it.
    public var word: String { map { "\($0)" }.joined(separator: ",") }
    /// What is expected of a word.
    public static var expectation: String { "a number, or several with commas between them" }
}
