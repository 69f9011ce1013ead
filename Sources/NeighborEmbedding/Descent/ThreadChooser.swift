import Numerics

/// Chooses between all threads and a single one for the next iteration, based on the time that iterations take.
///
/// All threads wait for the last one at the end of every parallel loop. With few points, or on a processor busy with other
/// work, this costs more than the threads gain. The layout does not depend on the choice.
struct ThreadChooser {
    private let most: ThreadCount
    private var isParallel = true
    /// Seconds per iteration with the current choice, as a moving average in which old values fade.
    private var average: Double?
    private var untilTrial = Self.shortestInterval
    private var interval = Self.shortestInterval
    /// Seconds of the iterations of the current trial.
    private var trial: [Double]?

    private static let shortestInterval = 64
    private static let longestInterval = 1_024
    private static let trialLength = 6
    /// The first iterations of a trial wake threads and fill caches.
    private static let warmUp = 2

    init(most: ThreadCount) { self.most = most }

    /// The threads for the next iteration.
    var threads: ThreadCount { isParallel == (trial == nil) ? most : ThreadCount(1) }

    /// Records how long an iteration took on `threads`.
    mutating func record(seconds: Double) {
        guard most.count > 1 else { return }
        guard var times = trial else {
            average = average.map { $0 + (seconds - $0) / 16 } ?? seconds
            untilTrial -= 1
            if untilTrial == 0 { trial = [] }
            return
        }
        times.append(seconds)
        trial = times
        let counted = times.dropFirst(Self.warmUp)
        guard let average, let last = counted.last else { return }
        let mean = counted.reduce(0, +) / Double(counted.count)
        // One slow iteration ends a trial, since on many threads even a single one takes long.
        guard last > average || times.count == Self.trialLength else { return }
        if mean < average {
            isParallel.toggle()
            self.average = mean
            interval = Self.shortestInterval
        } else {
            interval = min(2 * interval, Self.longestInterval)
        }
        untilTrial = interval
        trial = nil
    }
}
