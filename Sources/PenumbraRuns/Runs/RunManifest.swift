import Foundation
import ImageDatasets
import TensorFiles

/// `run.json`: what was done in a run, in the order of its names, in enough detail to repeat it. Every path in it is
/// relative to the run's folder, so that a run can be moved together with the files beside it. Older program versions
/// wrote absolute paths, which are read too.
package struct RunManifest: Codable, Sendable, Equatable {
    /// One stage of a run.
    package struct Stage: Codable, Sendable, Equatable {
        /// The command that does this stage alone, in the run's folder.
        var command: String
        /// Everything that its outputs depend on beside the inputs and the version.
        var parameters: JSONValue
        /// The folder of images that it was given.
        var data: String?
        /// How it was read, where that was not left to what it holds.
        var reading: DatasetReading?
        /// SHA-256 of each input file by its path, or of what stands for a folder of images.
        var inputs: [String: String]
        /// Paths within the run.
        var outputs: [String]
        /// What made them; nil in records of older programs.
        var provenance: Provenance?
    }

    /// Of the program.
    var version = PenumbraVersion.current
    /// By name, such as `split-1/hard/train`.
    var stages: [String: Stage] = [:]
}
