import Foundation
import LabelDistributions
import LabelFiles
import Numerics
import RasterImages

/// Makes an ambiguous data set with exact soft labels from any set with one class per image. The images of the chosen subsets
/// are replaced by mixtures of several, whose labels are the weighted sums of the classes. The single label that a quantized
/// training sees is one draw from the soft label.
///
/// The procedure is that of CIFAR-10Q in Xie et al., "Learning from ambiguous data with hard labels" (arXiv 2501.01844): within
/// a subset, the j-th images of all mixtures are a permutation of the subset's images, so each image takes part in as many
/// mixtures as a mixture has images. Here the first permutation is the identity: every image is replaced by a mixture that it
/// takes part in. Permutations are independent, so on rare occasions a mixture contains an image twice.
///
/// Mixtures combine images of one subset only. So nothing that is used for testing or validation is ever part of a training
/// image.
public struct MixturesGenerator: Sendable {
    /// What the set depends on.
    public let parameters: MixturesParameters
    /// The set to mix.
    public let source: Dataset
    /// Identifies the source; it is recorded in the new set.
    public let fingerprint: String
    /// In the order of the source's samples.
    let items: [Item]

    /// An image of the new set before it is made.
    struct Item: Sendable, Equatable {
        let id: String
        let subset: Subset
        /// Indices into the source's samples; a single one for an unchanged image.
        let parents: [Int]
        /// One per parent; they sum to 1 to within rounding.
        let weights: [Double]
        /// For patchmix: the column and row where the quadrants meet.
        let pivot: Pivot?
        let label: LabelDistribution

        /// Relative to the set's folder.
        var path: String { "\(subset.rawValue)/\(id).png" }
    }

    /// A corner between pixels.
    struct Pivot: Sendable, Equatable {
        let x: Int
        let y: Int
    }

    /// Determines every mixture. Reads the sizes of images, but not their pixels, and only where the sizes matter.
    ///
    /// - Parameters:
    ///   - path: the source's, for errors.
    ///   - fingerprint: identifies the source.
    /// - Throws: `MixturesError`, `DatasetError.onlySplit`, `ImageFileError`.
    /// - Complexity: O(N · (images + trials)), plus reading the headers of N files.
    public init(
        _ parameters: MixturesParameters, of source: Dataset, path: String, fingerprint: String
    ) throws {
        self.parameters = parameters
        self.source = source
        self.fingerprint = fingerprint
        let soft = source.samples.filter { !$0.label.probabilities.contains(1) }
        if let first = soft.first {
            throw MixturesError.softLabels(
                source: path, count: soft.count, of: source.samples.count, first: first.id)
        }
        for name in source.classes where ClassOrder.isSkippedColumn(name) {
            throw MixturesError.className(source: path, name: name)
        }
        let split = try Split(slice: parameters.split)
        try split.check(source, path: path)
        var items: [(position: Int, item: Item)] = []
        let digits = max(5, String(source.samples.count).count)
        func name(_ prefix: String, _ position: Int) -> String {
            let number = String(position)
            return prefix + String(repeating: "0", count: digits - number.count) + number
        }
        for subset in Subset.allCases {
            let members = split.indices(of: subset, in: source)
            guard parameters.subsets.contains(subset) else {
                items += members.map { index in
                    (
                        index,
                        Item(
                            id: name("image", index), subset: subset, parents: [index], weights: [1], pivot: nil,
                            label: source.samples[index].label.oneHot)
                    )
                }
                continue
            }
            if members.count < parameters.images {
                throw MixturesError.tooFewImages(
                    source: path, subset: subset, found: members.count, expected: parameters.images)
            }
            let size = try Self.size(of: members, in: source, parameters)
            let parents = Self.parents(of: members, subset, parameters)
            items += members.indices.map { place in
                let recipe = Recipe(parameters, size: size, subset: subset, place: place)
                let classes = parents[place].map { source.samples[$0].label.hardClass }
                return (
                    members[place],
                    Item(
                        id: name("mix", members[place]), subset: subset, parents: parents[place],
                        weights: recipe.weights, pivot: recipe.pivot,
                        label: recipe.label(classes, of: source.classes.count))
                )
            }
        }
        self.items = items.sorted { $0.position < $1.position }.map(\.item)
    }

