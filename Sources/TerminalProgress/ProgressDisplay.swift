import Synchronization

/// Shows the progress of one piece of work, until `end`.
///
///     let progress = ProgressDisplay("drawing", total: 15_000, unit: "images", to: .standardError())
///     for index in 0..<15_000 { …; progress.update(index + 1) }
///     progress.end()
///
/// Any thread may call it. On a terminal a bar is drawn at most ten times a second and replaced by one plain line at
/// the end; elsewhere a line is printed at the beginning, at the end and at most once a second in between. A display
/// that is released without `end`, because an error was thrown, removes its bar.
public final class ProgressDisplay: Sendable {
    private struct State {
        var progress: ProgressState
        var started: Double
        var shown: Double?
        var isBarVisible = false
        var hasEnded = false
    }

    private let output: ProgressOutput
    private let state: Mutex<State>

    /// Starts the clock and shows the beginning.
    /// - Parameters:
    ///   - what: what is being done, in a word or two.
    ///   - total: how many units there are, also those done before.
    ///   - unit: what is counted, in the plural.
    ///   - done: units that an earlier run has done already.
    public init(_ what: String, total: Int, unit: String, done: Int = 0, to output: ProgressOutput) {
        self.output = output
        let progress = ProgressState(
            what: what, unit: unit, total: total, done: done, doneBefore: done, seconds: 0, note: "")
        state = Mutex(State(progress: progress, started: output.now()))
        state.withLock { show(&$0, at: $0.started) }
    }

    deinit {
        state.withLock { state in
            if !state.hasEnded { clear(&state) }
        }
    }

    /// Sets how many units are done in total, and a note to show beside it (nil keeps the previous note).
    public func update(_ done: Int, note: String? = nil) {
        if output.style == .none { return }
        state.withLock { state in
            if state.hasEnded { return }
            let now = output.now()
            state.progress.done = done
            if let note { state.progress.note = note }
            let interval = output.style == .bar ? 0.1 : 1
            if now - (state.shown ?? -.infinity) >= interval { show(&state, at: now) }
        }
    }

    /// Prints a line of its own, above the bar where there is one.
    public func print(_ line: String) {
        if output.style == .none { return }
        state.withLock { state in
            clear(&state)
            output.write(ProgressState.printable(line) + "\n")
            if !state.hasEnded && output.style == .bar { show(&state, at: output.now()) }
        }
    }

    /// Removes the bar and leaves one line that says what was done and how fast; `outcome`, such as `interrupted`, ends
    /// that line. Further calls do nothing.
    public func end(_ outcome: String? = nil) {
        if output.style == .none { return }
        state.withLock { state in
            if state.hasEnded { return }
            state.hasEnded = true
            clear(&state)
            state.progress.seconds = output.now() - state.started
            output.write(state.progress.lastLine(outcome) + "\n")
        }
    }

    private func show(_ state: inout State, at now: Double) {
        state.shown = now
        state.progress.seconds = now - state.started
        switch output.style {
        case .bar:
            // One column stays free: a terminal wraps when its last one is written.
            let bar = state.progress.bar(width: output.width() - 1, isUnicode: output.isUnicode)
            output.write("\r\(bar)\u{1B}[K")
            state.isBarVisible = true
        case .lines: output.write(state.progress.line + "\n")
        case .none: break
        }
    }

    private func clear(_ state: inout State) {
        if state.isBarVisible { output.write("\r\u{1B}[K") }
        state.isBarVisible = false
    }
}
