import TensorFiles
import Backbones
import Foundation
import ImageDatasets
import LabelFiles

/// What the arguments of `compare` refer to: runs, single trainings of a run, checkpoints, or files of features.
package struct ComparisonInputs {
    let paths: [URL]
    /// One name per path, or none.
    let names: [String]
    /// How files of features are read.
    let features: FeatureReading
    /// The table of labels for all files of features; nil for the one beside each file.
    let labels: URL?
    /// How to read that table.
    let reading: LabelReading
    /// The images of checkpoints.
    let data: DatasetSource?
    let split: Split
    /// Which samples are compared.
    let choice: SampleChoice
    /// Whether spaces may differ in more than their kind.
    let allowsDifferent: Bool
    /// The folder for the features of checkpoints.
    let folder: URL
    let predictor: RunPredictions

    package init(
        paths: [URL], names: [String], features: FeatureReading, labels: URL?, reading: LabelReading,
        data: DatasetSource?, split: Split, choice: SampleChoice = SampleChoice(), allowsDifferent: Bool = false,
        folder: URL, predictor: RunPredictions
    ) {
        self.paths = paths
        self.names = names
        self.features = features
        self.labels = labels
        self.reading = reading
        self.data = data
        self.split = split
        self.choice = choice
        self.allowsDifferent = allowsDifferent
        self.folder = folder
        self.predictor = predictor
    }

    /// The kinds in the order of the arguments, and how the tables beside their features differ, if that is allowed. Throws
    /// `InputError` and what reading and extracting throw.
    package func kinds() throws -> (kinds: [ComparedKind], labelDifferences: [String]) {
        try FeatureFileFormat.refuse(features, for: paths)
        try refuseUnusedReading()
        let all = try paths.indices.flatMap { index -> [(name: String, space: ComparedSpace)] in
            let found = try spaces(of: paths[index], number: index + 1)
            return names.isEmpty ? found : found.map { (names[index], $0.space) }
        }
        // Only once if one file labels all spaces.
        var said: Set<String> = []
        for line in all.flatMap({ $0.space.lines + $0.space.samples.remarks }) where said.insert(line).inserted {
            predictor.note(line)
        }
        let differences = try labelDifferences(all.map(\.space))
        let chosen = try choice.applied(to: all.map(\.space), folder: folder, note: predictor.note)
        return (try ComparedKind.group(zip(all.map(\.name), chosen).map { ($0, $1) }), differences)
    }

    /// Throws `InputError.otherLabels` if the labels differ, or the tables beside the features unless that is allowed.
    private func labelDifferences(_ spaces: [ComparedSpace]) throws(InputError) -> [String] {
        let relabelled = "--allow-different if they are the same samples, labelled anew"
        let areFiles = paths.allSatisfy { FeatureFileFormat.areFeatures($0, namedArray: features.array) }
        try LabelAgreement.check(
            spaces,
            wayOn: areFiles
                ? "measure both by one file of labels with --labels, and \(relabelled)"
                : "compare spaces of one data set")
        let differences = LabelAgreement.ownDifferences(spaces)
        if let first = differences.first, !allowsDifferent {
            throw .otherLabels(first, wayOn: "compare features of one data set, or use \(relabelled)")
        }
        return differences
    }

    /// Throws `InputError` if options were given that no argument uses: `ofCheckpoints` are for checkpoints, and `ofTrainings` also
    /// for runs. What does not exist is another error.
    package func refuse(ofCheckpoints: [String], ofTrainings: [String]) throws(InputError) {
        var given = ofCheckpoints + ofTrainings
        for path in paths where !FeatureFileFormat.areFeatures(path, namedArray: features.array) {
            var isFolder: ObjCBool = false
            if !FileManager.default.fileExists(atPath: path.path, isDirectory: &isFolder) { return }
            given.removeAll { !isFolder.boolValue || ofTrainings.contains($0) }
        }
        if !given.isEmpty { throw .optionsOfCheckpoints(path: paths[0].path, options: given) }
    }

    /// Throws `InputError` if options say how to read labels, but neither a file of labels nor a data set is named: the tables
    /// beside files of features are those of this program.
    private func refuseUnusedReading() throws(InputError) {
        if labels != nil || data != nil { return }
        guard paths.allSatisfy({ FeatureFileFormat.areFeatures($0, namedArray: features.array) }) else { return }
        try reading.refuse(withoutLabelsOf: paths[0].path)
    }

    private func spaces(of url: URL, number: Int) throws -> [(name: String, space: ComparedSpace)] {
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
        if isThere && isFolder.boolValue { return try spaces(ofRun: url) }
        let stem = SpaceNames.name(of: url, among: paths)
        if FeatureFileFormat.areFeatures(url, namedArray: features.array) || !isThere {
            let features = FeatureFileFormat.reading(features, of: url)
            let beside = SampleTable.url(besideFeatures: url)
            if labels == nil, isThere, !FileManager.default.fileExists(atPath: beside.path) {
                throw InputError.noLabels(features: url.path, expected: beside.lastPathComponent)
            }
            let space = try ComparedSpace(
                path: url.relativePath, features: url, reading: features, samples: labels ?? beside,
                labelReading: labels == nil ? LabelReading() : reading, data: data,
                allowsUnlabelled: choice.takesCommon, isForeign: true)
            return [(stem, space)]
        }
        return [(stem, try space(ofCheckpoint: url, number: number))]
    }

    /// The spaces of a run's trainings, or of one of them.
    private func spaces(ofRun url: URL) throws -> [(name: String, space: ComparedSpace)] {
        let members = try RunMember.finished(
            RunFolder.members(at: url).filter {
                [$0.embeddings, $0.checkpoint].contains { FileManager.default.fileExists(atPath: $0.path) }
            }, of: url, note: predictor.note)
        if members.isEmpty { throw InputError.nothingInRun(path: url.path, needed: "features and no checkpoint") }
        return try members.map(space(of:))
    }

    private func space(of member: RunMember) throws -> (name: String, space: ComparedSpace) {
        try predictor.make(member, needsFeatures: true)
        let space = try ComparedSpace(
            path: "\(member.run.url.relativePath)/\(member.name)", split: "split-\(member.split)",
            features: member.embeddings, samples: member.samples, data: try data ?? predictor.source(of: member),
            training: try TrainingDifferences.record(of: member))
        return (member.kind.heading, space)
    }

    private func space(ofCheckpoint url: URL, number: Int) throws -> ComparedSpace {
        guard let data else { throw FeatureFileFormat.noData(for: url) }
        let target = folder.appendingPathComponent("checkpoint-\(number)", isDirectory: true)
        try OutputFolder.create(target)
        let result = try Embedding(
            weights: WeightSource(url), source: data,
            choice: ExtractionChoice(split: split, subset: .test, precision: predictor.precision), note: predictor.note
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
