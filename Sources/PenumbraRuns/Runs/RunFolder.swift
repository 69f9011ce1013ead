import Foundation
import ImageDatasets
import TensorFiles
import Training

/// A run on disk; the only place that knows where its files lie.
///
///     run.json
///     dataset/Shapes/…                          made by `reproduce`
///     split-1/hard/  split-1-seed-0/soft/ …     `RunMember`
///     evaluation.json  table.md  table.csv  table.tex
///     figure.png  figure.svg  figure.pdf
package struct RunFolder: Sendable, Equatable {
    /// The run's folder, which need not exist yet.
    let url: URL

    package init(
        url: URL
    ) {
        self.url = url
    }

    /// Where the stages are recorded.
    package var manifest: URL { url.appendingPathComponent("run.json") }
    /// The folder that holds the generated data set's own.
    var dataset: URL { url.appendingPathComponent("dataset", isDirectory: true) }
    /// Measures of all members and their means, as JSON.
    package var evaluation: URL { url.appendingPathComponent("evaluation.json") }

    /// The figure of the run's maps; with several repetitions, of one of them.
    func figure(_ repetition: Repetition?, fileExtension: String) -> URL {
        url.appendingPathComponent("figure\(repetition.map { "-\($0.name)" } ?? "").\(fileExtension)")
    }

    /// What the trainings of one kind make.
    func member(_ repetition: Repetition, kind: MemberKind) -> RunMember {
        RunMember(run: self, repetition: repetition, kind: kind)
    }

    /// What a training with `parameters` makes; `namesSeed` where the run has trainings of several seeds.
    package func member(of parameters: TrainingParameters, namesSeed: Bool = false) -> RunMember {
        member(
            Repetition(split: parameters.split, seed: namesSeed ? parameters.seed : nil),
            kind: MemberKind(of: parameters))
    }

    /// The members that have a folder, by split and seed and then by kind.
    package var members: [RunMember] {
        func names(in folder: URL) -> [String] {
            (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        }
        return names(in: url).compactMap(Repetition.init(name:)).sorted(by: Repetition.precedes).flatMap { repetition in
            names(in: url.appendingPathComponent(repetition.name, isDirectory: true))
                .compactMap(MemberKind.init(name:)).sorted(by: MemberKind.precedes)
                .map { member(repetition, kind: $0) }
        }
    }

    /// The members that a path of the user's names: those of a run, or the one whose folder it is (`RUN/split-1/soft`).
    package static func members(at url: URL) -> [RunMember] {
        let repetition = url.deletingLastPathComponent()
        if MemberKind(name: url.lastPathComponent) != nil, Repetition(name: repetition.lastPathComponent) != nil {
            return RunFolder(url: repetition.deletingLastPathComponent()).members.filter {
                $0.url.standardizedFileURL == url.standardizedFileURL
            }
        }
        return RunFolder(url: url).members
    }

    /// Throws `InputError.seedsMixed` where the run has a training of the same split and kind whose folder is named by its
    /// seed and that of `member` is not, or the other way round: what is one training would count as two.
    func checkSeeds(of member: RunMember) throws(InputError) {
        let other = members.first {
            $0.kind == member.kind && $0.repetition.split == member.repetition.split
                && ($0.repetition.seed == nil) != (member.repetition.seed == nil)
        }
        if let other { throw .seedsMixed(path: url.path, found: other.name, expected: member.name) }
    }

    /// Makes the folder where it is missing. Throws `FileWriteError`.
    package func create() throws { try OutputFolder.create(url) }

    /// The record of what was done, empty where there is none. Throws `FileReadError` or `InputError`.
    func readManifest() throws -> RunManifest {
        if !FileManager.default.fileExists(atPath: manifest.path) { return RunManifest() }
        return try JSONText.read(RunManifest.self, as: .runRecord, from: manifest)
    }

    /// Records a stage, or forgets it (nil). Several programs may record in one run at once. Throws as `readManifest`
    /// does, and `FileWriteError`.
    package func record(_ stage: RunManifest.Stage?, as name: String) throws {
        try alone {
            var record = try readManifest()
            record.version = PenumbraVersion.current
            record.stages[name] = stage
            try JSONText.write(record, as: .runRecord, to: manifest)
        }
    }

    /// Runs `body` while no other program, and no other thread, runs one for this folder.
    private func alone(_ body: () throws -> Void) throws {
        let folder = open(url.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder < 0 { throw FileWriteError(path: url.path, doing: "opening the folder", errno: errno) }
        defer { close(folder) }
        // Where a file system knows no locks, the last of two writers wins, as without them.
        while flock(folder, LOCK_EX) != 0 && errno == EINTR {}
        try body()
    }

    /// The path of a file as the record names it: relative to the run's folder, which is `.` itself.
    func name(of file: URL) -> String {
        var (parts, root) = (Self.parts(of: file), Self.parts(of: url))
        if !parts.starts(with: root) {
            // Across a symbolic link, `..` leads to the folder that the link names.
            root = Self.parts(of: url.resolvingSymlinksInPath())
            parts =
                Self.parts(of: file.deletingLastPathComponent().resolvingSymlinksInPath()) + [file.lastPathComponent]
        }
        let shared = zip(parts, root).prefix { $0 == $1 }.count
        let names = Array(repeating: "..", count: root.count - shared) + parts.dropFirst(shared)
        return names.isEmpty ? "." : names.joined(separator: "/")
    }

    private static func parts(of file: URL) -> [String] {
        file.standardizedFileURL.path.split(separator: "/").map(String.init)
    }

    /// The file that the record calls `name`.
    func file(named name: String) -> URL {
        if name.hasPrefix("/") { return URL(fileURLWithPath: name) }
        let root = name.hasPrefix("..") ? url.resolvingSymlinksInPath() : url
        return root.appendingPathComponent(name).standardizedFileURL
    }
}
