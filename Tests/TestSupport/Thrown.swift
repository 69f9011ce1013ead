/// The error of this type that `body` throws; nil where it throws none or another, so that what is expected of the error
/// fails. The `#expect` of Swift 6.0 does not return what it caught.
package func thrown<Failure: Error, Result>(_ type: Failure.Type, by body: () throws -> Result) -> Failure? {
    do {
        _ = try body()
        return nil
    } catch {
        return error as? Failure
    }
}

/// Nil if `body` throws an error for which `holds` is true, else what happened instead. (The compiler of Swift 6.0 crashes on
/// the macro for it where `holds` has a pattern.)
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
