import Numerics
import Foundation
import TensorFiles

extension ShapesGenerator {
    /// What is at `Shapes` in `folder`. A set is moved into place as a whole, so its label file shows that all of it is there.
    public func destination(in folder: URL) -> SetDestination {
        let target = folder.appendingPathComponent(Self.name, isDirectory: true)
        return SetDestination(at: target) {
            let labels = target.appendingPathComponent(Self.labelFileName)
            guard let found = try? DCICDocument(contentsOf: labels).generator else {
                return .other("files that are not a generated shapes set")
            }
            if found == parameters { return .complete }
            return .other(
                "a shapes set of \(found.count) images of \(found.size) pixels, pure share \(found.pureShare), "
                    + "seed \(found.seed)")
        }
    }

    /// Makes the set in `folder`, which is created if it is missing, and returns the folder `Shapes` in it.
    ///
    /// The files have the same bytes for any number of threads. `Shapes` appears once it is complete; if anything throws before
    /// that, nothing is left behind. `progress` is called on the caller's thread with the number of images done, every few
    /// hundred; what it throws ends the work.
    ///
    /// Throws `ShapesError.destinationTaken` unless the destination is free, `FileWriteError`, `CairoError`, `PNGError`.
    @discardableResult
    public func generate(
        in folder: URL, threads: ThreadCount, progress: (_ done: Int) throws -> Void = { _ in }
    ) throws -> URL {
        let target = folder.appendingPathComponent(Self.name, isDirectory: true)
        try destination(in: folder).requireFree("this shapes set") {
            ShapesError.destinationTaken(path: target.path, found: $0)
        }
        try StagedFolder.fill(target) { staged in
            for fold in 1...5 { try staged.createFolder(named: "fold\(fold)") }
            let items = items()
            try writeLabels(of: items, in: staged.url)
            try writeTable(of: items, to: staged.url.appendingPathComponent("samples.csv"))
            let size = parameters.size
            try staged.writeImages(
                items.count, threads: threads, progress: progress, path: { items[$0].pathInSet },
                image: { try items[$0].scene.image(size: size) })
        }
        return target
    }

    private static let labelFileName = "\(name).json"

    private func writeLabels(of items: [Item], in folder: URL) throws {
        let slice = 1
        let images = items.map { item in
            let label = item.scene.label
            return DCICDocument.Image(
                path: item.path, split: Split.slice(slice).subset(ofFold: item.fold).rawValue,
                hardClass: label.hardClass,
                hardClassName: ShapeScene.classes[label.hardClass], softLabel: label.probabilities,
                info: DCICDocument.Info())
        }
        let document = DCICDocument(
            name: Self.name, slice: slice, classes: ShapeScene.classes, budget: 0, weightedBudget: 0,
            images: images, generator: parameters)
        try AtomicFile.write(document.encoded(), to: folder.appendingPathComponent(Self.labelFileName))
    }

    private func writeTable(of items: [Item], to url: URL) throws {
        let columns = [
            "id", "fold", "hue", "ellipse_share", "center_x", "center_y", "minor_radius", "major_radius", "rotation",
        ]
        try CSVWriter.write(to: url, header: columns + ShapeScene.classes) { table in
            for item in items {
                let scene = item.scene
                let numbers =
                    [
                        scene.appearance.hue, scene.appearance.ellipseShare, scene.centerX, scene.centerY,
                        scene.minorRadius, scene.majorRadius, scene.rotation,
                    ] + scene.label.probabilities
                try table.append([.text(item.id), .integer(item.fold)] + numbers.map { .double($0) })
            }
        }
    }
}
