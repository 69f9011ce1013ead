import FeatureSpaces
import Foundation
import NeighborEmbedding
import Numerics
import TensorFiles

/// What a comparison has measured so far, in one file per space beside its maps, so that the same command does not measure
/// it again after an interruption. The files are removed when the comparison has ended.
struct MeasuringState {
    /// What findings are of.
    struct Identity: Codable, Equatable {
        var version = PenumbraVersion.current
        var instructionSet = TSNE.instructionSet
        /// Of features and labels of each space.
        var digests: [String]
        var parameters: MeasureParameters

        init(_ spaces: [FeatureSpace], _ parameters: MeasureParameters) {
            digests = spaces.flatMap { space in
                [SHA256Digest.of(space.features), SHA256Digest.of(space.labels.flatMap(\.probabilities))]
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

    /// Measures features and map, unless the file of `name` holds what was found in them. Throws `FileWriteError` and what
    /// measuring throws.
    func measured(features: FeatureSpace, map: FeatureSpace, name: String) throws -> MappedSpace {
        let (url, identity) = (url(of: name), Identity([features, map], parameters))
        if let findings = Self.findings(MappedSpace.Findings.self, in: url, of: identity),
            let found = MappedSpace(features: features, map: map, parameters: parameters, findings: findings)
        {
            return found
        }
        let made = try MappedSpace(features: features, map: map, parameters: parameters, threads: threads)
        try JSONText.write(Content(identity: identity, findings: made.findings), to: url)
        return made
    }

    /// Measures a space without a map. As the other.
    func measured(_ space: FeatureSpace, name: String) throws -> MeasuredSpace {
        let (url, identity) = (url(of: name), Identity([space], parameters))
        if let findings = Self.findings(MeasuredSpace.Findings.self, in: url, of: identity),
            let found = MeasuredSpace(space, parameters: parameters, findings: findings)
        {
            return found
        }
        let made = MeasuredSpace(space, parameters: parameters, threads: threads)
        try JSONText.write(Content(identity: identity, findings: made.findings), to: url)
        return made
    }

    /// Removes the files of `names`, where they are.
    func remove(_ names: [String]) {
        for name in names { try? FileManager.default.removeItem(at: url(of: name)) }
    }

    /// The file of a space.
    func url(of name: String) -> URL { folder.appendingPathComponent("\(name).measures.json") }

    /// Nil where there is no such file, or one that cannot be read or is of other spaces: then they are measured again.
    static func findings<Findings: Codable>(
        _ type: Findings.Type, in url: URL, of identity: Identity
    ) -> Findings? {
        guard FileManager.default.fileExists(atPath: url.path),
            let content = try? JSONText.read(Content<Findings>.self, from: url), content.identity == identity
        else { return nil }
        return content.findings
    }
}
