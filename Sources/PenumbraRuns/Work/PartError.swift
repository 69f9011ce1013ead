import TensorFiles

/// What can be wrong with the parts of a whole.
package enum PartError: Error, Equatable, CustomStringConvertible {
    case notAPart(path: String)
    case noParts(path: String)
    /// Missing parts, by their numbers.
    case missing(path: String, numbers: [Int], count: Int)
    /// Two parts that belong to different wholes.
    case differ(path: String, other: String, what: String, found: String, expected: String)
    /// A part that does not hold what its command produces.
    case content(path: String, what: String)
    /// The inputs of the parts have changed since.
    case changed(path: String, input: String)
    case tooManyShares(images: Int, shares: Int)
    case noFolder(path: String)

    package var description: String {
        switch self {
        case .notAPart(let path):
            "\(path) is not a share of a command's work; expected a file that --share wrote"
        case .noParts(let path):
            "\(path) holds no part-N-of-M.safetensors; expected the files that --share writes to --parts"
        case .missing(let path, let numbers, let count):
            "\(path) lacks \(numbers.count) of \(count) parts: \(numbers.prefix(12).map(String.init).joined(separator: ", "))"
                + "\(numbers.count > 12 ? " …" : ""); run these shares first"
        case .differ(let path, let other, let what, let found, let expected):
            "\(path) was made with a different \(what) from \(other): \(found), not \(expected); run all shares with the same one"
        case .content(let path, let what): "\(path): \(what); run this share again"
        case .changed(let path, let input):
            "\(path): the \(input) has changed since the parts were made; run all shares again"
        case .tooManyShares(let images, let shares):
            "there are \(shares) shares of \(images) images; expected at most one share per image"
        case .noFolder(let path):
            "the parts were made in the folder \(path), which does not exist here; run merge on a machine where these paths exist"
        }
    }
}
