import Numerics
import Foundation
import ImageDatasets
import TensorFiles
import TerminalProgress

/// A data set that the program generates itself, alone or as part of a run.
package enum GeneratedSet {
    case shapes(ShapesParameters)
    case fibres(FibresParameters)
    /// Mixtures of the images in a folder.
    case mixtures(MixturesParameters, of: DatasetSource)

    private static let mixturesName = "Mixtures"

    /// For people.
    var title: String {
        switch self {
        case .shapes: "shapes"
        case .fibres: FibresGenerator.name
        case .mixtures(_, let source): "mixtures of \(source.url.lastPathComponent)"
        }
    }

    /// The set's folder, within `folder`.
    func url(in folder: URL) -> URL {
        switch self {
        case .shapes: folder.appendingPathComponent(ShapesGenerator.name, isDirectory: true)
        case .fibres: folder.appendingPathComponent(FibresGenerator.folderName, isDirectory: true)
        case .mixtures: folder.appendingPathComponent(Self.mixturesName, isDirectory: true)
        }
    }

    /// The user's images that it is made from.
    var sources: [URL] {
        if case .mixtures(_, let source) = self { [source.url] } else { [] }
    }

    /// The command that makes the set in a run's data set folder.
    func words(in run: RunFolder) -> [String] {
        let folder = run.name(of: run.dataset)
        return switch self {
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
        case .mixtures(let set, let source):
            [
                "penumbra", "generate", "mixtures", run.name(of: source.url), "--out", "\(folder)/\(Self.mixturesName)",
                "--seed",
                "\(set.seed)",
            ]
        }
    }

    /// What it depends on, for a record. Throws what encoding throws.
    func record() throws -> JSONValue {
        switch self {
        case .shapes(let set): try JSONValue(encoding: set)
        case .fibres(let set): try JSONValue(encoding: set)
        case .mixtures(let set, _): try JSONValue(encoding: set)
        }
    }

    /// Makes the set in `folder`, unless it already exists, and returns the set's own folder. Throws `Interruption` and what
    /// the generators throw.
    @discardableResult
    package func make(in folder: URL, threads: ThreadCount, title: String, progress: ProgressOutput) throws -> URL {
        try OutputFolder.create(folder)
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
        case .mixtures(let set, let source):
            let generator = try MixturesGenerator(
                set, of: source.dataset, path: source.url.path, fingerprint: source.fingerprint)
            let target = url(in: folder)
            if generator.destination(at: target) == .complete { return target }
            try Self.watch(generator.count, title, progress) {
                try generator.generate(at: target, threads: threads, progress: $0)
            }
            return target
        }
    }

    /// The digests of what the set is made from, for a record. Throws as `DatasetSource` does.
    func inputs() throws -> [String: String] {
        guard case .mixtures(_, let source) = self else { return [:] }
        return ["source": try source.fingerprint]
    }

    /// Shows progress while `count` images are made, and ends the display if the user interrupts. Throws `Interruption` and
    /// what `generate` throws.
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
