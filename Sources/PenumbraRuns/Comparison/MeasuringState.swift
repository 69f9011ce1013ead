import FeatureSpaces
import Foundation
import NeighborEmbedding
import Numerics
import TensorFiles

/// What a comparison has measured so far, in one file per space beside its maps, so that the same command does not measure it
/// again after an interruption. The files are removed once the comparison is complete.
struct MeasuringState {
    /// What the findings belong to.
    struct Identity: Codable, Equatable {
        var version = PenumbraVersion.current
        var instructionSet = TSNE.instructionSet
        /// The digests of each space's features, labels and ids.
        var digests: [String]
        var parameters: MeasureParameters

        init(_ spaces: [FeatureSpace], _ parameters: MeasureParameters) {
            digests = spaces.flatMap { space in
                [
                    SHA256Digest.of(space.features), SHA256Digest.of(space.labels.flatMap(\.probabilities)),
                    SHA256Digest.of(space.tieNumbers),
                ]
            }.map(\.description)
            self.parameters = parameters
        }
    }

    /// A file's content.
    struct Content<Findings: Codable>: Codable {
        var identity: Identity
        var findings: Findings
    }

    let folder: URL
    let parameters: MeasureParameters
    let threads: ThreadCount

    /// Measures features and map, unless the file of `name` already holds the findings for them. Throws `FileWriteError` and
    /// what measuring throws.
    func measured(features: FeatureSpace, map: FeatureSpace, name: String) throws -> MappedSpace {
        try kept(in: url(of: name), of: Identity([features, map], parameters), findings: \MappedSpace.findings) {
            MappedSpace(features: features, map: map, parameters: parameters, findings: $0)
        } measured: {
            try MappedSpace(features: features, map: map, parameters: parameters, threads: threads)
        }
    }

    /// Measures a space without a map, in the same way.
    func measured(_ space: FeatureSpace, name: String) throws -> MeasuredSpace {
        try kept(in: url(of: name), of: Identity([space], parameters), findings: \MeasuredSpace.findings) {
            MeasuredSpace(space, parameters: parameters, findings: $0)
        } measured: {
            MeasuredSpace(space, parameters: parameters, threads: threads)
        }
    }

    /// What `restored` makes from the file's findings; if it returns nil, what `measured` returns, whose findings are then
    /// written to the file.
    private func kept<Space, Findings: Codable>(
        in url: URL, of identity: Identity, findings: (Space) -> Findings, restored: (Findings) -> Space?,
        measured: () throws -> Space
    ) throws -> Space {
        if let found = Self.findings(Findings.self, in: url, of: identity).flatMap(restored) { return found }
        let space = try measured()
        try JSONText.write(Content(identity: identity, findings: findings(space)), to: url)
        return space
    }

    /// Removes the files of `names`, if they exist.
    func remove(_ names: [String]) {
        for name in names { try? FileManager.default.removeItem(at: url(of: name)) }
    }

    /// The file of a space.
    func url(of name: String) -> URL { folder.appendingPathComponent("\(name).measures.json") }

    /// Nil if there is no such file, or one that is unreadable or belongs to other spaces: these are then measured again.
    private static func findings<Findings: Codable>(
        _ type: Findings.Type, in url: URL, of identity: Identity
    ) -> Findings? {
        guard FileManager.default.fileExists(atPath: url.path),
            let content = try? JSONText.read(Content<Findings>.self, from: url), content.identity == identity
        else { return nil }
        return content.findings
    }
}
