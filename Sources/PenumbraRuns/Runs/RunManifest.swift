import Foundation
import ImageDatasets
import TensorFiles

/// `run.json`: the stages done in a run, sorted by name, in enough detail to repeat them. Every path in it is relative to the
/// run's folder, so a run can be moved together with the files beside it. Older program versions wrote absolute paths, which
/// can be read too.
package struct RunManifest: Codable, Sendable, Equatable {
    /// One stage of a run.
    package struct Stage: Codable, Sendable, Equatable {
        /// The command that performs only this stage, in the run's folder.
        var command: String
        /// Everything that its outputs depend on, besides the inputs and the version.
        var parameters: JSONValue
        /// The folder of images that it was given.
        var data: String?
        /// How the folder was read, unless that was inferred from its content.
        var reading: DatasetReading?
        /// The SHA-256 of each input file by its path, or of the fingerprint of a folder of images.
        var inputs: [String: String]
        /// Paths within the run.
        var outputs: [String]
        /// What produced them; nil in records of older programs.
        var provenance: Provenance?
    }

    /// The program's version.
    var version = PenumbraVersion.current
    /// The stages by name, such as `split-1/hard/train`.
    var stages: [String: Stage] = [:]
}
