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
