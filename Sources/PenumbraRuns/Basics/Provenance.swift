import Foundation
import Numerics

/// What produced a stage's files, where and when. It does not affect whether a stage counts as done.
package struct Provenance: Codable, Sendable, Equatable {
    /// What the bytes of a result depend on, besides its inputs and parameters.
    package enum Dependence: String, Codable, Sendable, CaseIterable {
        case libraries, processor, threads
    }

    /// The program's version.
    var version = PenumbraVersion.current
    /// The commit that the program was built from; nil if the build did not record it.
    var commit = PenumbraVersion.commit
    /// Versions by name.
    var libraries = Dictionary(uniqueKeysWithValues: PenumbraVersion.libraries.map { ($0.name, $0.version) })
    var processor = Processor.name
    /// The instruction set of the inner loops.
    var instructions = Processor.instructions
    var threads: Int
    /// When the stage began and ended, in UTC.
    var started: String
    var finished: String
    /// The same program gives the same bytes if these are the same.
    var bytesDependOn: [Dependence]

    init(threads: ThreadCount, started: Date, finished: Date = Date(), bytesDependOn: [Dependence]) {
        self.threads = threads.count
        self.started = Self.text(started)
        self.finished = Self.text(finished)
        self.bytesDependOn = bytesDependOn
    }

    private static func text(_ date: Date) -> String { date.formatted(.iso8601) }
}
