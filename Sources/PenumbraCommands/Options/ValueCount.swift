import ArgumentParser

/// How many values an option has whose values belong to other arguments, one to each.
enum ValueCount {
    /// Throws `ValidationError` unless the option has no values or `expected` ones; `unit` is what each belongs to.
    static func check(_ option: String, _ found: Int, expected: Int, one unit: String) throws(ValidationError) {
        if found == 0 || found == expected { return }
        throw ValidationError(
            "\(option) has \(found) \(found == 1 ? "value" : "values"); expected \(expected), one per \(unit).")
    }
}
