import Numerics
import Foundation
import ImageDatasets
import TensorFiles
import TerminalProgress

/// A data set that the program makes itself, alone or as a part of a run.
package enum GeneratedSet {
    case shapes(ShapesParameters)
    case fibres(FibresParameters)

    /// For people.
    var title: String {
        switch self {
        case .shapes: "shapes"
        case .fibres: FibresGenerator.name
        }
    }

    /// The set's folder, within `folder`.
    func url(in folder: URL) -> URL {
        switch self {
        case .shapes: folder.appendingPathComponent(ShapesGenerator.name, isDirectory: true)
        case .fibres: folder.appendingPathComponent(FibresGenerator.folderName, isDirectory: true)
        }
    }

    /// The command that makes it in the folder of this name.
    func words(in folder: String) -> [String] {
        switch self {
        case .shapes(let set):
            [
                "penumbra", "generate", "shapes", "--out", folder, "--count", "\(set.count)", "--size",
                "\(set.size)",
                "--pure", "\(set.pureShare)", "--seed", "\(set.seed)",
            ]
        case .fibres(let set):
            [
                "penumbra", "generate", "fibres", "--out", folder, "--count", "\(set.count)", "--size",
                "\(set.size)",
                "--annotators", "\(set.annotators)", "--seed", "\(set.seed)",
            ]
        }
    }

    /// What it depends on, as a record. Throws what encoding throws.
    func record() throws -> JSONValue {
        switch self {
        case .shapes(let set): try JSONValue(encoding: set)
        case .fibres(let set): try JSONValue(encoding: set)
        }
    }

    /// Makes the set in `folder`, unless it is there already, and returns its own folder. Throws `Interruption` and what
    /// the generators throw.
    @discardableResult
    package func make(in folder: URL, threads: ThreadCount, title: String, progress: ProgressOutput) throws -> URL {
        try OutputFile.createFolder(folder)
        let lock = try OutputLock(folder: folder)
        defer { lock.release() }
        switch self {
        case .shapes(let set):
            let generator = ShapesGenerator(set)
            if generator.destination(in: folder) == .complete { return url(in: folder) }
            return try Self.watch(set.count, title, progress) {
                try generator.generate(in: folder, threads: threads, progress: $0)
            }
        case .fibres(let set):
            let generator = FibresGenerator(set)
            if generator.destination(in: folder) == .complete { return url(in: folder) }
            return try Self.watch(set.count, title, progress) {
                try generator.generate(in: folder, threads: threads, progress: $0)
            }
        }
    }

    /// Shows the progress of making `count` images, and ends it where the user interrupts. Throws `Interruption` and what
    /// `generate` throws.
    package static func watch<Value>(
        _ count: Int, _ title: String, _ progress: ProgressOutput, _ generate: ((Int) throws -> Void) throws -> Value
    ) throws -> Value {
        let display = ProgressDisplay(title, total: count, unit: "images", to: progress)
        let value = try generate { done in
            display.update(done)
            try Interruption.check(kept: "no image set was left behind")
        }
        display.end()
        return value
    }
}
