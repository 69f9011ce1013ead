import Numerics
import Foundation
import ImageDatasets
import TensorFiles
import TerminalProgress

/// One step of a run: what it depends on, what it produces, and how.
package struct Stage {
    /// What a stage's work receives.
    struct Context {
        /// What is being done, for the progress display.
        let title: String
        let progress: ProgressOutput
        let threads: ThreadCount
    }

    /// The name under which it is recorded, such as `split-1/hard/train`.
    package let name: String
    /// For people: `train hard`.
    let title: String
    /// The command line that performs only this stage, in the run's folder.
    let command: String
    /// Everything that the outputs depend on, besides the inputs.
    let parameters: JSONValue
    /// Whether a result with other parameters is worth keeping: finding one is then an error.
    let isCostly: Bool
    /// The parameters in an older program's record, as the current version would have written them.
    var completed: (JSONValue) -> JSONValue = { $0 }
    /// The folder that the stage needs exclusively: while it runs, no other process may perform a stage there.
    var exclusive: URL?
    /// Whether existing results are discarded.
    var startsOver = false
    /// Files and folders named by the user that the stage reads: none of them may be written.
    package var sources: [URL] = []
    /// Files that the stage writes if its inputs permit; they then belong to the outputs.
    var optionalOutputs: [URL] = []
    /// Other files that the stage may leave, such as the state of an interrupted training.
    var furtherOutputs: [URL] = []
    /// The folder of images that the stage reads.
    var data: URL?
    /// How that folder is read, unless that is inferred from its content.
    var reading: DatasetReading?
    /// What the outputs' bytes depend on, besides inputs and parameters.
    var bytesDependOn: [Provenance.Dependence] = [.libraries, .processor]
    /// A digest of each input by its name in the record. Called once the inputs exist.
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
