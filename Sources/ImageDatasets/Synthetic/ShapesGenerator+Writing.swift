import Numerics
import Foundation
import TensorFiles

extension ShapesGenerator {
    /// What is at the place where a set would go.
    public enum Destination: Sendable, Equatable {
        /// Nothing, or an empty folder.
        case free
        /// The complete set with these parameters.
        case complete
        /// Something else, described in words.
        case other(String)
    }

    /// What is at `Shapes` in `folder`. A set is moved into place as a whole, so its label file shows that all of it is there.
    public func destination(in folder: URL) -> Destination {
        let target = folder.appendingPathComponent(Self.name, isDirectory: true)
        var status = stat()
        if lstat(target.path, &status) != 0 { return .free }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: target.path) else {
            return .other("something other than a readable folder")
        }
        if names.isEmpty { return .free }
        let labels = target.appendingPathComponent(Self.labelFileName)
        guard let found = try? DCICDocument(contentsOf: labels).generator else {
            return .other("files that are not a generated shapes set")
        }
        if found == parameters { return .complete }
        return .other(
            "a shapes set of \(found.count) images of \(found.size) pixels, pure share \(found.pureShare), "
                + "seed \(found.seed)")
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
        switch destination(in: folder) {
        case .free: break
        case .complete: throw ShapesError.destinationTaken(path: target.path, found: "this shapes set")
        case .other(let found): throw ShapesError.destinationTaken(path: target.path, found: found)
        }
        let staged = try StagedFolder(for: target)
        do {
            for fold in 1...5 { try staged.createFolder(named: "fold\(fold)") }
            let items = items()
            try writeLabels(of: items, in: staged.url)
            try writeTable(of: items, to: staged.url.appendingPathComponent("samples.csv"))
            let size = parameters.size
            try staged.writeImages(
                items.count, threads: threads, progress: progress, path: { items[$0].pathInSet },
                image: { try items[$0].scene.image(size: size) })
            try staged.commit()
        } catch {
            staged.discard()
            throw error
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
