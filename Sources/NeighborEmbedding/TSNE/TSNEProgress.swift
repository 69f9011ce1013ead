/// The progress of a t-SNE run. It is valid only during the call that it is passed to.
public struct TSNEProgress {
    /// The parts of a run, in order.
    public enum Phase: String, Sendable, Codable, CaseIterable {
        /// The search for the nearest neighbours of every point.
        case neighbors
        /// The search for the bandwidths that give every point the requested perplexity.
        case perplexity
        /// Gradient descent with exaggerated affinities.
        case earlyExaggeration
        /// Gradient descent on the divergence itself, or with the late exaggeration.
        case main
    }

    /// What the caller wants to happen next.
    public enum Decision: Sendable, Equatable {
        /// Continues.
        case `continue`
        /// Ends the run here; the layout so far is kept.
        case stop
    }

    /// The part of the run.
    public let phase: Phase
    /// The completed share of the neighbour search, from 0 to 1; 1 after it.
    public let neighborsDone: Double
    /// The number of iterations done, over all phases of the descent; 0 before it.
    public let iteration: Int
    /// The number of iterations requested.
    public let iterations: Int
    /// The Kullback-Leibler divergence without exaggeration after this iteration, at every 50th iteration; otherwise nil.
    public let klDivergence: Double?
    /// The pace of the descent; 0 before it.
    public let iterationsPerSecond: Double

    let capture: (() -> DescentState)?

    /// A copy of the current state of the descent, for its layout or for resuming; nil before the descent.
    public var state: DescentState? { capture?() }
}
