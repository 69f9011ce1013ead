/// Why an archive of arrays, as `np.savez` writes it, does not give the array that is needed.
///
/// What is wrong with the archive is said by `ZIPError`, what with an array's own bytes by `NPYError`, whose path then
/// names the array too.
public enum NPZError: Error, Equatable, CustomStringConvertible {
    /// An entry that needs more memory than the machine has; in bytes.
    case tooLarge(path: String, entry: String, needed: Int, memory: Int)
    /// No array of that name; `arrays` describes those that there are.
    case missingArray(path: String, name: String, arrays: [String])

    /// One line: the path, the entry, what was found and what was expected.
    public var description: String {
        switch self {
        case .tooLarge(let path, let entry, let needed, let memory):
            "\(path), entry '\(entry)': takes \(needed) bytes of memory, this machine has \(memory)"
        case .missingArray(let path, let name, let arrays):
            "\(path): array '\(name)' expected, there are \(NPZFile.list(arrays))"
        }
    }
}
