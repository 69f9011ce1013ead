import Foundation
import TensorFiles
import Training

/// One training of a reproduction and what is made from it alone (features and map), as a job for a cluster. Jobs are
/// independent of each other, except for those that start from the weights of another.
package struct ReproductionJob {
    /// Counted from 0, in the order of the reproduction.
    package let number: Int
    let reproduction: Reproduction
    /// The index of the training within the reproduction.
    let index: Int
    /// The job that trains the weights that this one starts from.
    let start: (job: Int, reproduction: Reproduction)?

    /// The progress of a job.
    package enum State: String, Encodable, Sendable {
        case ready, begun, done, waits
    }

    /// What `--list-jobs` says of a job.
    package struct Summary: Encodable {
        let job: Int
        let name: String
        let state: State
        /// The job that must be done first.
        let after: Int?

        /// For people.
        package var line: String {
            let words =
                switch state {
                case .ready: "ready"
                case .begun: "begun"
                case .done: "done"
                case .waits: "waits for job \(after!)"
                }
            return "\(job)\t\(name)\t\(words)"
        }
    }

    /// A job that cannot begin until another is done.
    package struct Waiting: Error, CustomStringConvertible {
        let job: Int
        let start: Int

        package var description: String {
            "job \(job) starts from the weights of job \(start), which is not done; run it again after that one"
        }
    }

    /// The run that it writes to.
    package var run: RunFolder { reproduction.run }

    /// All jobs of these runs, in order.
    package static func all(of reproductions: [Reproduction]) throws -> [ReproductionJob] {
        var jobs: [ReproductionJob] = []
        for reproduction in reproductions {
            let start = jobs.first {
                reproduction.plan.start != nil && $0.reproduction.plan.folder == reproduction.plan.start
            }
            for index in try reproduction.memberNames.indices {
                jobs.append(
                    ReproductionJob(
                        number: jobs.count, reproduction: reproduction, index: index,
                        start: start.map { ($0.number, $0.reproduction) }))
            }
        }
        return jobs
    }

    /// Throws as reading the record of the run does.
    package func summary() throws -> Summary {
        let folder = reproduction.plan.folder.map { $0 + "/" } ?? ""
        let name = try folder + reproduction.memberNames[index]
        let state: State
        if try reproduction.isDone(index) {
            state = .done
        } else if try reproduction.hasBegun(index) {
            state = .begun
        } else {
            state = try isWaiting ? .waits : .ready
        }
        return Summary(job: number, name: name, state: state, after: start?.job)
    }

    private var isWaiting: Bool {
        get throws { try start.map { try !$0.reproduction.isTrained } ?? false }
    }

    /// Does the job after the images, which the first of several jobs makes while the others wait. Throws `Waiting`,
    /// `OutputLock.Held` if another process works on the same training, and what the stages throw.
    package func perform(_ runner: StageRunner) throws {
        if let start, try isWaiting { throw Waiting(job: number, start: start.job) }
        let stages = try reproduction.stages(ofTraining: index)
        try runner.checkSources(stages.images + stages.training)
        try runner.run.create()
        try runner.check(stages.images + stages.training)
        var hasWaited = false
        while true {
            do {
                try runner.perform(stages.images)
                break
            } catch let held as OutputLock.Held {
                if !hasWaited { runner.note("waiting for the images, which \(held.holder) is making") }
                hasWaited = true
                try Interruption.check(kept: "run the same command again to continue waiting")
                Thread.sleep(forTimeInterval: 0.5)
            }
        }
        try runner.perform(stages.training)
    }

    /// The files that the job makes.
    package func outputs() throws -> [URL] { try reproduction.stages(ofTraining: index).training.flatMap(\.outputs) }
}
