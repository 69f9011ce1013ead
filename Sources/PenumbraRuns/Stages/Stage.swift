import Numerics
import Foundation
import ImageDatasets
import TensorFiles
import TerminalProgress

/// One step of a run: what it depends on, what it makes, and how.
package struct Stage {
    /// What a stage's work is given.
    struct Context {
        /// What is being done, for its progress.
        let title: String
        let progress: ProgressOutput
        let threads: ThreadCount
    }

    /// Under which it is recorded, such as `split-1/hard/train`.
    package let name: String
    /// For people: `train hard`.
    let title: String
    /// The command line that does this stage alone, in the run's folder.
    let command: String
    /// Everything that the outputs depend on beside the inputs.
    let parameters: JSONValue
    /// Whether a result of other parameters is worth keeping: then it is an error to find one.
    let isCostly: Bool
    /// The parameters of an older program's record, as today's would have written them.
    var completed: (JSONValue) -> JSONValue = { $0 }
    /// The folder that the stage needs for itself: while it works, no other process may do a stage there.
    var exclusive: URL?
    /// Whether what stands there already is forgotten.
    var startsOver = false
    /// Files and folders that the user named and the stage reads: none of them may be written.
    package var sources: [URL] = []
    /// What the stage writes where its inputs allow it: then it belongs to the outputs.
    var optionalOutputs: [URL] = []
    /// What the stage may leave besides, such as the state of an interrupted training.
    var furtherOutputs: [URL] = []
    /// The folder of images that the stage takes.
    var data: URL?
    /// How that folder is read, where it is not read as what it holds.
    var reading: DatasetReading?
    /// What the outputs' bytes depend on beside inputs and parameters.
    var bytesDependOn: [Provenance.Dependence] = [.libraries, .processor]
    /// A digest of each input by its name in the record. Called when the inputs are there.
    let inputs: () throws -> [String: String]
    package let outputs: [URL]
    let work: (Context) throws -> Void

    /// Everything that the stage may write.
    package var allOutputs: [URL] { outputs + optionalOutputs + furtherOutputs }

    /// The digests of `files`, named as `run` names them. Throws `FileReadError`.
    static func digests(of files: [URL], in run: RunFolder) throws -> [String: String] {
        var digests: [String: String] = [:]
        for file in files { digests[run.name(of: file)] = try SHA256Digest.of(file: file).description }
        return digests
    }
}
