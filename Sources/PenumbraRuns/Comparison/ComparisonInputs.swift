import Backbones
import Numerics
import Foundation
import ImageDatasets
import TerminalProgress

/// What the arguments of `compare` stand for: runs, trainings of a run, checkpoints, files of features.
package struct ComparisonInputs {
    let paths: [URL]
    /// One for each path, or none.
    let names: [String]
    /// How files of features are read.
    let reading: FeatureReading
    /// The table of labels of all files of features; nil for the one beside each.
    let labels: URL?
    /// The images of checkpoints.
    let data: DatasetSource?
    let split: Split
    /// Where the features of checkpoints go.
    let folder: URL
    let predictor: RunPredictions

    package init(
        paths: [URL], names: [String], reading: FeatureReading, labels: URL?, data: DatasetSource?, split: Split,
        folder: URL,
        predictor: RunPredictions
    ) {
        self.paths = paths
        self.names = names
        self.reading = reading
        self.labels = labels
        self.data = data
        self.split = split
        self.folder = folder
        self.predictor = predictor
    }

    private static let featureFormats: Set = ["npy", "npz", "csv", "tsv"]
    /// Files that are checkpoints unless an array of theirs is named.
    private static let arrayFormats: Set = ["pt", "pth", "safetensors", "h5", "hdf5"]

    /// The kinds in the order of the arguments. Throws `InputError` and what reading and extracting throw.
    package func kinds() throws -> [ComparedKind] {
        try ComparedKind.group(
            paths.indices.flatMap { index in
                let found = try spaces(of: paths[index], number: index + 1)
                return names.isEmpty ? found : found.map { (names[index], $0.space) }
            })
    }

    private func spaces(of url: URL, number: Int) throws -> [(name: String, space: ComparedSpace)] {
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
        if isThere && isFolder.boolValue { return try spaces(ofRun: url) }
        let stem = url.deletingPathExtension().lastPathComponent
        let format = url.pathExtension.lowercased()
        let areFeatures =
            Self.featureFormats.contains(format) || reading.array != nil && Self.arrayFormats.contains(format)
        if areFeatures || !isThere {
            let samples = labels ?? SampleTable.url(besideFeatures: url)
            var reading = reading
            if ["npy", "csv", "tsv"].contains(format) { reading.array = nil }
            if !["csv", "tsv"].contains(format) { (reading.columns, reading.skipColumns) = ([], []) }
            let space = try ComparedSpace(
                path: url.relativePath, features: url, reading: reading, samples: samples, data: data)
            return [(stem, space)]
        }
        return [(stem, try space(ofCheckpoint: url, number: number))]
    }

    /// A run's trainings, or one of them.
    private func spaces(ofRun url: URL) throws -> [(name: String, space: ComparedSpace)] {
        let name = url.lastPathComponent, parent = url.deletingLastPathComponent()
        if MemberKind(name: name) != nil, parent.lastPathComponent.hasPrefix("split-") {
            let run = RunFolder(url: parent.deletingLastPathComponent())
            if let member = run.members.first(where: { $0.url.standardizedFileURL == url.standardizedFileURL }) {
                return [try space(of: member)]
            }
        }
        let members = RunFolder(url: url).members.filter {
            [$0.embeddings, $0.checkpoint].contains { FileManager.default.fileExists(atPath: $0.path) }
        }
        if members.isEmpty { throw InputError.nothingInRun(path: url.path, needed: "features and no checkpoint") }
        return try members.map(space(of:))
    }

    private func space(of member: RunMember) throws -> (name: String, space: ComparedSpace) {
        try predictor.make(member, needsFeatures: true)
        let space = try ComparedSpace(
            path: "\(member.run.url.relativePath)/\(member.name)", split: "split-\(member.split)",
            features: member.embeddings, samples: member.samples, data: try data ?? predictor.source(of: member))
        return (member.kind.heading, space)
    }

    private func space(ofCheckpoint url: URL, number: Int) throws -> ComparedSpace {
        guard let data else { throw InputError.noData(path: url.path) }
        let target = folder.appendingPathComponent("checkpoint-\(number)", isDirectory: true)
        try OutputFile.createFolder(target)
        let result = try Embedding(
            weights: WeightSource(url), source: data, split: split, subset: .test, precision: predictor.precision,
            note: predictor.note
        ).run(threads: predictor.threads, title: "embed \(url.lastPathComponent)", progress: predictor.progress)
        let features = target.appendingPathComponent("embeddings.npy")
        let samples = target.appendingPathComponent("samples.csv")
        try result.writeArray(to: features, samples: samples)
        if result.hasClassifier {
            try result.writePredictions(
                to: target.appendingPathComponent("predictions.csv"), checkpointPath: url.path)
        }
        return try ComparedSpace(path: url.relativePath, features: features, samples: samples, data: data)
    }
}
