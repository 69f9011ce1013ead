import ImageDatasets
import Foundation

/// One training of a run, and what is made from it.
package struct RunMember: Sendable, Equatable {
    let run: RunFolder
    let repetition: Repetition
    let kind: MemberKind

    /// `split-1/hard`.
    package var name: String { "\(repetition.name)/\(kind.name)" }
    package var split: Split { repetition.split }
    package var url: URL { run.url.appendingPathComponent(name, isDirectory: true) }

    /// Weights of the network.
    package var checkpoint: URL { file("checkpoint.safetensors") }
    /// What resuming needs besides the weights.
    package var resume: URL { file("resume.safetensors") }
    /// One row per epoch.
    package var history: URL { file("history.csv") }
    /// `ProfileTable` of the last profiled training.
    package var profile: URL { file("profile.csv") }
    /// `PredictionTable` of the test split.
    package var predictions: URL { file("predictions.csv") }
    /// The folder of a search's trials.
    var grid: URL { url.appendingPathComponent("grid", isDirectory: true) }
    /// The results of a search, one row per trial, and the same for people.
    var gridTable: URL { file("grid.csv") }
    var gridReport: URL { file("grid.md") }
    /// GAP features of the test split, one row per sample.
    var embeddings: URL { file("embeddings.npy") }
    /// `SampleTable` of the same rows.
    var samples: URL { file("samples.csv") }
    /// `LayoutFile` of the embeddings.
    var layout: URL { file("tsne.csv") }
    /// `LayoutReport`: how the layout was made.
    var layoutReport: URL { file("tsne.json") }

    /// Whether a training of the run, which keeps a record, has begun and not ended. Throws as `RunFolder.readManifest` does.
    package func isUnfinished() throws -> Bool {
        let stages = try run.readManifest().stages
        return !stages.isEmpty && stages[stage("train")] == nil && FileManager.default.fileExists(atPath: resume.path)
    }

    /// `members` of the run at `url` except those still in training, which are noted; all of them if all are. Throws as
    /// `isUnfinished` does.
    package static func finished(_ members: [RunMember], of url: URL, note: (String) -> Void) throws -> [RunMember] {
        let unfinished = try members.filter { try $0.isUnfinished() }
        if unfinished.count == members.count { return members }
        for member in unfinished { note("\(url.relativePath)/\(member.name): its training has not ended; left out") }
        return members.filter { !unfinished.contains($0) }
    }

    /// Throws `InputError.severalDataSets` if the records say that `members` of the run at `url` were trained on different data
    /// sets, and what reading the records throws.
    package static func requireOneDataSet(_ members: [RunMember], of url: URL) throws {
        let trainings = try members.compactMap { member in
            try member.run.readManifest().stages[member.stage("train")].map { (member, $0) }
        }.filter { $0.1.inputs["dataset"] != nil }
        guard let first = trainings.first,
            let other = trainings.first(where: { $0.1.inputs["dataset"] != first.1.inputs["dataset"] })
        else { return }
        throw InputError.severalDataSets(
            path: url.path, first: first.1.training(first.0), second: other.1.training(other.0),
            wayOn: "name each training on its own, or the images to measure on with --data")
    }

    /// The name under which a stage of this member is recorded.
    func stage(_ name: String) -> String { "\(self.name)/\(name)" }

    private func file(_ name: String) -> URL { url.appendingPathComponent(name) }
}

extension RunManifest.Stage {
    /// The training of `member`, of which this is the record, and its data set, for people.
    func training(_ member: RunMember) -> String {
        member.name + (data.map { " on \(member.run.file(named: $0).path)" } ?? "")
    }
}
