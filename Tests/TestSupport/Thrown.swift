/// The error of this type that `body` throws. Nil if it throws none or another type, so that expectations on it fail. `#expect`
/// in Swift 6.0 does not return the caught error.
package func thrown<Failure: Error, Result>(_ type: Failure.Type, by body: () throws -> Result) -> Failure? {
    do {
        _ = try body()
        return nil
    } catch {
        return error as? Failure
    }
}

/// Nil if `body` throws an error that satisfies `holds`; otherwise a description of what happened. (The Swift 6.0 compiler
/// crashes on the macro form if `holds` contains a pattern.)
package func errorProblem<Result>(
    _ body: () throws -> Result, where holds: (any Error) -> Bool
) -> String? {
    do {
        _ = try body()
        return "no error"
    } catch {
        return holds(error) ? nil : "another error: \(error)"
    }
}
