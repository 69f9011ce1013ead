import Foundation
import ImageDatasets
import TensorFiles
import Training

/// A run on disk; the only type that knows where its files are.
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

    /// The record of the stages.
    package var manifest: URL { url.appendingPathComponent("run.json") }
    /// The folder that contains the generated data set's own folder.
    var dataset: URL { url.appendingPathComponent("dataset", isDirectory: true) }
    /// Measures of all members and their means, as JSON.
    package var evaluation: URL { url.appendingPathComponent("evaluation.json") }

    /// The figure of the run's maps; if there are several repetitions, of one of them.
    func figure(_ repetition: Repetition?, fileExtension: String) -> URL {
        url.appendingPathComponent("figure\(repetition.map { "-\($0.name)" } ?? "").\(fileExtension)")
    }

    /// The files of a training of one kind.
    func member(_ repetition: Repetition, kind: MemberKind) -> RunMember {
        RunMember(run: self, repetition: repetition, kind: kind)
    }

    /// The files of a training with `parameters`; `namesSeed` if the run has trainings with several seeds.
    package func member(of parameters: TrainingParameters, namesSeed: Bool = false) -> RunMember {
        member(
            Repetition(split: parameters.split, seed: namesSeed ? parameters.seed : nil),
            kind: MemberKind(of: parameters))
    }

    /// The members that have a folder, ordered by split and seed, then by kind.
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

    /// The members at a path given by the user: those of a run, or the one whose folder it is (`RUN/split-1/soft`).
    package static func members(at url: URL) -> [RunMember] {
        let repetition = url.deletingLastPathComponent()
        if MemberKind(name: url.lastPathComponent) != nil, Repetition(name: repetition.lastPathComponent) != nil {
            return RunFolder(url: repetition.deletingLastPathComponent()).members.filter {
                $0.url.standardizedFileURL == url.standardizedFileURL
            }
        }
        return RunFolder(url: url).members
    }

    /// Throws `InputError.seedsMixed` if the run has a training of the same split and kind that has the seed in its folder name
    /// while that of `member` does not, or vice versa: one training would then count as two.
    func checkSeeds(of member: RunMember) throws(InputError) {
        let other = members.first {
            $0.kind == member.kind && $0.repetition.split == member.repetition.split
                && ($0.repetition.seed == nil) != (member.repetition.seed == nil)
        }
        if let other { throw .seedsMixed(path: url.path, found: other.name, expected: member.name) }
    }

    /// `fingerprint`, that of the data set of `member`, if the run's other trainings have the same. Throws
    /// `InputError.severalDataSets` if one has another: it could not be compared with this one.
    func checkedFingerprint(_ fingerprint: String, of member: RunMember, _ data: URL) throws -> String {
        let stages = try readManifest().stages
        for other in members where other != member {
            guard let stage = stages[other.stage("train")], let found = stage.inputs["dataset"], found != fingerprint
            else { continue }
            throw InputError.severalDataSets(
                path: url.path, first: stage.training(other), second: "\(member.name) on \(data.path)",
                wayOn: "choose another folder for this training")
        }
        return fingerprint
    }

    /// Creates the folder if it is missing. Throws `FileWriteError`.
    package func create() throws { try OutputFolder.create(url) }

    /// The record of what has been done, empty if there is none. Throws `FileReadError` or `InputError`.
    func readManifest() throws -> RunManifest {
        if !FileManager.default.fileExists(atPath: manifest.path) { return RunManifest() }
        return try JSONText.read(RunManifest.self, as: .runRecord, from: manifest)
    }

    /// Records a stage, or removes it (nil). Several programs may record in one run concurrently. Throws as `readManifest`
    /// does, and `FileWriteError`.
    package func record(_ stage: RunManifest.Stage?, as name: String) throws {
        try alone {
            var record = try readManifest()
            record.version = PenumbraVersion.current
            record.stages[name] = stage
            try JSONText.write(record, as: .runRecord, to: manifest)
        }
    }

    /// Runs `body` while no other program or thread runs one for this folder.
    private func alone(_ body: () throws -> Void) throws {
        let folder = open(url.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder < 0 { throw FileWriteError(path: url.path, doing: "opening the folder", errno: errno) }
        defer { close(folder) }
        // On a file system without locks, the last of two writers wins.
        while flock(folder, LOCK_EX) != 0 && errno == EINTR {}
        try body()
    }

    /// The path of a file in the record: relative to the run's folder, which is `.` itself.
    func name(of file: URL) -> String {
        var (parts, root) = (Self.parts(of: file), Self.parts(of: url))
        if !parts.starts(with: root) {
            // Across a symbolic link, `..` leads to the parent of the link's target.
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

    /// The file with this name in the record.
    func file(named name: String) -> URL {
        if name.hasPrefix("/") { return URL(fileURLWithPath: name) }
        let root = name.hasPrefix("..") ? url.resolvingSymlinksInPath() : url
        return root.appendingPathComponent(name).standardizedFileURL
    }
}
