import ArgumentParser
import Parameters

/// An option for a single number that belongs to no parameter set. Its range is checked while the command line is parsed, as
/// `ParameterSetting` does for the others, so no number outside its range reaches a command.
extension Option where Value: ParameterValue {
    init(wrappedValue: Value, in range: ParameterRange<Value>, help: String) {
        let text = ArgumentHelp("\(help) (default: \(wrappedValue.word))")
        self.init(wrappedValue: wrappedValue, help: text) { try range.checked($0) }
    }
}

extension Option {
    /// An optional one.
    init<Number: ParameterValue>(in range: ParameterRange<Number>, help: String) where Value == Number? {
        self.init(help: ArgumentHelp(help)) { try range.checked($0) }
    }
}

extension ParameterRange where Value: ParameterValue {
    /// The value given by `word`. Throws `ValidationError`.
    fileprivate func checked(_ word: String) throws -> Value {
        guard let value = value(word) else { throw ValidationError("expected \(description).") }
        return value
    }
}
