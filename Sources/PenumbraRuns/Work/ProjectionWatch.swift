import Foundation
import NeighborEmbedding
import TensorFiles
import TerminalProgress

/// What a projection shows and saves while it runs: progress, snapshots, and a state from which it can resume.
struct ProjectionWatch {
    let title: String
    let points: Int
    let output: ProgressOutput
    let snapshots: LayoutSnapshots?
    let identity: ProjectionState.Identity
    let stateFile: URL
    /// The minimum time between two states, in seconds.
    let saveInterval: Double

    private var display: ProgressDisplay?
    private var isDescending = false
    private let clock = ContinuousClock()
    private var lastSave: ContinuousClock.Instant
    private var savesStates = true

    package init(
        title: String, points: Int, output: ProgressOutput, snapshots: LayoutSnapshots?,
        identity: ProjectionState.Identity, stateFile: URL, saveInterval: Double
    ) {
        self.title = title
        self.points = points
        self.output = output
        self.snapshots = snapshots
        self.identity = identity
        self.stateFile = stateFile
        self.saveInterval = saveInterval
        lastSave = clock.now
    }

    /// Shows and saves what `progress` reports. Throws `FileWriteError` if a snapshot cannot be written. If a state cannot be
    /// written, that is only noted, since the layout itself may still be writable.
    mutating func record(_ progress: TSNEProgress) throws {
        switch progress.phase {
        case .neighbors, .perplexity:
            if display == nil {
                display = ProgressDisplay("\(title), neighbours", total: points, unit: "points", to: output)
            }
            display?.update(Int(progress.neighborsDone * Double(points)))
        case .earlyExaggeration, .main:
            if !isDescending {
                isDescending = true
                display?.end()
                display = ProgressDisplay(
                    title, total: progress.iterations, unit: "iterations", done: progress.iteration, to: output)
                try snapshots?.prepare(from: progress.iteration)
            }
            display?.update(
                progress.iteration, note: progress.klDivergence.map { "KL \(Decimals.fixed($0, 3))" })
            try keep(progress)
        }
    }

    private mutating func keep(_ progress: TSNEProgress) throws {
        if let snapshots, snapshots.isDue(at: progress.iteration), let state = progress.state {
            try snapshots.write(state.coordinates, at: progress.iteration)
        }
        let isDue = (clock.now - lastSave) / .seconds(1) >= saveInterval || Interruption.isRequested
        guard isDue, savesStates, progress.iteration > 0, let state = progress.state else { return }
        do {
            try ProjectionState(identity: identity, descent: state).write(to: stateFile)
        } catch {
            savesStates = false
            display?.print("\(title): if interrupted, this run will have to start over: \(error)")
        }
        lastSave = clock.now
    }

    /// Ends the display.
    mutating func end(_ layout: Layout) {
        display?.update(layout.iterations, note: "KL \(Decimals.fixed(layout.klDivergence, 3))")
        display?.end(layout.isComplete ? nil : "interrupted")
        display = nil
    }
}
