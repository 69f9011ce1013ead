/// A struct of parameters, each fully described by a table. Its JSON, its command-line words, its ranges and its
/// differences from another set come from the table.
public protocol ParameterSet: Codable, Equatable, Sendable {
    /// The values used unless others are given.
    static var defaults: Self { get }
    /// Every parameter, in the order of a command line.
    static var parameters: [Parameter<Self>] { get }
}

extension ParameterSet {
    /// Takes the values in the JSON; the rest keep their defaults.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: ParameterName.self)
        self = Self.defaults
        for parameter in Self.parameters { try parameter.decode(into: &self, from: container) }
    }

    /// An object with the names of the table; parameters without a value are left out.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: ParameterName.self)
        for parameter in Self.parameters { try parameter.encode(self, to: &container) }
    }

    /// The parameter at `path`, which the table must have.
    public static func parameter(_ path: PartialKeyPath<Self>) -> Parameter<Self> {
        guard let parameter = parameters.first(where: { $0.path == path }) else {
            preconditionFailure("\(path) is not in the table of \(Self.self)")
        }
        return parameter
    }

    /// Command-line words for every parameter, including those at their defaults, since defaults may change.
    public var commandLine: [String] { Self.parameters.flatMap { $0.commandLine(in: self) } }

    /// Throws the first parameter that is out of its range.
    public func checkRanges() throws(ParameterError) {
        for parameter in Self.parameters {
            if let problem = parameter.problem(in: self) { throw problem }
        }
    }

    /// The first parameter in which this differs from `other`, with the words of both; nil if there is none.
    public func difference(
        from other: Self
    ) -> (parameter: Parameter<Self>, word: String?, otherWord: String?)? {
        for parameter in Self.parameters {
            let (mine, theirs) = (parameter.word(in: self), parameter.word(in: other))
            if mine != theirs { return (parameter, mine, theirs) }
        }
        return nil
    }
}

extension Parameter {
    /// The option with a value, as used in messages: `--lr 0.02`, `--no-augment`, `no --resample`, `--dropout unset`.
    public func phrase(_ word: String?) -> String {
        guard let word else { return "\(option) unset" }
        return switch form {
        case .option, .none: "\(option) \(word)"
        case .flag: word == "true" ? option : "no \(option)"
        case .invertedFlag: word == "true" ? option : "--no-\(options[0])"
        }
    }
}

/// A value that someone has given for one parameter.
public struct ParameterSetting<Root: ParameterSet>: Sendable {
    /// What it is given for.
    public let parameter: Parameter<Root>
    /// What was given.
    public let word: String

    /// Throws `ParameterError` if the word is not a value of the parameter, or is out of its range.
    public init(_ parameter: Parameter<Root>, _ word: String) throws(ParameterError) {
        var trial = Root.defaults
        guard parameter.set(word, in: &trial) else {
            throw ParameterError(option: parameter.option, found: "'\(word)'", expected: parameter.expectation)
        }
        if let problem = parameter.problem(in: trial) { throw problem }
        (self.parameter, self.word) = (parameter, word)
    }

    /// Gives the value to the parameter in `root`.
    public func apply(to root: inout Root) {
        let isValue = parameter.set(word, in: &root)
        assert(isValue)
    }
}

extension ParameterSet {
    /// The defaults with `settings` in their order.
    public func with(_ settings: [ParameterSetting<Self>]) -> Self {
        var changed = self
        for setting in settings { setting.apply(to: &changed) }
        return changed
    }
}
