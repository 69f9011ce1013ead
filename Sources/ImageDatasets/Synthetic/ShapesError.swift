/// Why a shapes set cannot be made as asked. All but these are errors of writing files, of Cairo or of libpng.
public enum ShapesError: Error, Equatable, CustomStringConvertible {
    /// Not a number of images that is made.
    case count(Int)
    /// Not a side that is drawn.
    case size(Int)
    /// Not a share, in its spelling so that errors compare equal.
    case pureShare(String)
    /// Something else stands where the set would go.
    case destinationTaken(path: String, found: String)

    /// What was found and what was expected.
    public var description: String {
        switch self {
        case .count(let count): "the number of images is \(count), 1 to 1000000 was expected"
        case .size(let size): "the images' side is \(size) pixels, 8 to 4096 was expected"
        case .pureShare(let share): "the share of pure images is \(share), a number from 0 to 1 was expected"
        case .destinationTaken(let path, let found):
            "\(path): already holds \(found); nothing was changed, another folder (or an empty one) was expected"
        }
    }
}
