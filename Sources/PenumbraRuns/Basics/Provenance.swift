import Foundation
import Numerics

/// What made a stage's files, where and when. Not part of what decides whether a stage is done.
package struct Provenance: Codable, Sendable, Equatable {
    /// What the bytes of a result depend on beside its inputs and parameters.
    package enum Dependence: String, Codable, Sendable, CaseIterable {
        case libraries, processor, threads
    }

    /// Of the program.
    var version = PenumbraVersion.current
    /// That the program was built from; nil where its build did not say.
    var commit = PenumbraVersion.commit
    /// Versions by name.
    var libraries = Dictionary(uniqueKeysWithValues: PenumbraVersion.libraries.map { ($0.name, $0.version) })
    var processor = Processor.name
    /// Those that the inner loops used.
    var instructions = Processor.instructions
    var threads: Int
    /// When the stage began and ended, in UTC.
    var started: String
    var finished: String
    /// The same program gives the same bytes where these are the same.
    var bytesDependOn: [Dependence]

    init(threads: ThreadCount, started: Date, finished: Date = Date(), bytesDependOn: [Dependence]) {
        self.threads = threads.count
        self.started = Self.text(started)
        self.finished = Self.text(finished)
        self.bytesDependOn = bytesDependOn
    }

    private static func text(_ date: Date) -> String { date.formatted(.iso8601) }
}
