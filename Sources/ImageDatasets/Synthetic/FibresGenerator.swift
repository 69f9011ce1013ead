import Numerics
import Foundation
import RasterImages
import TensorFiles

/// A stand-in for MiceBone (Schmarje et al., images of collagen fibres with about 15 annotations each), which may not be copied
/// here: grey textures with simulated annotators, in the raw layout of the DCIC benchmark. Everything made from it is marked
/// "fibres (simulated)".
///
/// On disk, in `<folder>/Fibres-simulated/`:
/// - `fold1` … `fold5`, a fifth of the images each, 8-bit PNG, named `<id>.png`;
/// - `annotations.json`: an annotation set for each simulated annotator; the first also holds the parameters;
/// - `samples.csv`, one row per image: id, fold, and what was simulated (visibility, coherence, orientation in degrees).
public struct FibresGenerator: Sendable {
    /// The folder's name.
    public static let folderName = "Fibres-simulated"
    /// The data set's name.
    public static let name = "fibres (simulated)"

    /// What the set depends on.
    public let parameters: FibresParameters

    /// A generator for one set.
    public init(_ parameters: FibresParameters) { self.parameters = parameters }

    /// An image of the set before it is drawn.
    struct Item: Sendable {
        let id: String
        /// 1…5.
        let fold: Int
        let number: Int
        let scene: FibreScene

        var pathInSet: String { "fold\(fold)/\(id).png" }
    }

    private enum Stream: UInt64 {
        case order = 101, scene, pixels, annotator, labels
    }

    /// All images in the order of their numbers; folds are dealt evenly, at random. The number of pixels has no influence.
    func items() -> [Item] {
        var shuffle = CounterRandom(seed: parameters.seed, Stream.order.rawValue)
        let positions = shuffle.permutation(of: parameters.count)
        return positions.indices.map { number in
            var random = CounterRandom(seed: parameters.seed, Stream.scene.rawValue, UInt64(number))
            let digits = String(number)
            return Item(
                id: "fibre" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits,
                fold: positions[number] % 5 + 1, number: number, scene: FibreScene(random: &random))
        }
    }

    func image(of item: Item) throws(CairoError) -> RGBImage {
        var random = CounterRandom(seed: parameters.seed, Stream.pixels.rawValue, UInt64(item.number))
        return try item.scene.image(size: parameters.drawnSize, random: &random)
            .resized(width: parameters.size, height: parameters.size, filter: .antialiased)
    }

    /// The annotators who label the set.
    var annotators: [SimulatedAnnotator] {
        (0..<(4 * parameters.annotators + 2) / 3).map { number in
            var random = CounterRandom(seed: parameters.seed, Stream.annotator.rawValue, UInt64(number))
            return SimulatedAnnotator(random: &random)
        }
    }

    /// The probability with which an annotator labels an image.
    var annotationShare: Double { Double(parameters.annotators) / Double((4 * parameters.annotators + 2) / 3) }

    /// The labels of every annotator, as (image, class). Each annotator labels three out of four images, so there are a third
    /// more annotators than annotations per image.
    func annotations(of items: [Item]) -> [[(item: Int, label: Int)]] {
        let annotators = annotators, share = annotationShare
        return annotators.enumerated().map { number, annotator in
            items.indices.compactMap { index in
                var random = CounterRandom(
                    seed: parameters.seed, Stream.labels.rawValue, UInt64(number), UInt64(items[index].number))
                if random.uniform() >= share { return nil }
                return (index, annotator.label(items[index].scene, random: &random))
            }
        }
    }

    /// What is at `Fibres-simulated` in `folder`.
    public func destination(in folder: URL) -> SetDestination {
        let target = folder.appendingPathComponent(Self.folderName, isDirectory: true)
        return SetDestination(at: target) {
            let labels = target.appendingPathComponent(LabelFile.rawName)
            guard let found = try? JSONFile.decode([AnnotationSet].self, from: labels).first?.generator else {
                return .other("files that are not a set of simulated fibres")
            }
            if found == parameters { return .complete }
            return .other(
                "a set of \(found.count) simulated images of \(found.size) pixels, drawn at \(found.drawnSize), "
                    + "\(found.annotators) annotations, seed \(found.seed)")
        }
    }

    /// Makes the set in `folder`, which is created if it is missing, and returns the folder `Fibres-simulated` in it. The files
    /// have the same bytes for any number of threads, and appear together. `progress` is called on the caller's thread with the
    /// number of images done; what it throws ends the work.
    ///
    /// Throws `FibresError.destinationTaken` unless the destination is free, `FileWriteError`, `CairoError`, `PNGError`.
    @discardableResult
    public func generate(
        in folder: URL, threads: ThreadCount, progress: (_ done: Int) throws -> Void = { _ in }
    ) throws -> URL {
        let target = folder.appendingPathComponent(Self.folderName, isDirectory: true)
        try destination(in: folder).requireFree("this set of simulated fibres") {
            FibresError.destinationTaken(path: target.path, found: $0)
        }
        try StagedFolder.fill(target) { staged in
            for fold in 1...5 { try staged.createFolder(named: "fold\(fold)") }
            let items = items()
            try writeAnnotations(of: items, to: staged.url.appendingPathComponent(LabelFile.rawName))
            try writeTable(of: items, to: staged.url.appendingPathComponent("samples.csv"))
            try staged.writeImages(
                items.count, threads: threads, progress: progress, path: { items[$0].pathInSet },
                image: { try image(of: items[$0]) })
        }
        return target
    }

    private func writeAnnotations(of items: [Item], to url: URL) throws {
        let sets = annotations(of: items).enumerated().map { number, labels in
            AnnotationSet(
                name: "\(Self.name), annotator \(number + 1)", datasetName: Self.name,
                annotations: labels.map { item, label in
                    AnnotationSet.Annotation(
                        imagePath: "\(Self.folderName)/\(items[item].pathInSet)", classLabel: FibreScene.classes[label])
                }, generator: number == 0 ? parameters : nil)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try AtomicFile.write(encoder.encode(sets) + Data("\n".utf8), to: url)
    }

    private func writeTable(of items: [Item], to url: URL) throws {
        try CSVWriter.write(to: url, header: ["id", "fold", "visibility", "coherence", "orientation"]) { table in
            for item in items {
                let numbers = [item.scene.visibility, item.scene.coherence, item.scene.orientation]
                try table.append([.text(item.id), .integer(item.fold)] + numbers.map { .double($0) })
            }
        }
    }
}
