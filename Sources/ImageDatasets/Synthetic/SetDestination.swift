import Foundation

/// What is at the place where a generated set would go.
public enum SetDestination: Sendable, Equatable {
    /// Nothing, or an empty folder.
    case free
    /// The complete set with the same parameters.
    case complete
    /// Something else, described in words.
    case other(String)

    /// What is at `target`; where a folder holds files, `found` tells what they are.
    init(at target: URL, _ found: () -> SetDestination) {
        var status = stat()
        if lstat(target.path, &status) != 0 {
            self = .free
        } else if let names = try? FileManager.default.contentsOfDirectory(atPath: target.path) {
            self = names.isEmpty ? .free : found()
        } else {
            self = .other("something other than a readable folder")
        }
    }

    /// Throws the error for what is there, in words (`set` for the complete set), unless the destination is free.
    func requireFree<Failure>(_ set: String, _ error: (String) -> Failure) throws(Failure) {
        switch self {
        case .free: return
        case .complete: throw error(set)
        case .other(let found): throw error(found)
        }
    }
}
