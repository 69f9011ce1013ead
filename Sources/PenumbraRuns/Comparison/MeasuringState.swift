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
        try kept(in: url(of: name), of: Identity([features, map], parameters), findings: \MappedSpace.findings) {
            MappedSpace(features: features, map: map, parameters: parameters, findings: $0)
        } measured: {
            try MappedSpace(features: features, map: map, parameters: parameters, threads: threads)
        }
    }

    /// Measures a space without a map. As the other.
    func measured(_ space: FeatureSpace, name: String) throws -> MeasuredSpace {
        try kept(in: url(of: name), of: Identity([space], parameters), findings: \MeasuredSpace.findings) {
            MeasuredSpace(space, parameters: parameters, findings: $0)
        } measured: {
            MeasuredSpace(space, parameters: parameters, threads: threads)
        }
    }

    /// What `restored` makes of the file's findings; where it makes nothing, what `measured` makes, whose findings the file
    /// then holds.
    private func kept<Space, Findings: Codable>(
        in url: URL, of identity: Identity, findings: (Space) -> Findings, restored: (Findings) -> Space?,
        measured: () throws -> Space
    ) throws -> Space {
        if let found = Self.findings(Findings.self, in: url, of: identity).flatMap(restored) { return found }
        let space = try measured()
        try JSONText.write(Content(identity: identity, findings: findings(space)), to: url)
        return space
    }

    /// Removes the files of `names`, where they are.
    func remove(_ names: [String]) {
        for name in names { try? FileManager.default.removeItem(at: url(of: name)) }
    }

    /// The file of a space.
    func url(of name: String) -> URL { folder.appendingPathComponent("\(name).measures.json") }

    /// Nil where there is no such file, or one that cannot be read or is of other spaces: then they are measured again.
    private static func findings<Findings: Codable>(
        _ type: Findings.Type, in url: URL, of identity: Identity
    ) -> Findings? {
        guard FileManager.default.fileExists(atPath: url.path),
            let content = try? JSONText.read(Content<Findings>.self, from: url), content.identity == identity
        else { return nil }
        return content.findings
    }
}
