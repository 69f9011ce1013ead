import Numerics
import Foundation
import TensorFiles
import TerminalProgress
import Training
import Parameters

/// Performs the stages of a run one after another, and skips those that are already done.
///
/// A stage is done if `run.json` holds a record of it with the same parameters and the same digests of its inputs, and all its
/// outputs exist. The record is written after the stage's work, so a stage that was interrupted is performed again; how it
/// resumes is up to the stage. If a stage fails before it writes anything, the record of its former outputs stays.
package struct StageRunner {
    package let run: RunFolder
    let threads: ThreadCount
    let progress: ProgressOutput
    /// Receives a note on each stage that is skipped, and on each that begins.
    let note: (String) -> Void

    package init(
        run: RunFolder, threads: ThreadCount, progress: ProgressOutput, note: @escaping (String) -> Void
    ) {
        self.run = run
        self.threads = threads
        self.progress = progress
        self.note = note
    }

    /// Performs what is not yet done. Throws `Interruption`, `InputError.otherParameters` if a costly result with other
    /// parameters is in the way, and what the stages throw.
    package func perform(_ stages: [Stage]) throws {
        try run.create()
        try checkSources(stages)
        try check(stages)
        for (index, stage) in stages.enumerated() {
            try perform(
                stage, title: stages.count == 1 ? stage.title : "[\(index + 1)/\(stages.count)] \(stage.title)")
        }
    }

    private func perform(_ stage: Stage, title: String) throws {
        // Before anything is read or discarded: another process may be working on this stage, or may just have completed it.
        let lock = try stage.exclusive.map { folder in
            try OutputFolder.create(folder)
            return try OutputLock(folder: folder)
        }
        defer { lock?.release() }
        if stage.startsOver { try run.record(nil, as: stage.name) }
        try check([stage])
        let inputs = try stage.inputs()
        if try isDone(stage, inputs: inputs) { return note("\(title): already done") }
        try Interruption.check(kept: "run the same command again to resume with \(stage.title)")
        let former = try run.readManifest().stages[stage.name]
        try run.record(nil, as: stage.name)
        let started = Date(), states = stage.allOutputs.map(FileState.init)
        do { try stage.work(Stage.Context(title: title, progress: progress, threads: threads)) } catch {
            let isUntouched = !states.contains { $0.isFolder } && states == stage.allOutputs.map(FileState.init)
            if let former, isUntouched { try run.record(former, as: stage.name) }
            throw error
        }
        try run.record(
            RunManifest.Stage(
                command: stage.command, parameters: stage.parameters, data: stage.data.map(run.name(of:)),
                reading: stage.reading?.mappingVotes { run.recordedURL(of: $0) },
                inputs: inputs, outputs: (stage.outputs + stage.optionalOutputs.filter(isThere)).map(run.name(of:)),
                provenance: Provenance(
                    threads: threads, started: started, bytesDependOn: stage.bytesDependOn)), as: stage.name)
    }

    /// Throws `InputError.inputIsOutput` if a stage would write a file that the user gives to it or to a later stage. Files
    /// that a stage makes for a later one are allowed.
    package func checkSources(_ stages: [Stage]) throws {
        for (index, stage) in stages.enumerated() where !stage.sources.isEmpty {
            for writer in stages[index...] {
                try OutputFile.check(writer.allOutputs, apartFrom: stage.sources)
            }
            try OutputFile.check([run.manifest], apartFrom: stage.sources)
        }
    }

    /// Removes what the run's record names, what unfinished trainings left, and the record itself; but nothing if one of
    /// `sources` is among them. Throws `FileReadError`, `InputError` or what removing throws.
    package func removeEverything(apartFrom sources: [URL] = []) throws {
        let manifest = try run.readManifest()
        let recorded = Set(manifest.stages.values.flatMap(\.outputs)).sorted()
        for name in recorded { try OutputFile.check([run.url.appendingPathComponent(name)], apartFrom: sources) }
        for name in recorded {
            try removeIfThere(run.url.appendingPathComponent(name), named: name)
        }
        for member in run.members {
            for file in [member.checkpoint, member.resume, member.history, member.profile] { try removeIfThere(file) }
        }
        try removeIfThere(run.manifest)
    }

    /// Removes only what is inside the run, since anyone may have edited the record. A symbolic link is removed itself; a file
    /// behind a link to another folder stays.
    private func removeIfThere(_ url: URL, named name: String? = nil) throws {
        let name = name ?? run.name(of: url)
        guard !name.hasPrefix("/"), !name.hasPrefix(".."), run.name(of: url) == name else { return }
        let root = run.url.resolvingSymlinksInPath().path
        let parts = name.split(separator: "/").dropLast()
        let folder = URL(fileURLWithPath: parts.reduce(root) { "\($0)/\($1)" }, isDirectory: true)
        guard folder.resolvingSymlinksInPath().path == folder.path else { return }
        // Not `fileExists`, which follows links.
        var status = stat()
        if lstat(url.path, &status) == 0 { try FileManager.default.removeItem(at: url) }
    }

    /// Before any work: no costly result with other parameters may be in the way. Throws `InputError.otherParameters`.
    package func check(_ stages: [Stage]) throws {
        let manifest = try run.readManifest()
        for stage in stages where stage.isCostly && !stage.startsOver {
            guard let record = manifest.stages[stage.name] else { continue }
            let differences = JSONValue.differences(found: stage.completed(record.parameters), asked: stage.parameters)
            if !differences.isEmpty {
                // `split-1/hard/train` is in the folder `split-1/hard`.
                let folder = run.url.appendingPathComponent(stage.name).deletingLastPathComponent()
                throw InputError.otherParameters(
                    path: "\(folder.path): \(stage.title)", differences: differences.map(Self.withOption))
            }
        }
    }

    /// A difference that begins with the name of a training's parameter, with its option instead.
    private static func withOption(_ difference: String) -> String {
        let name = difference.prefix { $0 != " " }
        let letters = name.filter { $0 != "_" }
        let option = TrainingParameters.parameters.first { $0.name.lowercased() == letters && $0.form != .none }?.option
        return (option ?? String(name)) + difference.dropFirst(name.count)
    }

    private func isDone(_ stage: Stage, inputs: [String: String]) throws -> Bool {
        guard let record = try run.readManifest().stages[stage.name] else { return false }
        return stage.completed(record.parameters) == stage.parameters && record.inputs == inputs
            && stage.outputs.allSatisfy(isThere)
            && stage.optionalOutputs.allSatisfy { isThere($0) || !record.outputs.contains(run.name(of: $0)) }
    }

    private func isThere(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path) }

    /// What changes if a file is written or replaced.
    private struct FileState: Equatable {
        var isFolder = false
        private var facts: [Int] = []

        init(_ url: URL) {
            var status = stat()
            if stat(url.path, &status) != 0 { return }
            isFolder = status.st_mode & S_IFMT == S_IFDIR
            facts = [
                Int(status.st_dev), Int(status.st_ino), Int(status.st_size), status.st_mtim.tv_sec,
                status.st_mtim.tv_nsec,
            ]
        }
    }
}