    /// Distinguishes the random numbers for one purpose from others with the same seed.
    enum Stream: UInt64 {
        case permutation = 201, weights
    }

    /// For each of `members`, the images of its mixture, itself first.
    private static func parents(of members: [Int], _ subset: Subset, _ parameters: MixturesParameters) -> [[Int]] {
        let others = (1..<parameters.images).map { number in
            var random = CounterRandom(
                seed: parameters.seed, Stream.permutation.rawValue, subset.stream, UInt64(number))
            return random.permutation(of: members.count)
        }
        return members.indices.map { place in [members[place]] + others.map { members[$0[place]] } }
    }

    /// The common size of all mixtures of `members`. Throws `MixturesError.sizesDiffer`, `ImageFileError`.
    private static func size(
        of members: [Int], in source: Dataset, _ parameters: MixturesParameters
    ) throws -> (width: Int, height: Int) {
        if let side = parameters.size { return (side, side) }
        let first = try source.samples[members[0]].imageSize()
        for index in members.dropFirst() {
            let size = try source.samples[index].imageSize()
            if size != first {
                func words(_ index: Int, _ size: (width: Int, height: Int)) -> String {
                    "\(source.samples[index].imageURL.path) (\(size.width) x \(size.height) pixels)"
                }
                throw MixturesError.sizesDiffer(first: words(members[0], first), second: words(index, size))
            }
        }
        return first
    }

    /// The pixels of an item. Throws `ImageFileError`.
    func image(of item: Item) throws(ImageFileError) -> RGBImage {
        var images: [RGBImage] = []
        for parent in item.parents {
            let image = try source.samples[parent].image()
            images.append(
                parameters.size.map { image.resized(width: $0, height: $0, filter: .antialiased) } ?? image)
        }
        if images.count == 1 { return images[0] }
        guard let pivot = item.pivot else { return .weightedMean(of: images, weights: item.weights) }
        return .quadrants(of: images, x: pivot.x, y: pivot.y)
    }
}

extension Subset {
    /// Distinguishes the random numbers of one subset from those of others, so that also mixing another subset does not change
    /// any image.
    fileprivate var stream: UInt64 {
        switch self {
        case .train: 0
        case .validation: 1
        case .test: 2
        }
    }
}

extension MixturesGenerator {
    /// The weights of one mixture.
    private struct Recipe {
        /// One per image.
        let weights: [Double]
        let pivot: Pivot?
        /// The number by which `numerators` are divided to become weights.
        private let denominator: Double
        /// Whole numbers if weights are shares of trials or pixels, so that labels are exact to the last bit.
        private let numerators: [Double]

        init(_ parameters: MixturesParameters, size: (width: Int, height: Int), subset: Subset, place: Int) {
            var random = CounterRandom(
                seed: parameters.seed, Stream.weights.rawValue, subset.stream, UInt64(place))
            switch parameters.mode {
            case .patchmix:
                let x = random.index(below: size.width + 1), y = random.index(below: size.height + 1)
                let (left, right, top, bottom) = (x, size.width - x, y, size.height - y)
                pivot = Pivot(x: x, y: y)
                numerators = [left * top, right * top, left * bottom, right * bottom].map(Double.init)
                denominator = Double(size.width * size.height)
            case .mixup:
                pivot = nil
                if let trials = parameters.trials {
                    var counts = [Double](repeating: 0, count: parameters.images)
                    for _ in 0..<trials { counts[random.index(below: parameters.images)] += 1 }
                    numerators = counts
                    denominator = Double(trials)
                } else {
                    numerators = random.dirichlet(parameters.beta!, count: parameters.images)
                    denominator = 1
                }
            }
            let denominator = denominator
            weights = numerators.map { $0 / denominator }
        }

        func label(_ classes: [Int], of classCount: Int) -> LabelDistribution {
            var sums = [Double](repeating: 0, count: classCount)
            for (index, numerator) in zip(classes, numerators) { sums[index] += numerator }
            do {
                return try LabelDistribution(sums.map { $0 / denominator })
            } catch {
                preconditionFailure("weights sum to 1: \(error)")
            }
        }
    }
}
