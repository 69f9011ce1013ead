import Backbones
import Foundation
import TensorFiles

/// The features and predictions of one share of the images, and of all shares together.
extension Embedding {
    private static let stagePrefix = "stage/"

    /// What determines the rows.
    private func inputs() throws -> [String: String] {
        [
            "checkpoint": try SHA256Digest.of(file: weights.url).description,
            "data set": try source.fingerprint,
        ]
    }

    /// The images, out of all, that this job processes.
    func own(_ all: [Int]) throws(PartError) -> [Int] {
        guard case .share(let share, _, _) = partial else { return all }
        if share.count > all.count { throw .tooManyShares(images: all.count, shares: share.count) }
        return Array(all[share.range(of: all.count)])
    }

    /// The combined results of the shares. Throws `PartError`.
    func merged(_ parts: MergedParts, total: Int, stages: [String]) throws -> FeatureExtractor.Extraction {
        try parts.check(total: total, inputs: inputs(), path: weights.url.path)
        return FeatureExtractor.Extraction(
            features: try parts.rows("features"), probabilities: try parts.rows("probabilities"),
            logits: try parts.rows("logits"), stages: try stages.map { try parts.rows(Self.stagePrefix + $0) })
    }

    /// Writes this job's rows if it processes a share.
    func writeShare(_ extraction: FeatureExtractor.Extraction, total: Int, stages: [String]) throws {
        guard case .share(let share, let folder, let command) = partial else { return }
        var content = SafetensorsFile()
        content.append("features", extraction.features)
        content.append("probabilities", extraction.probabilities)
        content.append("logits", extraction.logits)
        for (name, array) in zip(stages, extraction.stages) { content.append(Self.stagePrefix + name, array) }
        try PartFile(
            share: share, folder: folder, command: command, inputs: inputs(), total: total, content: content
        ).write()
    }
}

extension PartFile {
    /// A share's identity, for a command given in the current folder.
    init(
        share: WorkShare, folder: URL, command: [String], inputs: [String: String], total: Int, content: SafetensorsFile
    ) {
        self.init(
            url: Self.url(of: share, in: folder), share: share,
            identity: Identity(
                command: command, folder: FileManager.default.currentDirectoryPath, inputs: inputs, total: total),
            content: content)
    }
}
