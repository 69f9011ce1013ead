import PenumbraRuns
import ArgumentParser
import Parameters

/// An option defined by the table of a parameter set: names, values and default. A given option is a setting, which
/// `settings(of:)` collects; nil means the default.
extension Option {
    /// - Parameters:
    ///   - help: what it does, without its values and its default.
    ///   - fallback: the default in words, if it is not the table's.
    init<Root>(
        _ path: PartialKeyPath<Root>, help: String, default fallback: String? = nil
    ) where Value == ParameterSetting<Root>? {
        let parameter = Root.parameter(path)
        self.init(
            name: parameter.specification, help: parameter.help(help, fallback), completion: parameter.completion,
            transform: parameter.setting)
    }

    /// A required option.
    init<Root>(required path: PartialKeyPath<Root>, help: String) where Value == ParameterSetting<Root> {
        let parameter = Root.parameter(path)
        self.init(
            name: parameter.specification, help: parameter.help(help, ""), completion: parameter.completion,
            transform: parameter.setting)
    }
}

extension Parameter where Root: ParameterSet {
    fileprivate var specification: NameSpecification { NameSpecification(options.map { .customLong($0) }) }

    fileprivate var completion: CompletionKind { words.map { .list($0) } ?? .default }

    /// The help text followed by the values and the default, in the argument parser's own format.
    fileprivate func help(_ text: String, _ fallback: String?) -> ArgumentHelp {
        var details: [String] = []
        if let words { details.append("values: \(words.joined(separator: ", "))") }
        if let fallback {
            if !fallback.isEmpty { details.append("default: \(fallback)") }
        } else if let word = word(in: Root.defaults) {
            details.append("default: \(word)")
        }
        return ArgumentHelp(details.isEmpty ? text : "\(text) (\(details.joined(separator: "; ")))")
    }

    fileprivate var setting: @Sendable (String) throws -> ParameterSetting<Root> {
        { word in
            do throws(ParameterError) {
                return try ParameterSetting(self, word)
            } catch {
                throw ValidationError("expected \(error.expected).")
            }
        }
    }
}

extension ParsableArguments {
    /// The settings given by the options and flags of this group for the parameters of `Root`. A flag belongs to the parameter
    /// with its name.
    func settings<Root>(of type: Root.Type) -> [ParameterSetting<Root>] {
        Mirror(reflecting: self).children.flatMap { child -> [ParameterSetting<Root>] in
            switch child.value {
            case let option as Option<ParameterSetting<Root>?>: [option.wrappedValue].compactMap(\.self)
            case let option as Option<ParameterSetting<Root>>: [option.wrappedValue]
            case let flag as Flag<Bool>: [Self.setting(child.label, flag.wrappedValue)].compactMap(\.self)
            case let group as any GroupOfSettings: group.settings(of: type)
            default: []
            }
        }
    }

    private static func setting<Root>(_ label: String?, _ isSet: Bool) -> ParameterSetting<Root>? {
        // The property `_classWeights` has the flag `--class-weights`.
        let words = (label ?? "").drop { $0 == "_" }.map { $0.isUppercase ? "-\($0.lowercased())" : "\($0)" }
        guard let parameter = Root.parameters.first(where: { $0.options[0] == words.joined() }) else { return nil }
        return try? ParameterSetting(parameter, isSet.word)
    }
}

/// A group inside a group, which `settings(of:)` also searches.
private protocol GroupOfSettings {
    func settings<Root: ParameterSet>(of type: Root.Type) -> [ParameterSetting<Root>]
}

extension OptionGroup: GroupOfSettings {
    fileprivate func settings<Root>(of type: Root.Type) -> [ParameterSetting<Root>] { wrappedValue.settings(of: type) }
}
