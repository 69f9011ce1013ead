/// One parameter of `Root`: its names in JSON and on the command line, the values it can take, and how they are
/// written. A table of these is the only place that defines them.
public struct Parameter<Root: Sendable>: Sendable {
    /// How the command line gives a parameter.
    public enum Form: Sendable, Equatable {
        /// `--option VALUE`.
        case option
        /// `--flag`, for true; nothing for false.
        case flag
        /// `--no-flag`, for false; nothing for true.
        case invertedFlag
        /// Not by its value but by something else, such as the file that it is computed from.
        case none
    }

    /// Where it is in `Root`.
    public let path: PartialKeyPath<Root> & Sendable
    /// Its key in JSON.
    public let name: String
    /// Its names on the command line without dashes, the usual one first.
    public let options: [String]
    /// How the command line gives it.
    public let form: Form
    /// Whether JSON must contain it; if not, its default is used, which is the behaviour from before the parameter
    /// existed.
    public let isRequired: Bool
    /// The words that it accepts, where they can be listed.
    public let words: [String]?
    /// What is expected of its word, for messages.
    public let expectation: String

    private let word: @Sendable (Root) -> String?
    private let assign: @Sendable (inout Root, String) -> Bool
    private let problem: @Sendable (Root) -> ParameterError?
    private let encoder: @Sendable (Root, inout KeyedEncodingContainer<ParameterName>, ParameterName) throws -> Void
    private let decoder: @Sendable (inout Root, KeyedDecodingContainer<ParameterName>, ParameterName) throws -> Void

    /// A parameter that always has a value. The first of `options` names it in messages.
    public init<Value: ParameterValue>(
        _ name: String, _ path: WritableKeyPath<Root, Value> & Sendable, _ options: String..., form: Form = .option,
        in range: ParameterRange<Value>? = nil, isRequired: Bool = false
    ) {
        self.init(
            name, path, options, form, isRequired, Value.self, range,
            get: { $0[keyPath: path] }, set: { $0[keyPath: path] = $1 })
    }

    /// A parameter that may be without a value, which is then neither in JSON nor on the command line.
    public init<Value: ParameterValue>(
        _ name: String, _ path: WritableKeyPath<Root, Value?> & Sendable, _ options: String..., form: Form = .option,
        in range: ParameterRange<Value>? = nil
    ) {
        self.init(
            name, path, options, form, false, Value.self, range,
            get: { $0[keyPath: path] }, set: { $0[keyPath: path] = $1 })
    }

    private init<Value: ParameterValue>(
        _ name: String, _ path: PartialKeyPath<Root> & Sendable, _ options: [String], _ form: Form,
        _ isRequired: Bool, _ type: Value.Type, _ range: ParameterRange<Value>?,
        get: @escaping @Sendable (Root) -> Value?, set: @escaping @Sendable (inout Root, Value) -> Void
    ) {
        (self.path, self.name, self.options, self.form, self.isRequired) = (path, name, options, form, isRequired)
        words = Value.words
        expectation = Value.expectation
        let label = "--\(options[0])"
        word = { @Sendable root in get(root)?.word }
        assign = { @Sendable root, word in
            guard let value = Value(word: word) else { return false }
            set(&root, value)
            return true
        }
        problem = { @Sendable root in
            guard let range, let value = get(root), !range.contains(value) else { return nil }
            return ParameterError(option: label, found: value.word, expected: range.description)
        }
        encoder = { root, container, key in try container.encodeIfPresent(get(root), forKey: key) }
        decoder = { root, container, key in
            if let value = try container.decodeIfPresent(Value.self, forKey: key) {
                set(&root, value)
            } else if isRequired {
                throw DecodingError.keyNotFound(
                    key, DecodingError.Context(codingPath: container.codingPath, debugDescription: "no \(name)"))
            }
        }
    }
}

extension Parameter {
    /// Its usual name on the command line: `--lr`.
    public var option: String { "--\(options[0])" }

    /// The word of its value in `root`; nil where it has none.
    public func word(in root: Root) -> String? { word(root) }

    /// Sets it in `root` to the value of `word`; returns false and changes nothing if the word is not a valid value.
    public func set(_ word: String, in root: inout Root) -> Bool { assign(&root, word) }

    /// What is wrong with its value in `root`, if anything.
    public func problem(in root: Root) -> ParameterError? { problem(root) }

    /// The command-line words that give it the value it has in `root`.
    public func commandLine(in root: Root) -> [String] {
        guard let word = word(root) else { return [] }
        return switch form {
        case .option: [option, word]
        case .flag: word == "true" ? [option] : []
        case .invertedFlag: word == "false" ? ["--no-\(options[0])"] : []
        case .none: []
        }
    }

    func encode(_ root: Root, to container: inout KeyedEncodingContainer<ParameterName>) throws {
        try encoder(root, &container, ParameterName(name))
    }

    func decode(into root: inout Root, from container: KeyedDecodingContainer<ParameterName>) throws {
        try decoder(&root, container, ParameterName(name))
    }
}

/// A key of JSON by its text.
struct ParameterName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
}

/// A parameter that is out of its range.
public struct ParameterError: Error, Equatable, CustomStringConvertible {
    /// `--epochs`.
    public let option: String
    /// The word that it has.
    public let found: String
    /// What it should be, in words that follow "expected".
    public let expected: String

    /// An error about the parameter of this option.
    public init(option: String, found: String, expected: String) {
        (self.option, self.found, self.expected) = (option, found, expected)
    }

    /// One line.
    public var description: String { "\(option) is \(found); expected \(expected)" }
}
