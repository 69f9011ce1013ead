import RasterImages

/// Everything that determines the bytes of a set of mixtures, besides its source (and the versions of libpng and zlib).
public struct MixturesParameters: Sendable, Equatable, Codable {
    /// How several images are combined into one.
    public enum Mode: String, Sendable, CaseIterable, Codable {
        /// The weighted mean of the pixels.
        case mixup
        /// Four quadrants around a random point, each taken from the same position of another image; the weights are their
        /// areas.
        case patchmix
    }

    /// How the images of each mixture are combined.
    public let mode: Mode
    /// The number of images per mixture.
    public let images: Int
    /// For mixup: the weights are the images' shares of this many draws. Nil if `beta` is given.
    public let trials: Int?
    /// For mixup: the weights are drawn from the symmetric Dirichlet distribution with this concentration, which for two images
    /// is Beta(α, α). Nil if `trials` is given.
    public let beta: Double?
    /// Which subsets are replaced by mixtures, in the order of `Subset.allCases`. The images of the others are unchanged.
    public let subsets: [Subset]
    /// The slice of the source's folds, if the source does not define its subsets itself.
    public let split: Int
    /// The side in pixels to which images are scaled; nil keeps their size.
    public let size: Int?
    /// The random numbers' seed.
    public let seed: UInt64

    /// The allowed values of `images`, for any mode.
    public static let imageCounts = 2...16
    /// The allowed values of `trials`.
    public static let trialCounts = 1...1_000_000
    /// The allowed values of `beta`.
    public static let concentrations = 0.01...1000
    /// The allowed values of `size`.
    public static let sizes = 8...4096

    /// Checks and stores the parameters. By default, `images` is 2 for mixup and 4 for patchmix, and weights are the shares of
    /// 100 trials. Throws `MixturesError` or `SplitError`.
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

/// Why a set of mixtures cannot be made as requested. All other errors come from reading the source's images, from writing
/// files or from libpng.
public enum MixturesError: Error, Equatable, CustomStringConvertible {
    /// A number of images that this mode does not mix.
    case images(Int, mode: MixturesParameters.Mode)
    /// The number of trials is out of range.
    case trials(Int)
    /// The concentration is out of range; given as its spelling, so that errors can be compared for equality.
    case beta(String)
    /// Two rules for the weights were given.
    case trialsAndBeta
    /// A rule for the weights was given although areas determine them.
    case weightsOfPatches
    /// There is nothing to mix.
    case noSubsets
    /// The side of the images is out of range.
    case size(Int)
    /// Images of the source have labels with several classes: `first` is the first id.
    case softLabels(source: String, count: Int, of: Int, first: String)
    /// A subset has fewer images than a mixture needs.
    case tooFewImages(source: String, subset: Subset, found: Int, expected: Int)
    /// Images of different sizes, each as `path (width x height)`.
    case sizesDiffer(first: String, second: String)
    /// A class whose name has another meaning as a column of a label table.
    case className(source: String, name: String)
    /// Something else is where the set would go.
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
