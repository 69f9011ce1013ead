import ArgumentParser
import Parameters

/// An option for one number that belongs to no parameter set. Its range is checked while the command line is read, as
/// `ParameterSetting` does for the others: no number beyond its range reaches a command.
extension Option where Value: ParameterValue {
    init(wrappedValue: Value, in range: ParameterRange<Value>, help: String) {
        let text = ArgumentHelp("\(help) (default: \(wrappedValue.word))")
        self.init(wrappedValue: wrappedValue, help: text) { try range.checked($0) }
    }
}

extension Option {
    /// One that may be left out.
    init<Number: ParameterValue>(in range: ParameterRange<Number>, help: String) where Value == Number? {
        self.init(help: ArgumentHelp(help)) { try range.checked($0) }
    }
}

extension ParameterRange where Value: ParameterValue {
    /// The value that `word` says. Throws `ValidationError`.
    fileprivate func checked(_ word: String) throws -> Value {
        guard let value = value(word) else { throw ValidationError("expected \(description).") }
        return value
    }
}
