/// The progress of a t-SNE run. It is valid only during the call that it is passed to.
public struct TSNEProgress {
    /// The parts of a run, in their order.
    public enum Phase: String, Sendable, Codable, CaseIterable {
        /// The search for the nearest neighbours of every point.
        case neighbors
        /// The search for the bandwidth that gives every point the perplexity asked for.
        case perplexity
        /// Gradient descent with exaggerated affinities.
        case earlyExaggeration
        /// Gradient descent on the divergence itself, or with the late exaggeration.
        case main
    }

    /// What the caller wants next.
    public enum Decision: Sendable, Equatable {
        /// Goes on.
        case `continue`
        /// Ends the run here; the layout so far is kept.
        case stop
    }

    /// The part of the run.
    public let phase: Phase
    /// The share of the search for neighbours that is done, from 0 to 1; 1 after it.
    public let neighborsDone: Double
    /// The number of iterations done, of all phases of the descent together; 0 before it.
    public let iteration: Int
    /// The number of iterations asked for.
    public let iterations: Int
    /// The Kullback-Leibler divergence without exaggeration after this iteration, at every 50th iteration; else nil.
    public let klDivergence: Double?
    /// The pace of the descent; 0 before it.
    public let iterationsPerSecond: Double

    let capture: (() -> DescentState)?

    /// A copy of the descent as it stands, to look at its layout or to resume from; nil before it.
    public var state: DescentState? { capture?() }
}
