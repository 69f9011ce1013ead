import RasterImages

/// Everything that the bytes of a set of mixtures depend on beside its source (and the versions of libpng and zlib).
public struct MixturesParameters: Sendable, Equatable, Codable {
    /// How several images become one.
    public enum Mode: String, Sendable, CaseIterable, Codable {
        /// The weighted mean of the pixels.
        case mixup
        /// Four quadrants around a random point, each from the same place of another image; weights are their areas.
        case patchmix
    }

    /// How the images of each mixture are put together.
    public let mode: Mode
    /// How many images make a mixture.
    public let images: Int
    /// For mixup: the weights are the images' shares of this many draws. Nil if `beta` is given.
    public let trials: Int?
    /// Of mixup: the weights are drawn from the symmetric Dirichlet distribution of this concentration, which for two
    /// images is Beta(α, α). Nil where `trials` is given.
    public let beta: Double?
    /// Which subsets are replaced by mixtures, in the order of `Subset.allCases`. The images of others stay as they are.
    public let subsets: [Subset]
    /// The slice of the source's folds, where the source does not name its subsets itself.
    public let split: Int
    /// Side in pixels to which images are scaled; nil keeps their size.
    public let size: Int?
    /// The random numbers' seed.
    public let seed: UInt64

    /// What `images` may be, of any mode.
    public static let imageCounts = 2...16
    /// What `trials` may be.
    public static let trialCounts = 1...1_000_000
    /// What `beta` may be.
    public static let concentrations = 0.01...1000
    /// What `size` may be.
    public static let sizes = 8...4096

    /// Checks and takes the parameters. `images` is by default 2 for mixup and 4 for patchmix; weights are by default the
    /// shares of 100 trials. Throws `MixturesError` or `SplitError`.
    public init(
        mode: Mode = .mixup, images: Int? = nil, trials: Int? = nil, beta: Double? = nil, subsets: [Subset] = [.train],
        split: Int = 1, size: Int? = nil, seed: UInt64 = 0
    ) throws {
        let count = images ?? (mode == .mixup ? 2 : 4)
        if !(mode == .mixup ? Self.imageCounts : 4...4).contains(count) {
            throw MixturesError.images(count, mode: mode)
        }
        if mode == .patchmix && (trials != nil || beta != nil) { throw MixturesError.weightsOfPatches }
        if trials != nil && beta != nil { throw MixturesError.trialsAndBeta }
        if let trials, !Self.trialCounts.contains(trials) { throw MixturesError.trials(trials) }
        if let beta, !Self.concentrations.contains(beta) { throw MixturesError.beta("\(beta)") }
        if subsets.isEmpty { throw MixturesError.noSubsets }
        if let size, !Self.sizes.contains(size) { throw MixturesError.size(size) }
        self.mode = mode
        self.images = count
        self.trials = mode == .mixup && beta == nil ? trials ?? 100 : nil
        self.beta = beta
        self.subsets = Subset.allCases.filter(subsets.contains)
        _ = try Split(slice: split)
        self.split = split
        self.size = size
        self.seed = seed
    }
}

extension Subset: Codable {}

/// Why a set of mixtures cannot be made as asked. All but these are errors of reading the source's images, of writing files
/// or of libpng.
public enum MixturesError: Error, Equatable, CustomStringConvertible {
    /// Not a number of images that this mode mixes.
    case images(Int, mode: MixturesParameters.Mode)
    /// Not a number of trials.
    case trials(Int)
    /// Not a concentration, in its spelling so that errors compare equal.
    case beta(String)
    /// Two rules for the weights.
    case trialsAndBeta
    /// A rule for the weights where areas decide.
    case weightsOfPatches
    /// Nothing to mix.
    case noSubsets
    /// Not a side that is written.
    case size(Int)
    /// Images of the source have labels of several classes: `first` is the first id.
    case softLabels(source: String, count: Int, of: Int, first: String)
    /// A subset of fewer images than a mixture takes.
    case tooFewImages(source: String, subset: Subset, found: Int, expected: Int)
    /// Images of different sizes, each as `path (width x height)`.
    case sizesDiffer(first: String, second: String)
    /// A class whose name means something else as a column of a table of labels.
    case className(source: String, name: String)
    /// Something else stands where the set would go.
    case destinationTaken(path: String, found: String)

    /// What was found, what was expected and what to do.
    public var description: String {
        switch self {
        case .images(let found, let mode):
            mode == .mixup
                ? "the number of images per mixture is \(found); expected 2 to 16"
                : "the number of images per mixture is \(found); patchmix takes 4, one per quadrant"
        case .trials(let found): "the number of trials is \(found); expected 1 to 1000000"
        case .beta(let found): "the concentration of the weights is \(found); expected 0.01 to 1000"
        case .trialsAndBeta: "the weights are given by both trials and a Beta distribution; expected one of them"
        case .weightsOfPatches:
            "trials or a Beta distribution set the weights, but patchmix weights by the areas of its patches; "
                + "leave them out or choose mixup"
        case .noSubsets:
            "no subset to mix; expected one or more of \(Subset.allCases.map(\.rawValue).joined(separator: ", "))"
        case .size(let found): "the images' side is \(found) pixels; expected 8 to 4096"
        case .softLabels(let source, let count, let total, let first):
            "\(source): \(count) of \(total) images have labels of several classes (the first is '\(first)'); mixtures "
                + "require a source with one class per image"
        case .tooFewImages(let source, let subset, let found, let expected):
            "\(source): \(found) images in the subset '\(subset.rawValue)'; expected at least \(expected), as many as a "
                + "mixture takes"
        case .sizesDiffer(let first, let second):
            "\(first) and \(second) differ in size; scale all images to one size with --size"
        case .className(let source, let name):
            "\(source): the class '\(name)' would not be read as a class in the new set's labels.csv; rename it"
        case .destinationTaken(let path, let found):
            "\(path): already holds \(found); nothing was changed; choose another folder or an empty one"
        }
    }
}
