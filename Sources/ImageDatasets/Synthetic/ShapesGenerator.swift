import Numerics
import Foundation
import TensorFiles

/// The synthetic data set of Grossmann et al. ("Beyond hard labels", 2022): red, green and blue circles and ellipses on black,
/// some exactly of one class, the others between classes, each with its exact label distribution.
///
/// The paper does not say how the 60 % between classes are distributed. Assumption of this project: for each of them, hue and
/// axis ratio are uniform and independent (`ShapeScene`).
///
/// On disk, in `<folder>/Shapes/`:
/// - `fold1` … `fold5`, a fifth of the images each, 8-bit RGB PNG, named `<id>.png`;
/// - `Shapes.json`, the labels as DCIC JSON (splits as in slice 1), paths relative to `<folder>`;
/// - `samples.csv`, one row per image: id, fold (1…5), hue and rotation (degrees), ellipse share, centre and half-axes
///   (shares of the side), and one column per class with its probability.
///
/// The raw layout's `annotations.json` holds single votes and therefore cannot hold these labels.
public struct ShapesGenerator: Sendable {
    /// The folder's and the data set's name.
    public static let name = "Shapes"

    /// What the set depends on.
    public let parameters: ShapesParameters

    /// A generator for one set.
    public init(_ parameters: ShapesParameters) { self.parameters = parameters }

    /// An image of the set before it is drawn.
    public struct Item: Sendable, Equatable {
        /// `shape` followed by the image's number in at least five digits.
        public let id: String
        /// 1…5.
        public let fold: Int
        /// The class that the image represents exactly, an index into `ShapeScene.classes`; nil if it is between classes.
        public let pureClass: Int?
        /// The scene in the image.
        public let scene: ShapeScene

        /// Relative to the folder that holds `Shapes`.
        var path: String { "\(ShapesGenerator.name)/\(pathInSet)" }

        /// Relative to `Shapes`.
        var pathInSet: String { "fold\(fold)/\(id).png" }
    }

    /// All images in the order of their numbers. The number of pixels has no influence.
    ///
    /// ⌊count · pureShare + ½⌋ images are pure, dealt evenly to the six classes; folds are dealt evenly within each class and
    /// within the images between classes. Images are numbered at random.
    /// - Complexity: O(count).
    public func items() -> [Item] {
        let count = parameters.count
        let pureCount = Int((Double(count) * parameters.pureShare).rounded())
        let classCount = ShapeScene.classes.count
        // For each number, its position in a list sorted by kind.
        var shuffle = CounterRandom(seed: parameters.seed, Stream.order.rawValue)
        let positions = shuffle.permutation(of: count)
        return (0..<count).map { number in
            let position = positions[number]
            let pureClass = position < pureCount ? position * classCount / pureCount : nil
            var random = CounterRandom(seed: parameters.seed, Stream.scene.rawValue, UInt64(number))
            return Item(
                id: Self.id(of: number), fold: position % 5 + 1, pureClass: pureClass,
                scene: ShapeScene(pureClass: pureClass, random: &random))
        }
    }

    private enum Stream: UInt64 {
        case order, scene
    }

    private static func id(of number: Int) -> String {
        let digits = String(number)
        return "shape" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }
}
